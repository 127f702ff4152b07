/**
 * Who may what, over every route of the contracts: nobody, a student, a teacher of somebody else, the owner, an admin. And what nobody may learn: hidden
 * tests, answer keys, other people's sources carry markers, and no byte that any of the first three gets, by route or socket, holds one.
 */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { exportJWK, generateKeyPair, importJWK, type JWK, SignJWT } from 'jose'
import { systemClock } from '#adapters/clock-system'
import { allRoutes } from '#contracts/all'
import type { RouteSpec } from '#contracts/route'
import { accessTokenRules } from '#kit/access-tokens'
import { deriveServiceKey, openServiceTokens } from '#kit/service-tokens'
import type { ArenaClient, Key } from '#testkit/arena-client'
import { arenaOfSize } from '#testkit/arena-of-size'
import { eventually } from '#testkit/eventually'
import { aPlusB, gravity, minutesFromNow, whichPlanet } from './problems.ts'
import { sendRaw, statusOfRaw } from './raw-http.ts'

const markers = {
  hiddenInput: '770011002200330044',
  hiddenOutput: '990088007700660055',
  answerKey: '271828.182845',
  source: 'MARKERsourceofanother',
  unpublished: 'MARKERnotyetpublished',
  privateProblem: 'MARKERprivateproblem',
  detail: 'MARKERprintedbyanother',
} as const

const arena = await arenaOfSize()
const [owner, foreign, admin] = [await arena.as('teacher', 'Owner'), await arena.as('teacher', 'Foreign'), await arena.as('admin')]
const [student, victim] = [await arena.as('student', 'Student'), await arena.as('student', 'Victim')]
const nobody = arena.client()
const people = { nobody, student, foreign, owner, admin }
type Who = keyof typeof people

const choice = await owner.createProblem(whichPlanet)
const numeric = await owner.createProblem({ ...gravity, answer: markers.answerKey })
const program = await owner.createProblem({ ...aPlusB, tests: [{ input: `${markers.hiddenInput} 0\n`, output: `${markers.hiddenOutput}\n`, name: 'hidden' }] })
const hidden = await owner.createProblem({ ...whichPlanet, title: 'Private', statement: markers.privateProblem })
const later = await owner.createProblem({ ...whichPlanet, title: 'Later', statement: markers.unpublished })
const spare = await owner.createProblem({ ...whichPlanet, title: 'Spare' })
const contest = await owner.createContest({
  title: 'Running',
  problems: [{ problemId: choice }, { problemId: numeric }, { problemId: program, maxAttempts: 100 }],
})
const scheduled = await owner.createContest({
  title: 'Scheduled',
  timing: 'window',
  startsAt: minutesFromNow(600),
  endsAt: minutesFromNow(660),
  problems: [{ problemId: later }],
})
const spareContest = await owner.createContest({ title: 'Spare', problems: [{ problemId: choice }] })
for (const each of [student, victim]) await each.join(contest.id)
await victim.join(spareContest.id)
const source = `# ${markers.source}\nimport sys\nprint("${markers.detail}")\nsys.stderr.write("${markers.detail}")\n`
const stolen = await victim.submit({ contestId: contest.id, problemId: program, language: 'python', source })
const watching = await student.socket()
watching.subscribe(contest.id)
await victim.waitForVerdict(stolen)
const own = await student.submit({ contestId: contest.id, problemId: program, language: 'python', source: 'print(input())\n' })
await student.waitForVerdict(own)
const again = (await owner.ok('POST /api/rejudgings', { body: { filter: { contestId: contest.id }, reason: 'a test was wrong' } })).rejudging.id
const plan = {
  name: 'School',
  description: '',
  features: [],
  grants: ['premium-contests'],
  audience: 'school',
  periodMonths: 1,
  trialDays: 0,
  graceDays: 0,
  seats: 5,
  prices: [{ currency: 'RWF', amount: 1_000 }],
} as const
const onSale = await admin.ok('POST /api/plans', { body: plan as never })
const bought = await owner.ok('POST /api/subscriptions', { body: { planId: onSale.plan.id, currency: 'RWF', school: 'GS Huye' } })

