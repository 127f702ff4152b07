/** What people and programs send by mistake or by malice, over real sockets: the right 4xx with a code and a request id, nothing half done, nobody dies. */
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { readdirSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { afterEach, describe, test } from 'node:test'
import { ZipFile } from 'yazl'
import { arenaForTests } from '#testkit/arena'
import { type Answer, openArenaSocket } from '#testkit/arena-client'
import { eventually } from '#testkit/eventually'
import { aPlusB, gravity, minutesFromNow, whichPlanet } from './problems.ts'
import { sendRaw, statusOfRaw } from './raw-http.ts'

const arena = await arenaForTests()
const teacher = await arena.as('teacher')
const student = await arena.as('student')
const choice = await teacher.createProblem(whichPlanet)
const numeric = await teacher.createProblem(gravity)
const program = await teacher.createProblem(aPlusB)
const contest = await teacher.createContest({ problems: [choice, numeric, program].map((problemId) => ({ problemId, maxAttempts: 1000 })) })
await student.join(contest.id)
const pids = [arena.pid, arena.workerPid(), arena.databasePid()]
const counts = async () => {
  const [row] = await arena.sql<{ s: string; p: string; c: string; u: string }>(
    `select (select count(*) from submission.submissions) s, (select count(*) from contest.problems) p, (select count(*) from contest.contests) c, (select count(*) from "user".users) u`,
  )
  assert.ok(row)
  return { ...row }
}
const atFirst = await counts()
afterEach(async () => {
  assert.deepEqual([arena.pid, arena.workerPid(), arena.databasePid()], pids, 'a process died')
  assert.deepEqual(await counts(), atFirst, 'something was half done')
})

function refused(answer: Answer, status: number, code: string) {
  assert.deepEqual([answer.status, answer.body?.error?.code], [status, code], answer.text.slice(0, 500))
  assert.match(answer.body.error.requestId, /^[\w-]{8,64}$/)
  assert.equal(typeof answer.body.error.message, 'string')
  assert.ok(!/node_modules|at .*\.ts:|select |insert into/i.test(answer.text), 'the inside shows')
}
const json = { 'content-type': 'application/json' }
const target = { contestId: contest.id, problemId: choice }
const fine = { ...target, answer: { choices: ['b'] } }

describe('bodies', () => {
  for (const body of ['', '{', '{"a":', 'nonsense', '{"a":1}}', '\u0000', "{'a':1}", '{"contestId":NaN}'])
    test(`malformed JSON ${JSON.stringify(body)}`, async () =>
      refused(await student.raw('POST', '/api/submit', { headers: json, body }), 400, 'MALFORMED_JSON'))
  test('JSON of bytes that are no UTF-8 is refused', async () => {
    const answer = await student.raw('POST', '/api/submit', { headers: json, body: Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d]) })
    assert.equal(answer.status, 400)
  })
  test('a depth that would exhaust the stack', async () => {
    const body = `${'{"a":'.repeat(40_000)}1${'}'.repeat(40_000)}`
    assert.equal((await student.raw('POST', '/api/submit', { headers: json, body })).status, 400)
  })
  test('a prototype', async () => {
    for (const body of ['{"__proto__":{"role":"admin"}}', '{"constructor":{"prototype":{"role":"admin"}}}'])
      assert.equal((await student.raw('PATCH', '/api/me', { headers: json, body })).status, 400)
    assert.equal((await student.ok('GET /api/me')).user.role, 'student')
  })

  const wrong: readonly (readonly [what: string, body: unknown])[] = [
    ['an unknown field', { ...fine, extra: 1 }],
    ['an unknown field inside', { ...target, answer: { choices: ['b'], correct: true } }],
    ['both kinds at once', { ...fine, language: 'cpp', source: 'x' }],
    ['no answer', target],
    ['a number for a text', { ...target, problemId: 7, answer: { choices: ['b'] } }],
    ['a text for a list', { ...target, answer: { choices: 'b' } }],
    ['null', null],
    ['a list', []],
    ['null for an id', { ...fine, contestId: null }],
    ['an id that is none', { ...fine, contestId: "1' or '1'='1" }],
    ['an empty source', { ...target, language: 'cpp', source: '' }],
    ['a number as the value of an answer', { ...target, problemId: numeric, answer: { value: 9.81 } }],
  ]
  for (const [what, body] of wrong)
    test(`${what} does not fit the schema`, async () => refused(await student.call('POST /api/submit', { body }), 400, 'VALIDATION_FAILED'))

  test('a source of 10 MB is not even read', async () => {
    const body = { contestId: contest.id, problemId: program, language: 'cpp', source: 'x'.repeat(10_000_000) }
    const answer = await student.call('POST /api/submit', { body }).catch((error: unknown) => error as Error)
    if (answer instanceof Error) assert.match(String(answer.cause ?? answer), /ECONNRESET|EPIPE|closed|socket/i)
    else refused(answer, 413, 'BODY_TOO_LARGE')
  })
  test('a source over the limit of the problem', async () => {
    const answer = await student.call('POST /api/submit', { body: { contestId: contest.id, problemId: program, language: 'cpp', source: 'é'.repeat(40_000) } })
    refused(answer, 413, 'SOURCE_TOO_LARGE')
  })
  test('a body that says it is larger than it is, and one that never ends', async () => {
    const head = `POST /api/submit HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${student.token}\r\ncontent-type: application/json\r\n`
    assert.equal(statusOfRaw(await sendRaw(arena.port, `${head}content-length: 99999999\r\n\r\n{}`)), 413)
    const chunk = Buffer.concat([Buffer.from('10000\r\n'), Buffer.alloc(0x10000, 0x20), Buffer.from('\r\n')])
    const endless = await sendRaw(arena.port, [`${head}transfer-encoding: chunked\r\n\r\n`, ...Array<Buffer>(24).fill(chunk)])
    assert.ok([413, 0].includes(statusOfRaw(endless)), endless.slice(0, 300)) // 0: cut off so early that the answer was lost with the connection
  })
  test('two lengths, a length and chunks: no request is smuggled', async () => {
    const head = `POST /api/submit HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n`
    for (const extra of [
      'content-length: 2\r\ncontent-length: 3\r\n',
      'content-length: 4\r\ntransfer-encoding: chunked\r\n',
      'transfer-encoding: chunked, identity\r\n',
    ])
      assert.equal(statusOfRaw(await sendRaw(arena.port, `${head}${extra}\r\n{}\r\n0\r\n\r\nGET /api/me HTTP/1.1\r\n\r\n`)), 400)
  })
  test('a text that PostgreSQL cannot store', async () => {
    const answer = await student.call('POST /api/submit', {
      body: { contestId: contest.id, problemId: program, language: 'cpp', source: 'int main(){}\u0000' },
    })
    assert.ok(answer.status === 400 || answer.status === 422, answer.text)
    assert.equal((await student.call('PATCH /api/me', { body: { name: 'a\u0000b' } })).status, 400)
  })
})

