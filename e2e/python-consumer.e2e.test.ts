import assert from 'node:assert/strict'
import { type ChildProcess, execFile, spawn, spawnSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { after, before, describe, it } from 'node:test'
import { promisify } from 'node:util'
import { Connection } from 'rabbitmq-client'
import { openRabbitBus } from '#adapters/bus-rabbitmq'
import { allEvents } from '#contracts/events'
import { type JudgedFact, submissionJudged } from '#contracts/submission'
import type { Bus } from '#ports/bus'
import { silentLog } from '#ports/log'
import { eventually } from '#testkit/eventually'
import { noTestRabbit, startTestRabbit, type TestRabbit } from '#testkit/rabbitmq'

const python = '/usr/bin/python3'
const hasModules = spawnSync(python, ['-c', 'import pika, jsonschema; jsonschema.Draft202012Validator']).status === 0
const skip = noTestRabbit || (hasModules ? false : 'python3-pika and python3-jsonschema are not installed')
const root = join(import.meta.dirname, '..')
const patienceMs = 30_000

const verdict: JudgedFact = {
  submissionId: randomUUID(),
  attempt: 1,
  userId: randomUUID(),
  contestId: null,
  problemId: randomUUID(),
  label: null,
  kind: 'program',
  verdict: 'AC',
  score: 100,
  submittedAt: '2026-03-01T08:00:00.000Z',
  judgedAt: '2026-03-01T08:00:01.000Z',
  held: false,
}

describe('a consumer in another language', { skip }, () => {
  let rabbit: TestRabbit
  let bus: Bus
  let schemas: string
  let consumer: ChildProcess | undefined
  before(async () => {
    rabbit = await startTestRabbit()
    bus = await openRabbitBus(rabbit.url, { log: silentLog })
    schemas = await mkdtemp(join(tmpdir(), 'arena-schemas-'))
  })
  after(async () => {
    consumer?.kill('SIGKILL')
    await bus.close()
    await rabbit.stop()
    await rm(schemas, { recursive: true, force: true })
  })

  it('finds a schema of every event', async () => {
    const { stdout } = await promisify(execFile)(process.execPath, ['apps/arena/src/cli.ts', 'schemas', schemas], {
      cwd: root,
      env: { PATH: process.env.PATH },
    })
    assert.match(stdout, new RegExp(`^${allEvents.length} events`))
    const index = JSON.parse(await readFile(join(schemas, 'index.json'), 'utf8')) as Record<string, string>
    assert.deepEqual(
      Object.keys(index),
      allEvents.map(({ topic }) => topic),
    )
    for (const file of Object.values(index)) assert.equal(JSON.parse(await readFile(join(schemas, file), 'utf8')).type, 'object')
  })

  it('reads a verdict by the schema alone, and lays what does not fit among its dead letters', async () => {
    const env = { PATH: process.env.PATH, ARENA_BUS_URL: rabbit.url }
    consumer = spawn(python, [join(root, 'examples/python-consumer/consume.py'), schemas], { env, stdio: ['ignore', 'pipe', 'inherit'] })
    const said: Record<string, unknown>[] = []
    createInterface({ input: consumer.stdout as NodeJS.ReadableStream }).on('line', (line) => said.push(JSON.parse(line)))
    await eventually(() => assert.deepEqual(said, [{ ready: true }]), patienceMs)

    const id = randomUUID()
    await bus.publish([{ id, topic: submissionJudged.topic, occurredAt: verdict.judgedAt, payload: verdict }])
    await eventually(() => assert.deepEqual(said.slice(1), [{ id, submission: verdict.submissionId, verdict: 'AC' }]), patienceMs)

    await bus.publish([{ id: randomUUID(), topic: submissionJudged.topic, occurredAt: verdict.judgedAt, payload: { ...verdict, score: '100' } }])
    await eventually(() => assert.match(String(said[2]?.refused), /100/), patienceMs)
    const connection = new Connection({ url: rabbit.url, noDelay: true })
    await eventually(async () => assert.equal((await connection.queueDeclare({ queue: 'example.verdicts.dead', passive: true })).messageCount, 1), patienceMs)
    assert.equal((await connection.queueDeclare({ queue: 'example.verdicts', passive: true })).messageCount, 0)
    connection.unsafeDestroy()
  })
})