/** One valid input for each route, about what the owner owns; a route without one fails the test below until it is listed. */
const none = '00000000-0000-4000-8000-000000000000'
const inputs: Record<Key, object> = {
  'POST /api/register': { body: { username: 'somebody-else', password: 'a long enough one', name: 'S' } },
  'POST /api/login': { body: { username: 'nobody-at-all', password: 'x' } },
  'POST /api/refresh': { body: {} },
  'POST /api/logout': { body: {} },
  'GET /api/me': {},
  'PATCH /api/me': { body: { language: 'en' } },
  'GET /api/me/sessions': {},
  'DELETE /api/me/sessions': {},
  'DELETE /api/me/sessions/:id': { params: { id: none } },
  'GET /api/users': {},
  'PATCH /api/users/:id': { params: { id: victim.user.id }, body: {} },
  'POST /api/email/verify': { body: { token: 'A'.repeat(43) } },
  'POST /api/email/send-verification': {},
  'POST /api/password/forgot': { body: { email: 'nobody-at-all@school.rw' } },
  'POST /api/password/reset': { body: { token: 'A'.repeat(43), password: 'a long enough one' } },
  'POST /api/users/:id/password-reset': { params: { id: victim.user.id } },
  'GET /.well-known/jwks.json': {},
  'GET /api/contests': {},
  'GET /api/contests/:id': { params: { id: contest.id } },
  'POST /api/contests': { body: { title: 'T', subject: 'mixed', format: 'points', timing: 'untimed', problems: [] } },
  'PATCH /api/contests/:id': { params: { id: spareContest.id }, body: { title: 'Spare again' } },
  'DELETE /api/contests/:id': { params: { id: spareContest.id } },
  'POST /api/contests/:id/copy': { params: { id: contest.id } },
  'POST /api/contests/:id/problems/:problemId/version': { params: { id: contest.id, problemId: program }, body: { version: 1 } },
  'POST /api/contests/:id/register': { params: { id: contest.id } },
  'GET /api/problems': {},
  'POST /api/problems': { body: whichPlanet },
  'POST /api/problems/preview': { body: { statement: 'x' } },
  'POST /api/problems/import': { headers: { 'content-type': 'application/zip' } },
  'GET /api/problems/:id': { params: { id: hidden } },
  'POST /api/problems/:id/verify': { params: { id: program } },
  'GET /api/problems/:id/export': { params: { id: program } },
  'GET /api/problems/:id/files/:name': { params: { id: program, name: 'picture.png' } },
  'GET /api/problems/:id/tests/:index': { params: { id: program, index: 2 } },
  'PATCH /api/problems/:id': { params: { id: spare }, body: { title: 'Spare again' } },
  'DELETE /api/problems/:id': { params: { id: spare } },
  'GET /api/problem-titles': { query: { ids: `${hidden},${program}` } },
  'GET /api/samples': {},
  'POST /api/samples/:id/check': { params: { id: hidden }, body: { answer: { choices: ['a'] } } },
  'GET /api/languages': {},
  'GET /internal/problems/:id/versions/:version/judging': { params: { id: program, version: 1 } },
  'GET /internal/test-data/:digest': { params: { digest: 'a'.repeat(64) } },
  'POST /api/submit': { body: { contestId: contest.id, problemId: none, answer: { choices: ['a'] } } },
  'GET /api/submissions': {},
  'GET /api/submissions/progress': {},
  'GET /api/submissions/:id': { params: { id: stolen } },
  'GET /api/submissions/monitor/:contestId': { params: { contestId: contest.id } },
  'POST /api/runs': { body: { contestId: contest.id, problemId: none, language: 'python', source: 'x', input: '' } },
  'GET /api/runs/:id': { params: { id: none } },
  'POST /api/rejudgings': { body: { filter: { contestId: contest.id }, reason: 'once more' } },
  'GET /api/rejudgings': {},
  'GET /api/rejudgings/:id': { params: { id: again } },
  'GET /api/rejudgings/:id/changes': { params: { id: again } },
  'GET /api/rejudgings/:id/board': { params: { id: again }, query: { contestId: contest.id } },
  'POST /api/rejudgings/:id/apply': { params: { id: again }, body: {} },
  'POST /api/rejudgings/:id/discard': { params: { id: again }, body: {} },
  'GET /api/submissions/:id/judgements': { params: { id: stolen } },
  'POST /internal/board-preview/:contestId': { params: { contestId: contest.id }, body: { verdicts: [] } },
  'GET /api/leaderboard/:contestId': { params: { contestId: contest.id } },
  'GET /api/leaderboard/:contestId/search': { params: { contestId: contest.id }, query: { text: 'victim' } },
  'GET /api/leaderboard/:contestId/history': { params: { contestId: contest.id } },
  'GET /api/leaderboard/:contestId/export': { params: { contestId: contest.id }, query: { format: 'csv' } },
  'POST /internal/results/:contestId': { params: { contestId: contest.id }, body: { userIds: [none] } },
  'GET /api/notifications': {},
  'POST /api/notifications/read': { body: { seq: 0 } },
  'GET /api/notifications/preferences': {},
  'PATCH /api/notifications/preferences': { body: { mail: {} } },
  'POST /api/notifications/unsubscribe': { query: { token: `${none}.results.x` } },
  'GET /api/notifications/presence/:contestId': { params: { contestId: contest.id } },
  'GET /api/mails': {},
  'GET /api/mails/:name': { params: { name: 'none' } },
  'GET /api/plans': {},
  'POST /api/plans': { body: { ...plan, name: 'Another' } },
  'PATCH /api/plans/:id': { params: { id: none }, body: { name: 'Mine now' } },
  'POST /api/subscriptions': { body: { planId: none, currency: 'RWF' } },
  'GET /api/subscriptions/mine': {},
  'DELETE /api/subscriptions/:id': { params: { id: bought.subscription.id } },
  'POST /api/subscriptions/:id/pay': { params: { id: bought.subscription.id }, body: {} },
  'POST /api/subscriptions/:id/resume': { params: { id: bought.subscription.id } },
  'POST /api/subscriptions/join': { body: { code: 'ABCDEFGHJK' } },
  'POST /api/subscriptions/:id/code': { params: { id: bought.subscription.id } },
  'GET /api/subscriptions/:id/members': { params: { id: bought.subscription.id } },
  'DELETE /api/subscriptions/:id/members/:userId': { params: { id: bought.subscription.id, userId: none } },
  'GET /api/receipts': {},
  'GET /api/receipts/:number': { params: { number: '1' } },
  'POST /api/billing/webhooks/:provider': { params: { provider: 'stripe' }, headers: { 'content-type': 'application/json' } },
  'GET /api/billing/sandbox/:reference': { params: { reference: 'CA-NONE-NONE-NONE' } },
  'POST /api/billing/sandbox/:reference': { params: { reference: 'CA-NONE-NONE-NONE' }, body: { outcome: 'pay' } },
  'GET /api/billing/plans': {},
  'GET /api/billing/payments': {},
  'POST /api/billing/payments/:id/confirm': { params: { id: none }, body: { amount: 1, currency: 'RWF' } },
  'POST /api/billing/payments/:id/refund': { params: { id: none }, headers: { 'idempotency-key': 'k' }, body: { reason: 'r' } },
  'POST /api/billing/payments/:id/check': { params: { id: none } },
  'POST /api/billing/sponsorships': { body: { planId: none, holderId: none, until: minutesFromNow(600), reason: 'r' } },
  'GET /api/billing/ledger': {},
  'GET /internal/entitlements/:userId': { params: { userId: victim.user.id }, query: { grant: 'premium-contests' } },
  'GET /api/health': {},
  'GET /api/ready': {},
  'GET /api/admin/status': {},
  'GET /api/admin/dead-letters': {},
  'POST /api/admin/dead-letters/:id/retry': { params: { id: none } },
  'DELETE /api/admin/dead-letters/:id': { params: { id: none } },
}
/** Routes about something of the owner's: what others than owner and admins get. */
const ownedBy: Partial<Record<Key, Partial<Record<Who, readonly number[]>>>> = {
  'PATCH /api/contests/:id': { foreign: [403, 404] },
  'DELETE /api/contests/:id': { foreign: [403, 404] },
  'POST /api/contests/:id/problems/:problemId/version': { foreign: [403] },
  'POST /api/contests/:id/copy': { foreign: [201, 403, 404] },
  'GET /api/problems/:id': { student: [404], foreign: [404] },
  'GET /api/problems/:id/export': { foreign: [403, 404] },
  'POST /api/problems/:id/verify': { foreign: [403, 404] },
  'GET /api/problems/:id/tests/:index': { foreign: [403, 404] },
  'PATCH /api/problems/:id': { foreign: [403, 404] },
  'DELETE /api/problems/:id': { foreign: [403, 404] },
  'GET /api/submissions/:id': { student: [404], foreign: [404] },
  'GET /api/submissions/monitor/:contestId': { foreign: [403] },
  'POST /api/rejudgings': { foreign: [404] },
  'GET /api/rejudgings/:id': { foreign: [404] },
  'GET /api/rejudgings/:id/changes': { foreign: [404] },
  'GET /api/rejudgings/:id/board': { foreign: [404] },
  'POST /api/rejudgings/:id/apply': { foreign: [404] },
  'POST /api/rejudgings/:id/discard': { foreign: [404] },
  'GET /api/submissions/:id/judgements': { foreign: [404] },
  'GET /api/leaderboard/:contestId/export': { foreign: [403] },
  'GET /api/notifications/presence/:contestId': { foreign: [403] },
  'DELETE /api/subscriptions/:id': { student: [404], foreign: [404] },
  'POST /api/subscriptions/:id/pay': { student: [404], foreign: [404] },
  'POST /api/subscriptions/:id/resume': { student: [404], foreign: [404] },
  'POST /api/subscriptions/:id/code': { student: [404], foreign: [404] },
  'GET /api/subscriptions/:id/members': { student: [404], foreign: [404] },
  'DELETE /api/subscriptions/:id/members/:userId': { student: [404], foreign: [404] },
}