describe('what the rules refuse', () => {
  const cases: readonly (readonly [what: string, body: object, status: number, code: string])[] = [
    ['an unknown language', { contestId: contest.id, problemId: program, language: 'cobol', source: 'x' }, 422, 'LANGUAGE_UNKNOWN'],
    ['an answer to a program', { contestId: contest.id, problemId: program, answer: { choices: ['b'] } }, 422, 'ANSWER_KIND_MISMATCH'],
    ['a program for a question', { contestId: contest.id, problemId: choice, language: 'cpp', source: 'x' }, 422, 'ANSWER_KIND_MISMATCH'],
    ['an option that is not there', { ...target, answer: { choices: ['z'] } }, 422, 'ANSWER_UNREADABLE'],
    ['an option twice', { ...target, answer: { choices: ['a', 'a'] } }, 422, 'ANSWER_UNREADABLE'],
    ['two of one', { ...target, answer: { choices: ['a', 'b'] } }, 422, 'ANSWER_UNREADABLE'],
    ['a value that is no number', { contestId: contest.id, problemId: numeric, answer: { value: '9,8,1' } }, 422, 'ANSWER_UNREADABLE'],
    [
      'a problem of no contest',
      { contestId: contest.id, problemId: '00000000-0000-4000-8000-000000000000', answer: { choices: ['a'] } },
      404,
      'PROBLEM_NOT_FOUND',
    ],
    ['no contest', { ...fine, contestId: '00000000-0000-4000-8000-000000000000' }, 404, 'CONTEST_NOT_FOUND'],
  ]
  for (const [what, body, status, code] of cases) test(`${what}: ${code}`, async () => refused(await student.call('POST /api/submit', { body }), status, code))

  const times: readonly (readonly [what: string, fields: object])[] = [
    ['an end before the start', { startsAt: minutesFromNow(60), endsAt: minutesFromNow(30) }],
    ['an end in the past', { startsAt: minutesFromNow(-60), endsAt: minutesFromNow(-30) }],
    ['a year before all', { startsAt: '1900-01-01T00:00:00Z', endsAt: minutesFromNow(30) }],
    ['30 February', { startsAt: '2030-02-30T00:00:00Z', endsAt: '2030-03-30T00:00:00Z' }],
    ['a freeze longer than the contest', { startsAt: minutesFromNow(10), endsAt: minutesFromNow(20), rules: { freezeMinutes: 30 } }],
  ]
  const contestOf = (fields: object) => ({ title: 'T', subject: 'mixed', format: 'icpc', timing: 'window', problems: [], ...fields })
  for (const [what, fields] of times)
    test(`a contest with ${what}`, async () => refused(await teacher.call('POST /api/contests', { body: contestOf(fields) }), 422, 'TIMES_INVALID'))
  for (const [what, fields] of [
    ['negative minutes', { timing: 'personal', startsAt: minutesFromNow(1), endsAt: minutesFromNow(9), durationMinutes: -5 }],
    ['a negative freeze', { startsAt: minutesFromNow(1), endsAt: minutesFromNow(9), rules: { freezeMinutes: -1 } }],
    ['half a minute of penalty', { startsAt: minutesFromNow(1), endsAt: minutesFromNow(9), rules: { penaltyMinutes: 0.5 } }],
    ['times that are none', { startsAt: 'tomorrow', endsAt: 'later' }],
    ['negative points', { timing: 'untimed', problems: [{ problemId: choice, points: -1 }] }],
    ['no title', { title: '   ', timing: 'untimed' }],
  ] as const)
    test(`a contest with ${what}`, async () => refused(await teacher.call('POST /api/contests', { body: contestOf(fields) }), 400, 'VALIDATION_FAILED'))

  test('a problem with negative, huge or no limits', async () => {
    for (const limits of [
      { cpuMs: -1, memoryBytes: 1e8 },
      { cpuMs: 1e9, memoryBytes: 1e8 },
      { cpuMs: 1000, memoryBytes: 1e15 },
      { cpuMs: 1000.5, memoryBytes: 1e8 },
      {},
    ])
      refused(await teacher.call('POST /api/problems', { body: { ...aPlusB, limits } }), 400, 'VALIDATION_FAILED')
    assert.ok([400, 422].includes((await teacher.call('POST /api/problems', { body: { ...whichPlanet, correct: ['zz'] } })).status))
  })

  test("an Idempotency-Key with another body is a conflict, and another user's key is their own", async () => {
    const other = await arena.as('student')
    atFirst.u = (await counts()).u
    await other.join(contest.id)
    const key = `key-${randomBytes(6).toString('hex')}`
    const first = await student.submit(fine as never, key)
    assert.equal(await student.submit(fine as never, key), first)
    refused(
      await student.call('POST /api/submit', { body: { ...target, answer: { choices: ['a'] } }, headers: { 'idempotency-key': key } }),
      409,
      'IDEMPOTENCY_MISMATCH',
    )
    assert.notEqual(await other.submit(fine as never, key), first)
    atFirst.s = (await counts()).s
  })
})

