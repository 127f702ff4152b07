import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { describe, it } from 'node:test'
import { evaluationFinished, evaluationProgress, evaluationQueues, evaluationVerified } from '#contracts/evaluation'
import { secretsOf } from './make-secrets.ts'

const random = { database: 'd'.repeat(64), broker: 'b'.repeat(64), judge: 'j'.repeat(64), cache: 'c'.repeat(64), services: 's'.repeat(64) }
const secrets = secretsOf(random)
const of = (container: string) =>
  Object.entries(secrets)
    .filter(([name]) => name.startsWith(`${container}/`))
    .map(([, content]) => content)
    .join('\n')

describe('the secrets of docker-compose.yml', () => {
  it('each container has what it must know, and nobody the password of another', () => {
    assert.match(of('user'), /arena_user/)
    for (const service of ['user', 'contest', 'submission', 'leaderboard', 'notifications', 'billing', 'gateway', 'evaluation', 'cache', 'broker'])
      assert.ok(!of(service).includes(random.database), `${service} has the database owner's password`)
    const own = ['user', 'contest', 'submission', 'leaderboard', 'notifications', 'billing'].map((name) => secrets[`${name}/database-url`])
    assert.equal(new Set(own).size, 6)
    for (const word of [random.database, random.broker, random.cache, random.services]) assert.ok(!of('evaluation').includes(word), 'the judge knows too much')
    assert.ok(!of('gateway').includes('postgres:'))
  })
  it('are the same at every start', () => {
    assert.deepEqual(secretsOf(random), secrets)
  })
  it('the broker is given hashes, and lets the judge tell results and hear work, nothing more', () => {
    const text = secrets['broker/definitions.json'] ?? ''
    assert.ok(!text.includes(random.broker) && !text.includes(random.judge))
    const { users, permissions, topic_permissions } = JSON.parse(text)
    const hash = Buffer.from(users[1].password_hash, 'base64')
    assert.deepEqual(hash.subarray(4), createHash('sha256').update(hash.subarray(0, 4)).update(random.judge).digest())
    const { write, read } = permissions.find((each: { user: string }) => each.user === 'judge')
    for (const queue of ['submission.results', 'leaderboard.facts', 'notifications.events', 'billing.events']) {
      assert.ok(!new RegExp(write).test(queue))
      assert.ok(!new RegExp(read).test(queue))
    }
    const topics = topic_permissions[0]
    for (const { topic } of [evaluationProgress, evaluationFinished, evaluationVerified]) assert.ok(new RegExp(topics.write).test(topic))
    for (const topic of evaluationQueues.flatMap((queue) => queue.topics)) assert.ok(new RegExp(topics.read).test(topic), topic)
    for (const topic of ['submission.judged.v1', 'user.registered.v1']) for (const way of ['write', 'read']) assert.ok(!new RegExp(topics[way]).test(topic))
  })
})