describe('access is what the contract says', () => {
  const specs = Object.entries(allRoutes) as [Key, RouteSpec][]
  for (const [key, spec] of specs)
    for (const who of Object.keys(people) as Who[])
      test(`${key} by ${who}`, async () => {
        const input = inputs[key]
        assert.ok(input, `${key} has no input in this test: add one`)
        const by = key === 'POST /api/logout' ? arena.client() : people[who] // it would end the session of the tests that follow
        const answer = await by.call(key, input as never)
        if (spec.access === 'service') return assert.equal(answer.status, 404)
        const level = { anyone: 0, user: 1, teacher: 2, admin: 3 }[spec.access]
        const has = { nobody: 0, student: 1, foreign: 2, owner: 2, admin: 3 }[who]
        if (has < level) {
          const code = who === 'nobody' ? 'UNAUTHENTICATED' : 'FORBIDDEN'
          assert.deepEqual([answer.status, answer.body?.error?.code], [who === 'nobody' ? 401 : 403, code])
          return
        }
        const special = ownedBy[key]?.[who]
        if (special) return assert.ok(special.includes(answer.status), `${answer.status} ${answer.text.slice(0, 300)}`)
        if (key === 'POST /api/login' || key === 'POST /api/refresh') return assert.equal(answer.status, 401)
        assert.ok(answer.status !== 401 && answer.status !== 403 && answer.status < 500, `${answer.status} ${answer.text.slice(0, 300)}`)
      })
})

