import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { problemUpdated } from '#contracts/contest'
import { instant } from '#kernel/time'
import { eventually } from '#testkit/eventually'
import { at, choice, makeContest, makeProblem, numeric, program, withArena } from './arena.ts'

describe('problems', () => {
  const arena = withArena()
  const as = (who: 'teacher' | 'other' | 'admin' | 'student' | 'pupil') => ({ token: arena().people[who].token })
  const judge = async () => ({ token: await arena().serviceToken('evaluation', 'test-data:read') })

  /** Events leave after the commit, so after the answer too. */
  const toldOf = (id: string, count: number) =>
    eventually(() => {
      const told = arena()
        .told(problemUpdated)
        .filter(({ problemId }) => problemId === id)
      assert.equal(told.length, count)
      return told
    })

  it('keeps each kind and gives its author the key back', async () => {
    for (const [body, key] of [
      [choice, { correct: ['down'] }],
      [numeric, { answer: '9.81', tolerance: { absolute: '0.05' } }],
    ] as const) {
      const made = await arena().call('POST /api/problems', { body }, as('teacher'))
      assert.equal(made.status, 201, made.text)
      assert.equal(made.body.problem.version, 1)
      assert.match(made.body.problem.statementHtml, /class="katex"/)
      assert.deepEqual({ ...made.body.problem.authoring, ...key }, made.body.problem.authoring)
    }
    const made = await arena().call('POST /api/problems', { body: program }, as('teacher'))
    assert.deepEqual(
      made.body.problem.authoring.tests.map((test: { name: string; sample: boolean }) => [test.name, test.sample]),
      [
        ['sample 1', true],
        ['secret twelve', false],
      ],
    )
    assert.match(made.body.problem.samples[0].noteHtml, /katex/)
  })

  it('shows a private problem to nobody but its owner and admins', async () => {
    const id = await makeProblem(arena(), program)
    const read = (who: Parameters<typeof as>[0]) => arena().call('GET /api/problems/:id', { params: { id } }, as(who))
    for (const who of ['teacher', 'admin'] as const) assert.ok((await read(who)).body.problem.authoring)
    for (const who of ['other', 'student'] as const) assert.equal((await read(who)).body.error.code, 'PROBLEM_NOT_FOUND')
    for (const who of ['other', 'student'] as const) {
      const { body } = await arena().call('GET /api/problems', {}, as(who))
      assert.ok(!body.problems.some((problem: { id: string }) => problem.id === id))
    }
  })

  it('shows a public problem without its key, and lets nobody else change it', async () => {
    const id = await makeProblem(arena(), { ...numeric, public: true })
    const seen = await arena().call('GET /api/problems/:id', { params: { id } }, as('student'))
    assert.equal(seen.status, 200)
    assert.ok(!seen.text.includes('9.81') && !('authoring' in seen.body.problem))
    const changed = await arena().call('PATCH /api/problems/:id', { params: { id }, body: { title: 'Mine' } }, as('other'))
    assert.equal(changed.body.error.code, 'FORBIDDEN')
    const removed = await arena().call('DELETE /api/problems/:id', { params: { id } }, as('other'))
    assert.equal(removed.body.error.code, 'FORBIDDEN')
    const byStudent = await arena().call('PATCH /api/problems/:id', { params: { id }, body: { title: 'Mine' } }, as('student'))
    assert.equal(byStudent.status, 403)
  })

  it('makes a new version when judging changes, and only then; the old one stays as it was', async () => {
    const id = await makeProblem(arena(), program)
    const change = (body: object) => arena().call('PATCH /api/problems/:id', { params: { id }, body }, as('teacher'))
    assert.equal((await change({ title: 'Sum', statement: 'Add them.' })).body.problem.version, 1)
    const second = await change({ tests: [{ input: '1 1\n', output: '2\n' }], limits: program.limits })
    assert.equal(second.body.problem.version, 2)
    assert.equal(second.body.problem.authoring.tests.length, 2, 'the sample stays')
    const judging = async (version: number) => arena().call('GET /internal/problems/:id/versions/:version/judging', { params: { id, version } }, await judge())
    const [old, next] = [await judging(1), await judging(2)]
    assert.notEqual(old.body.dataDigest, next.body.dataDigest)
    assert.equal(old.body.tests[1].inputBytes, 4)
    const blob = await arena().call('GET /internal/test-data/:digest', { params: { digest: old.body.tests[1].output } }, await judge())
    assert.equal(blob.raw.toString(), '12\n')
    assert.equal((await judging(3)).body.error.code, 'PROBLEM_NOT_FOUND')
    assert.equal((await change({ tests: [{ input: '1 1\n', output: '2\n', name: 'renamed' }] })).body.problem.version, 2, 'a name judges nothing')
  })

  it('hands the judge the whole key of each kind', async () => {
    const judgingOf = async (body: object) => {
      const id = await makeProblem(arena(), body)
      const { dataDigest, ...judging } = (
        await arena().call('GET /internal/problems/:id/versions/:version/judging', { params: { id, version: 1 } }, await judge())
      ).body
      assert.match(dataDigest, /^[0-9a-f]{64}$/)
      return judging
    }
    assert.deepEqual(await judgingOf(choice), { kind: 'choice', optionIds: ['up', 'down'], correct: ['down'] })
    assert.deepEqual(await judgingOf(numeric), { kind: 'numeric', answer: '9.81', tolerance: { absolute: '0.05' }, unit: 'm/s^2' })
    const { tests, ...rest } = await judgingOf({ ...program, compare: { floatAbsoluteTolerance: 1e-9, caseSensitive: true } })
    assert.deepEqual(rest, { kind: 'program', limits: program.limits, compare: { floatAbsoluteTolerance: 1e-9, caseSensitive: true } })
    assert.deepEqual(
      tests.map((test: { index: number; sample: boolean; outputBytes: number }) => [test.index, test.sample, test.outputBytes]),
      [
        [1, true, 2],
        [2, false, 3],
      ],
    )
  })

  it('keeps the rules of comparison, shows them to the author and makes a new version of others', async () => {
    const id = await makeProblem(arena(), { ...program, compare: { kind: 'unordered-lines' } })
    const read = async (version: number) =>
      (await arena().call('GET /internal/problems/:id/versions/:version/judging', { params: { id, version } }, await judge())).body
    assert.deepEqual((await read(1)).compare, { kind: 'unordered-lines' })
    const change = async (compare: object) => arena().call('PATCH /api/problems/:id', { params: { id }, body: { compare } }, as('teacher'))
    const same = await change({ kind: 'unordered-lines', caseSensitive: false })
    assert.deepEqual([same.body.problem.version, same.body.problem.authoring.compare], [1, { kind: 'unordered-lines' }])
    const other = await change({ kind: 'floats', floatAbsoluteTolerance: 0.01 })
    assert.deepEqual([other.body.problem.version, other.body.problem.authoring.compare], [2, { kind: 'floats', floatAbsoluteTolerance: 0.01 }])
    assert.notEqual((await read(2)).dataDigest, (await read(1)).dataDigest)
    assert.deepEqual((await change({ kind: 'fuzzy' })).body.error.code, 'VALIDATION_FAILED')
    assert.deepEqual((await change({ kind: 'lines', floatAbsoluteTolerance: 1 })).body.error.code, 'PROBLEM_INVALID')
  })

  it('loses no change when several come at once', async () => {
    const id = await makeProblem(arena(), numeric)
    const contestId = await makeContest(arena(), { problems: [{ problemId: id }] })
    const bodies = [{ answer: '3' }, { tags: ['new'] }, { unit: 'N/kg' }, { subject: 'mixed' }]
    const changes = await Promise.all(bodies.map((body) => arena().call('PATCH /api/problems/:id', { params: { id }, body }, as('teacher'))))
    assert.deepEqual(
      changes.map(({ status }) => status),
      [200, 200, 200, 200],
    )
    const { problem } = (await arena().call('GET /api/problems/:id', { params: { id } }, as('teacher'))).body
    assert.deepEqual([problem.authoring.answer, problem.tags, problem.unit, problem.subject, problem.version], ['3', ['new'], 'N/kg', 'mixed', 3])
    const told = await toldOf(id, 5)
    assert.deepEqual(told.map(({ revision }) => revision).sort(), [1, 2, 3, 4, 5])
    const contest = await arena().call('GET /api/contests/:id', { params: { id: contestId } }, as('teacher'))
    assert.equal(contest.body.contest.problems[0].problem.version, 3)
  })

  it('hands the judge test data alone, and others nothing', async () => {
    const stray = await arena().host.files.put(Buffer.from('somebody else keeps this here'))
    const read = (digest: string, token: string) => arena().call('GET /internal/test-data/:digest', { params: { digest } }, { token })
    assert.equal((await read(stray.digest, (await judge()).token)).body.error.code, 'NOT_FOUND')
    assert.equal((await read(stray.digest, arena().people.admin.token)).status, 401)
    assert.equal((await read(stray.digest, await arena().serviceToken('evaluation', 'something-else'))).status, 403)
  })

  it('shows the author the texts of a test, cut at 64 KiB', async () => {
    const long = 'é'.repeat(40_000)
    const id = await makeProblem(arena(), { ...program, tests: [{ input: long, output: 'x' }] })
    const read = (index: number, who: Parameters<typeof as>[0] = 'teacher') =>
      arena().call('GET /api/problems/:id/tests/:index', { params: { id, index } }, as(who))
    assert.deepEqual((await read(1)).body, { input: '1 2\n', output: '3\n', cut: false })
    const cut = (await read(2)).body
    assert.equal(cut.input, 'é'.repeat(32_768))
    assert.ok(cut.cut)
    assert.equal((await read(3)).body.error.code, 'NOT_FOUND')
    assert.equal((await read(1, 'other')).body.error.code, 'PROBLEM_NOT_FOUND')
  })

  it('refuses what cannot be judged, saying why', async () => {
    const id = await makeProblem(arena(), choice)
    const made = await arena().call('POST /api/problems', { body: { ...choice, correct: ['left'] } }, as('teacher'))
    assert.equal(made.status, 422)
    assert.equal(made.body.error.code, 'PROBLEM_INVALID')
    assert.match(made.body.error.message, /left is none of the options/)
    const changed = await arena().call('PATCH /api/problems/:id', { params: { id }, body: { answer: '3' } }, as('teacher'))
    assert.match(changed.body.error.message, /kind choice has no answer/)
  })

  it('takes text that no database keeps for a bad request', async () => {
    const id = await makeProblem(arena(), choice)
    for (const title of ['nul \u0000', 'half \ud800']) {
      const made = await arena().call('POST /api/problems', { body: { ...choice, title } }, as('teacher'))
      assert.equal(made.body.error.code, 'VALIDATION_FAILED')
      const changed = await arena().call('PATCH /api/problems/:id', { params: { id }, body: { title } }, as('teacher'))
      assert.equal(changed.body.error.code, 'VALIDATION_FAILED')
      const contest = await arena().call(
        'POST /api/contests',
        { body: { title, subject: 'mixed', format: 'icpc', timing: 'untimed', problems: [] } },
        as('teacher'),
      )
      assert.equal(contest.body.error.code, 'VALIDATION_FAILED')
    }
    assert.equal((await arena().call('GET /api/problems', { query: { query: '\u0000' } }, as('student'))).body.error.code, 'VALIDATION_FAILED')
  })

  it('removes a problem that no contest uses, and keeps one that is used', async () => {
    const id = await makeProblem(arena(), choice)
    const contestId = await makeContest(arena(), { problems: [{ problemId: id }] })
    const remove = () => arena().call('DELETE /api/problems/:id', { params: { id } }, as('teacher'))
    assert.equal((await remove()).body.error.code, 'PROBLEM_IN_USE')
    const used = await arena().call('GET /api/problems/:id', { params: { id } }, as('teacher'))
    assert.deepEqual(used.body.problem.authoring.usedIn, [{ contestId, title: 'Friday' }])
    await arena().call('DELETE /api/contests/:id', { params: { id: contestId } }, as('teacher'))
    assert.equal((await remove()).status, 204)
    assert.equal((await remove()).body.error.code, 'PROBLEM_NOT_FOUND')
    const told = await toldOf(id, 2)
    assert.deepEqual([told.at(-1)?.deleted, told.at(-1)?.revision], [true, 2])
    const judging = await arena().call('GET /internal/problems/:id/versions/:version/judging', { params: { id, version: 1 } }, await judge())
    assert.equal(judging.status, 200, 'what was submitted before is still judged')
  })

  it('tells the whole of a problem and no secret', async () => {
    const id = await makeProblem(arena(), { ...choice, public: true })
    await arena().call('PATCH /api/problems/:id', { params: { id }, body: { multiple: true, correct: ['up', 'down'] } }, as('teacher'))
    const [first, second] = await toldOf(id, 2)
    assert.deepEqual([first?.revision, first?.version, second?.revision, second?.version], [1, 1, 2, 2])
    assert.deepEqual([second?.optionIds, second?.multiple, second?.public], [['up', 'down'], true, true])
    assert.ok(!JSON.stringify(second).includes('correct'))
  })

  it('finds problems by title or tag, kind and subject, page by page', async () => {
    const ids = [] as string[]
    for (const n of [1, 2, 3]) ids.unshift(await makeProblem(arena(), { ...numeric, title: `Pendulum ${n}`, tags: ['swing'], public: true }))
    const list = async (query: object) => (await arena().call('GET /api/problems', { query }, as('student'))).body
    const page = await list({ query: 'pendulum', limit: 2 })
    assert.deepEqual(
      page.problems.map((problem: { id: string }) => problem.id),
      ids.slice(0, 2),
    )
    const rest = await list({ query: 'swing', before: page.next })
    assert.deepEqual(
      rest.problems.map((problem: { id: string }) => problem.id),
      ids.slice(2),
    )
    assert.equal(rest.next, undefined)
    assert.equal((await list({ query: 'pendulum', kind: 'choice' })).problems.length, 0)
    assert.equal((await list({ mine: true })).problems.length, 0)
  })

  it('renders a preview as the statement will be', async () => {
    const shown = await arena().call('POST /api/problems/preview', { body: { statement: '<b>$x$' } }, as('teacher'))
    assert.match(shown.body.html, /^<p>&lt;b&gt;<span class="katex">/)
  })

  it('lets participants see a contest problem from their start, and everybody after the end', async () => {
    const id = await makeProblem(arena(), numeric)
    const contestId = await makeContest(arena(), { problems: [{ problemId: id }] })
    await arena().call('POST /api/contests/:id/register', { params: { id: contestId } }, as('student'))
    const status = async (who: Parameters<typeof as>[0]) => (await arena().call('GET /api/problems/:id', { params: { id } }, as(who))).status
    assert.deepEqual([await status('student'), await status('pupil')], [404, 404])
    const back = arena().time.now()
    arena().time.set(instant(Date.parse(at(1))))
    assert.deepEqual([await status('student'), await status('pupil'), await status('other')], [200, 404, 404])
    arena().time.set(instant(Date.parse(at(3))))
    assert.deepEqual([await status('student'), await status('pupil'), await status('other')], [200, 200, 200])
    assert.ok(!(await arena().call('GET /api/problems/:id', { params: { id } }, as('pupil'))).text.includes('9.81'))
    arena().time.set(back)
  })
})