describe('addresses, methods, content types and heads', () => {
  test('an address that is not there, and one of a kind that is none', async () => {
    for (const path of ['/api/nothing', '/api/contests/not-an-id/x', '/api', '/api/nothing/%2fetc%2fpasswd']) {
      const answer = await student.raw('GET', path)
      assert.ok(answer.status >= 400 && answer.status < 500, `${path} ${answer.status}`)
    }
    refused(await student.raw('GET', '/api/contests/not-an-id'), 400, 'VALIDATION_FAILED')
    refused(await student.raw('GET', '/api/contests?limit=-1'), 400, 'VALIDATION_FAILED')
    refused(await student.raw('GET', '/api/contests?limit=1e9'), 400, 'VALIDATION_FAILED')
    refused(await student.raw('GET', '/api/contests?unknown=1'), 400, 'VALIDATION_FAILED')
    refused(await student.raw('GET', `/api/leaderboard/${contest.id}?top=ten`), 400, 'VALIDATION_FAILED')
  })
  test('paths out of the web’s folder', async () => {
    for (const path of [
      '/../../../etc/passwd',
      '/..%2f..%2f..%2fetc/passwd',
      '/assets/../../../../package.json',
      '/%00',
      '/....//....//etc/passwd',
      '/api/docs/../../../package.json',
    ]) {
      const answer = await sendRaw(arena.port, `GET ${path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n`)
      assert.ok(!/root:|competa-arena"/.test(answer), path)
    }
  })
  test('a method that an address does not take', async () => {
    for (const [method, path] of [
      ['DELETE', '/api/submit'],
      ['PUT', '/api/contests'],
      ['PATCH', '/api/login'],
      ['POST', '/api/languages'],
      ['DELETE', `/api/submissions/${contest.id}`],
    ] as const)
      refused(await student.raw(method, path), 405, 'METHOD_NOT_ALLOWED')
    for (const method of ['TRACE', 'CONNECT', 'BREW'])
      assert.ok([0, 400, 404, 405, 501].includes(statusOfRaw(await sendRaw(arena.port, `${method} /api/me HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n`))))
  })
  test('a content type that an address does not take', async () => {
    for (const type of ['text/plain', 'application/xml', 'multipart/form-data; boundary=x', 'application/x-www-form-urlencoded', 'nonsense'])
      refused(await student.raw('POST', '/api/submit', { headers: { 'content-type': type }, body: JSON.stringify(fine) }), 415, 'UNSUPPORTED_MEDIA_TYPE')
    refused(await teacher.raw('POST', '/api/problems/import', { headers: json, body: '{}' }), 415, 'UNSUPPORTED_MEDIA_TYPE')
  })
  test('huge, broken and endless heads', async () => {
    assert.equal(statusOfRaw(await sendRaw(arena.port, `GET /api/me HTTP/1.1\r\nhost: x\r\nx-big: ${'a'.repeat(100_000)}\r\n\r\n`)), 431)
    assert.equal(
      statusOfRaw(
        await sendRaw(arena.port, `GET /api/me HTTP/1.1\r\nhost: x\r\n${Array.from({ length: 5_000 }, (_, at) => `x-${at}: 1`).join('\r\n')}\r\n\r\n`),
      ),
      431,
    )
    assert.equal(statusOfRaw(await sendRaw(arena.port, 'nonsense\r\n\r\n')), 400)
    assert.equal(statusOfRaw(await sendRaw(arena.port, `GET /api/${'a'.repeat(60_000)} HTTP/1.1\r\nhost: x\r\n\r\n`)), 431)
    const answer = await sendRaw(
      arena.port,
      'GET /api/me HTTP/1.1\r\nhost: x\r\nx-request-id: mine-mine-mine\r\nx-real-ip: 6.6.6.6\r\nconnection: close\r\n\r\n',
    )
    assert.ok(!answer.includes('mine-mine-mine'), 'a request id from outside is believed')
  })
  test('a client that goes away in the middle', async () => {
    for (let each = 0; each < 20; each++) {
      const socket = connect(arena.port, '127.0.0.1')
      await new Promise((resolve) => socket.once('connect', resolve))
      socket.write(
        `POST /api/submit HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${student.token}\r\ncontent-type: application/json\r\ncontent-length: 500\r\n\r\n{"contestId":`,
      )
      socket.destroy()
    }
    assert.equal((await student.call('GET /api/me')).status, 200)
  })
})

describe('sockets', () => {
  const upgrade = (extra = '') =>
    `GET /api/ws HTTP/1.1\r\nhost: 127.0.0.1:${arena.port}\r\nupgrade: websocket\r\nconnection: upgrade\r\nsec-websocket-key: ${randomBytes(16).toString('base64')}\r\nsec-websocket-version: 13\r\n${extra}\r\n`
  test('frames that are none close it', async () => {
    const frames: readonly (readonly [what: string, bytes: Buffer])[] = [
      ['not masked', Buffer.from([0x81, 0x02, 0x7b, 0x7d])],
      ['a reserved opcode', Buffer.from([0x83, 0x80, 0, 0, 0, 0])],
      ['reserved bits', Buffer.from([0xf1, 0x80, 0, 0, 0, 0])],
      ['a length of petabytes', Buffer.from([0x81, 0xff, 0x00, 0x10, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0])],
      ['a long control frame', Buffer.from([0x89, 0xfe, 0x01, 0x00, 0, 0, 0, 0])],
      ['noise', randomBytes(4096)],
    ]
    for (const [what, bytes] of frames) {
      const heard = await Promise.race([
        sendRaw(arena.port, [upgrade(), bytes]),
        new Promise<string>((resolve) => setTimeout(() => resolve('still open'), 9_000).unref()),
      ])
      assert.match(heard, /^HTTP\/1\.1 101/, what)
    }
  })
  test('what is not in the protocol closes it with 1008', { timeout: 30_000 }, async () => {
    for (const text of [
      'nonsense',
      '[]',
      'null',
      '{"type":"nothing"}',
      '{"type":"resume","after":-1}',
      '{"type":"auth","token":7}',
      '{"type":"subscribe","channel":"leaderboard:../../x"}',
      `{"type":"ping","x":"${'y'.repeat(100)}"}`,
    ]) {
      const socket = await student.socket()
      socket.send(text)
      assert.equal((await socket.closed()).code, 1008, text)
    }
  })
  test('a message of megabytes closes it and is not kept', async () => {
    const socket = await student.socket()
    socket.send('x'.repeat(5_000_000))
    assert.ok([1008, 1009, 1006].includes((await socket.closed()).code))
  })
  test('an upgrade elsewhere, or of another version', async () => {
    assert.equal(statusOfRaw(await sendRaw(arena.port, upgrade().replace('/api/ws', '/api/me'))), 404)
    assert.equal(statusOfRaw(await sendRaw(arena.port, upgrade().replace('version: 13', 'version: 7'))), 400)
    await assert.rejects(openArenaSocket(arena.url.replace('127.0.0.1', '127.0.0.1'), { origin: 'null' }))
  })
})

/** Uploads being read; there may be some of another run that was killed. */
const uploads = () => readdirSync(tmpdir()).filter((name) => name.startsWith('arena-package-'))
const leftByOthers = uploads()

describe('packages', () => {
  const zipOf = (files: readonly (readonly [path: string, content: string | Buffer])[]): Promise<Buffer> =>
    new Promise((resolve, reject) => {
      const zip = new ZipFile()
      for (const [path, content] of files) zip.addBuffer(Buffer.from(content as string), path)
      zip.end()
      const chunks: Buffer[] = []
      zip.outputStream
        .on('data', (chunk: Buffer) => chunks.push(chunk))
        .on('end', () => resolve(Buffer.concat(chunks)))
        .on('error', reject)
    })
  const whole = [
    ['problem.yaml', 'name: A package\n'],
    ['problem_statement/problem.en.md', 'Add.\n'],
    ['data/sample/1.in', '1 2\n'],
    ['data/sample/1.ans', '3\n'],
    ['data/secret/1.in', '2 2\n'],
    ['data/secret/1.ans', '4\n'],
  ] as const
  const upload = (body: Buffer, by = teacher) => by.raw('POST', '/api/problems/import', { headers: { 'content-type': 'application/zip' }, body })
  /** The same length under another name, in both places of the archive: what no honest tool writes. */
  const renamed = (zip: Buffer, from: string, to: string) => {
    assert.equal(from.length, to.length)
    return Buffer.from(zip.toString('latin1').replaceAll(from, to), 'latin1')
  }

  test('the whole package is taken, so that what follows is refused for its own reason', async () => {
    const answer = await upload(await zipOf(whole))
    assert.equal(answer.status, 201, answer.text)
    assert.equal((await teacher.call('DELETE /api/problems/:id', { params: { id: answer.body.problem.id } })).status, 204)
    atFirst.p = (await counts()).p
  })
  test('no archive, half an archive, an empty one, one without a problem', async () => {
    const zip = await zipOf(whole)
    for (const body of [
      Buffer.from('not a zip'),
      Buffer.alloc(0),
      zip.subarray(0, zip.length / 2),
      await zipOf([]),
      await zipOf([['readme.txt', 'x']]),
      await zipOf(whole.slice(1)),
      randomBytes(50_000),
    ])
      refused(await upload(body), 422, 'PACKAGE_INVALID')
  })
  test('a bomb', async () => {
    const bomb = await zipOf([...whole, ['data/secret/2.in', Buffer.alloc(60_000_000)], ['data/secret/2.ans', Buffer.alloc(60_000_000)]])
    assert.ok(bomb.length < 1_000_000)
    refused(await upload(bomb), 422, 'PACKAGE_INVALID')
  })
  test('a bomb that lies about its size', async () => {
    const zip = await zipOf([...whole.slice(0, 5), ['data/secret/1.ans', Buffer.alloc(5_000_000)]])
    const size = Buffer.alloc(4)
    size.writeUInt32LE(5_000_000)
    const small = Buffer.alloc(4)
    small.writeUInt32LE(10)
    refused(await upload(Buffer.from(zip.toString('latin1').replaceAll(size.toString('latin1'), small.toString('latin1')), 'latin1')), 422, 'PACKAGE_INVALID')
  })
  test('thousands of entries', async () => {
    refused(await upload(await zipOf([...whole, ...Array.from({ length: 10_000 }, (_, at) => [`data/x/${at}`, ''] as const)])), 422, 'PACKAGE_INVALID')
  })
  test('names that lead out of it', async () => {
    const zip = await zipOf([...whole, ['data/secret/AAAAAAAAAAAA', 'x']])
    for (const name of [
      '../../../../../tmp/e2e-x',
      '/etc/cron.d/arena-e2e-xx',
      'data/../../../../etc/xyz',
      'C:\\windows\\system32\\ab',
      '..\\..\\..\\..\\..\\..\\tmp\\x',
    ]) {
      const padded = name.padEnd('data/secret/AAAAAAAAAAAA'.length, 'x').slice(0, 'data/secret/AAAAAAAAAAAA'.length)
      const answer = await upload(renamed(zip, 'data/secret/AAAAAAAAAAAA', padded))
      refused(answer, 422, 'PACKAGE_INVALID')
    }
    assert.ok(!readdirSync(tmpdir()).some((name) => name.startsWith('e2e-x')))
  })
  test('more than 64 MiB', async () => {
    const answer = await upload(randomBytes(66 * 1024 ** 2)).catch((error: unknown) => error as Error)
    if (answer instanceof Error) assert.match(String(answer.cause ?? answer), /ECONNRESET|EPIPE|closed|socket/i)
    else refused(answer, 413, 'BODY_TOO_LARGE')
  })
  test('from a student, before a byte of it is read', async () => refused(await upload(await zipOf(whole), student), 403, 'FORBIDDEN'))
  test('no temporary file is left of all that', async () => {
    await eventually(() =>
      assert.deepEqual(
        uploads().filter((name) => !leftByOthers.includes(name)),
        [],
      ),
    )
  })
})

test('after all that it judges as before', async () => {
  assert.equal((await student.judged({ contestId: contest.id, problemId: choice, answer: { choices: ['b'] } })).verdict, 'AC')
  atFirst.s = (await counts()).s
})