describe("another's submission is not there", () => {
  for (const who of ['student', 'foreign'] as const)
    test(`for a ${who}, by id and by every filter`, async () => {
      const by = people[who]
      const direct = await by.call('GET /api/submissions/:id', { params: { id: stolen } })
      const absent = await by.call('GET /api/submissions/:id', { params: { id: none } })
      assert.deepEqual([direct.status, direct.body.error.code, direct.body.error.message], [absent.status, absent.body.error.code, absent.body.error.message])
      for (const query of [
        {},
        { userId: victim.user.id },
        { everybody: true },
        { contestId: contest.id, everybody: true },
        { contestId: contest.id, userId: victim.user.id },
        { problemId: program },
        { verdict: 'AC' },
        { language: 'python', userId: victim.user.id },
      ]) {
        const answer = await by.call('GET /api/submissions', { query })
        assert.ok(!answer.text.includes(stolen), JSON.stringify(query))
      }
    })
  test('and its owner, the staff of its contest and admins see it', async () => {
    for (const by of [victim, owner, admin]) assert.equal((await by.ok('GET /api/submissions/:id', { params: { id: stolen } })).submission.id, stolen)
  })
})

describe('no marker by any route or socket', () => {
  const everyGet = async (by: ArenaClient) => {
    const problems = [choice, numeric, program, hidden, later, spare]
    const contests = [contest.id, scheduled.id, spareContest.id]
    for (const id of problems) {
      await by.call('GET /api/problems/:id', { params: { id } })
      for (const index of [1, 2, 3]) await by.call('GET /api/problems/:id/tests/:index', { params: { id, index } })
      await by.call('PATCH /api/problems/:id', { params: { id }, body: {} })
      for (const version of [1, 2]) await by.raw('GET', `/internal/problems/${id}/versions/${version}/judging`)
    }
    for (const id of contests) {
      await by.call('GET /api/contests/:id', { params: { id } })
      await by.call('POST /api/contests/:id/copy', { params: { id } })
      for (const query of [{}, { top: 100, around: 5 }, { unfrozen: true }])
        await by.call('GET /api/leaderboard/:contestId', { params: { contestId: id }, query })
      for (const query of [{ contestId: id }, { contestId: id, everybody: true }, { contestId: id, userId: victim.user.id }])
        await by.call('GET /api/submissions', { query })
    }
    for (const query of [{}, { mine: true }, { query: 'MARKER' }, { query: 'a' }, { limit: 500 }]) await by.call('GET /api/problems', { query })
    for (const query of [{}, { mine: true }, { phase: 'scheduled' }]) await by.call('GET /api/contests', { query })
    for (const id of [stolen, own]) await by.call('GET /api/submissions/:id', { params: { id } })
    for (const key of [
      'GET /api/notifications',
      'GET /api/me',
      'GET /api/users',
      'GET /api/languages',
      'GET /api/samples',
      'GET /api/ready',
      'GET /api/admin/status',
      'GET /api/admin/dead-letters',
      'GET /.well-known/jwks.json',
    ] as const)
      await by.call(key)
    await by.raw('GET', '/api/openapi.json')
    // a right guess of another's answer must not be told to be right before it is handed in
    await by.call('POST /api/submit', { body: { problemId: hidden, answer: { choices: ['b'] } } })
  }

  for (const who of ['nobody', 'student', 'foreign'] as const)
    test(`not for ${who === 'foreign' ? 'a foreign teacher' : who}`, async () => {
      const by = people[who]
      await everyGet(by)
      const bytes = by.heard.join('\n')
      for (const [what, marker] of Object.entries(markers)) assert.ok(!bytes.includes(marker), `${what} came through: …${around(bytes, marker)}…`)
      assert.ok(!/"(correct|tolerance|authoring)":/.test(withoutOpenApi(by.heard)) || who === 'foreign', 'an answer key came through')
      if (who === 'foreign')
        assert.ok(
          !withoutOpenApi(by.heard)
            .split('\n')
            .some((line) => line.includes('"authoring"') && [choice, numeric, program, hidden, later].some((id) => line.includes(`"id":"${id}"`))),
        )
      assert.ok(!/privateJwk|private_jwk|"d":"/.test(bytes), 'a private key came through')
    })

  test('not on the socket of somebody who watches the contest', async () => {
    await eventually(() => assert.ok(watching.texts.length > 1))
    for (const marker of Object.values(markers)) assert.ok(!watching.texts.join('\n').includes(marker))
    assert.ok(!watching.texts.join('\n').includes(stolen))
    watching.close()
  })

  test('the owner sees them all, so the markers are where they are thought to be', async () => {
    await everyGet(owner)
    const bytes = owner.heard.join('\n')
    for (const what of ['hiddenInput', 'hiddenOutput', 'answerKey', 'source', 'unpublished', 'privateProblem'] as const)
      assert.ok(bytes.includes(markers[what]), what)
  })
})

describe('/internal has no door', () => {
  const digest = 'a'.repeat(64)
  const paths = (path: string) => [
    path,
    `/${path}`,
    `//${path}`,
    `/api/..${path}`,
    `/api/../..${path}`,
    `/api/contests/..%2f..${path}`,
    `/api/%2e%2e${path}`,
    path.replace('internal', 'Internal'),
    path.replace('internal', '%69nternal'),
    `/.${path}`,
    `/api${path}`,
    `${path}?x=/api/contests`,
    `/api/problems/..;${path}`,
    `\\internal${path.slice('/internal'.length)}`,
    `http://localhost:${arena.port}${path}`,
    `http://internal.sock${path}`,
    `/api/contests#${path}`,
  ]
  test('for no path, with no token, a user’s, an admin’s, nor the judge’s own', async () => {
    const secret = readFileSync(join(arena.dataDir, 'keys', 'service-secret'), 'utf8').trim()
    const service = await openServiceTokens('evaluation', deriveServiceKey(secret, 'evaluation'), systemClock).issue('test-data:read')
    for (const token of ['', student.token, admin.token, service])
      for (const path of [...paths(`/internal/problems/${program}/versions/1/judging`), ...paths(`/internal/test-data/${digest}`)]) {
        const head = [`GET ${path} HTTP/1.1`, `host: localhost:${arena.port}`, ...(token ? [`authorization: Bearer ${token}`] : []), 'connection: close']
        const answer = await sendRaw(arena.port, `${head.join('\r\n')}\r\n\r\n`)
        assert.ok(!/"dataDigest"|"optionIds"|"tests":/.test(answer) && !answer.includes(markers.hiddenInput), `${path}: ${answer.slice(0, 400)}`)
        // the web's page for an unknown path is no door either
        if (statusOfRaw(answer) === 200) assert.match(answer, /text\/html/, `${path}: ${answer.slice(0, 300)}`)
      }
  })
})

describe('tokens', () => {
  const parts = (token: string) => token.split('.').map((part) => Buffer.from(part, 'base64url').toString('utf8'))
  const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const refused = async (token: string, why: string) => {
    const by = arena.client()
    by.token = token
    for (const key of ['GET /api/me', 'GET /api/users', 'GET /api/contests', 'GET /api/submissions'] as const) {
      const answer = await by.call(key)
      assert.equal(answer.status, 401, `${why}: ${key} answered ${answer.status}`)
      assert.ok(['UNAUTHENTICATED', 'TOKEN_EXPIRED'].includes(answer.body.error.code))
      assert.ok(answer.body.error.requestId)
    }
  }
  const signed = async (change: { claims?: object; header?: object; exp?: number }) => {
    const [row] = await arena.sql<{ kid: string; private_jwk: JWK }>('select kid, private_jwk from "user".signing_keys order by created_at desc limit 1')
    assert.ok(row)
    const now = Math.floor(Date.now() / 1000)
    return new SignJWT({ role: 'admin', name: 'x', sid: none, ...change.claims })
      .setProtectedHeader({ alg: 'EdDSA', typ: accessTokenRules.type, kid: row.kid, ...change.header })
      .setSubject(admin.user.id)
      .setIssuer((change.claims as { iss?: string })?.iss ?? accessTokenRules.issuer)
      .setAudience((change.claims as { aud?: string })?.aud ?? accessTokenRules.audience)
      .setIssuedAt(now - 700)
      .setExpirationTime(change.exp ?? now + 600)
      .sign(await importJWK(row.private_jwk, 'EdDSA'))
  }

  test('a payload that was changed, an algorithm that is none or another, a foreign key: all refused', async () => {
    const [header = '', payload = ''] = parts(student.token)
    const [head, , signature] = student.token.split('.')
    await refused(`${head}.${encode({ ...JSON.parse(payload), role: 'admin' })}.${signature}`, 'another role')
    await refused(`${head}.${encode({ ...JSON.parse(payload), sub: admin.user.id })}.${signature}`, 'another user')
    for (const alg of ['none', 'NONE', 'HS256', 'RS256'])
      await refused(`${encode({ ...JSON.parse(header), alg })}.${encode({ ...JSON.parse(payload), role: 'admin' })}.`, alg)
    const { keys } = await nobody.ok('GET /.well-known/jwks.json')
    const [published] = keys
    const confused = await new SignJWT({ ...JSON.parse(payload), role: 'admin' })
      .setProtectedHeader({ alg: 'HS256', typ: accessTokenRules.type, kid: published?.kid as string })
      .sign(Buffer.from(published?.x ?? '', 'base64url'))
    await refused(confused, 'the public key as a secret')
    const { privateKey, publicKey } = await generateKeyPair('EdDSA', { crv: 'Ed25519', extractable: true })
    for (const header of [{ kid: published?.kid as string }, { kid: 'unknown' }, { kid: published?.kid as string, jwk: await exportJWK(publicKey) }])
      await refused(
        await new SignJWT({ ...JSON.parse(payload), role: 'admin' })
          .setProtectedHeader({ alg: 'EdDSA', typ: accessTokenRules.type, ...header })
          .sign(privateKey),
        'a foreign key',
      )
    for (const junk of ['', 'x', '...', 'a.b.c', `${student.token}x`, student.token.slice(0, -4), '\u0000', 'ü'.repeat(10)].filter((each) =>
      /^[\x20-\x7e]+$/.test(each),
    ))
      await refused(junk, junk)
  })

  test('an expired one, one of another audience, issuer or type, though signed by our own key', async () => {
    const fine = arena.client()
    fine.token = await signed({})
    assert.equal((await fine.call('GET /api/contests')).status, 200, 'the test cannot sign: nothing below means anything')
    const expired = arena.client()
    expired.token = await signed({ exp: Math.floor(Date.now() / 1000) - 5 })
    const answer = await expired.call('GET /api/me')
    assert.deepEqual([answer.status, answer.body.error.code], [401, 'TOKEN_EXPIRED'])
    await refused(await signed({ claims: { aud: 'competa-arena-internal' } }), 'another audience')
    await refused(await signed({ claims: { iss: 'somebody' } }), 'another issuer')
    await refused(await signed({ header: { typ: 'service+jwt' } }), 'another type')
    await refused(await signed({ claims: { role: 'root' } }), 'no role of ours')
  })

  test('a refresh token is no access token, is good once, and its reuse ends the session', async () => {
    const user = await arena.as('student')
    const first = await user.ok('POST /api/login', { body: { username: user.user.username, password: user.password, client: 'cli' } })
    await refused(first.refreshToken as string, 'a refresh token')
    const second = await user.ok('POST /api/refresh', { body: { refreshToken: first.refreshToken } })
    await eventually(async () => {
      const again = await user.call('POST /api/refresh', { body: { refreshToken: first.refreshToken } })
      assert.ok(again.status === 401 || again.body.refreshToken === undefined || again.body.refreshToken !== first.refreshToken)
    })
    assert.ok(second.refreshToken)
  })
})

const around = (bytes: string, marker: string) => bytes.slice(Math.max(0, bytes.indexOf(marker) - 300), bytes.indexOf(marker) + 100)
/** The document of the API names the fields of the contract; everything else is data. */
const withoutOpenApi = (heard: readonly string[]) => heard.filter((text) => !text.includes('"openapi"')).join('\n')
