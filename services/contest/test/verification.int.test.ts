/** A package's own solutions through the contract. The judge's part is played here. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Verdict } from '#contracts/common'
import { type EvaluationOutcome, evaluationQueues, evaluationVerified, laneQueue } from '#contracts/evaluation'
import { type Verification, type VerificationJob, verificationQueued } from '#contracts/verification'
import { ms, seconds } from '#kernel/units'
import { eventually } from '#testkit/eventually'
import { verificationPatienceMs, verificationWindow } from '../src/domain/verification.ts'
import { at, choice, makeContest, makeProblem, program, withArena } from './arena.ts'
import { aPackage, zipOf } from './zip-maker.ts'

const judged = (verdict: Verdict, cpuMs = 100): EvaluationOutcome => ({
  type: 'judged',
  verdict,
  score: verdict === 'AC' ? 100 : 0,
  cpuMs,
  wallMs: cpuMs,
  memoryBytes: 1 << 20,
  tests: verdict === 'CE' || verdict === 'PARTIAL' ? [] : [{ index: 1, sample: true, verdict, detail: 'a hidden output' }],
  compileLog: null,
  provenance: { problemVersion: 1, dataDigest: 'a'.repeat(64), toolchain: 't', checker: 'default', sandbox: 'native' },
  stages: { fetchMs: 0, compileMs: 0, runMs: 1, checkMs: 0 },
})
const twoSolutions = { ...aPackage, 'submissions/wrong_answer/off.py': 'print(1)\n' }

describe('verifying a package', () => {
  const arena = withArena()
  const by = (who: 'teacher' | 'other' | 'admin' | 'student' = 'teacher') => ({ token: arena().people[who].token })
  const importOf = async (files: Readonly<Record<string, string>>) => {
    const payload = await zipOf(files)
    const made = await arena().call('POST /api/problems/import', { headers: { 'content-type': 'application/zip' } }, { ...by(), payload })
    assert.equal(made.status, 201, made.text)
    return made.body as { problem: { id: string; version: number }; verification: string }
  }
  const verify = (id: string, who: Parameters<typeof by>[0] = 'teacher') => arena().call('POST /api/problems/:id/verify', { params: { id } }, by(who))
  const verificationOf = async (id: string): Promise<Verification> =>
    (await arena().call('GET /api/problems/:id', { params: { id } }, by())).body.problem.authoring.verification
  const jobsOf = (problemId: string): VerificationJob[] =>
    arena()
      .told(verificationQueued)
      .filter((job) => job.problemId === problemId)
      .sort((a, b) => a.position - b.position)
  /** Looks go by the clock, which stands still but for this. */
  const lookUntil = (check: () => void | Promise<void>) =>
    eventually(async () => {
      arena().time.advance(seconds(1))
      await check()
    }, 30_000)
  const jobs = async (problemId: string, count: number): Promise<VerificationJob[]> => {
    await lookUntil(() => assert.equal(jobsOf(problemId).length, count))
    return jobsOf(problemId)
  }
  const answer = ({ verificationId, position }: VerificationJob, outcome: EvaluationOutcome) =>
    arena().publish(evaluationVerified, { verificationId, position, outcome })
  /** Answers whatever is asked for, by the path of the solution. */
  const verified = async (id: string, verdicts: readonly Verdict[]) => {
    for (const [nth, job] of (await jobs(id, verdicts.length)).entries()) await answer(job, judged(verdicts[nth] ?? 'AC'))
    return verificationOf(id)
  }

  it('begins with the import, goes to the judge below what counts, and says in the end what each solution got', async () => {
    const { problem, verification } = await importOf(twoSolutions)
    assert.equal(verification, 'running')
    assert.deepEqual(
      (await verificationOf(problem.id)).solutions.map(({ path, state }) => [path, state]),
      [
        ['accepted/main.py', 'waiting'],
        ['wrong_answer/off.py', 'waiting'],
      ],
    )
    const asked = await jobs(problem.id, 2)
    assert.deepEqual(
      asked.map(({ position, source, language, problemVersion }) => [position, source, language, problemVersion]),
      [
        [0, 'print(2*int(input()))\n', 'python', 1],
        [1, 'print(1)\n', 'python', 1],
      ],
    )
    assert.deepEqual(
      evaluationQueues.filter(({ topics }) => topics.includes(verificationQueued.topic)).map(({ name }) => name),
      [laneQueue('rejudge')],
    )
    const found = await verified(problem.id, ['AC', 'WA'])
    assert.deepEqual([found.state, found.version, found.problems, found.slowestAcceptedMs], ['verified', 1, [], 100])
    assert.deepEqual(
      found.solutions.map(({ verdict, cpuMs }) => [verdict, cpuMs]),
      [
        ['AC', 100],
        ['WA', 100],
      ],
    )
  })

  it('names a solution that did not get what the package says', async () => {
    const { problem } = await importOf(twoSolutions)
    const found = await verified(problem.id, ['TLE', 'AC'])
    assert.equal(found.state, 'failed')
    assert.deepEqual(
      found.problems.map(({ path, kind, expected, got }) => [path, kind, expected, got]),
      [
        ['accepted/main.py', 'verdict', 'AC', 'TLE'],
        ['wrong_answer/off.py', 'verdict', 'WA, PARTIAL', 'AC'],
      ],
    )
  })

  it('keeps the first answer for a solution, and a later one changes nothing', async () => {
    const { problem } = await importOf(twoSolutions)
    const [first, second] = await jobs(problem.id, 2)
    if (!first || !second) throw new Error('there are two')
    await answer(first, judged('AC'))
    await answer(first, judged('RE'))
    assert.equal((await verificationOf(problem.id)).state, 'running')
    await answer(second, judged('WA'))
    await answer(second, { type: 'fault', whose: 'ours', reason: 'told late' })
    const found = await verificationOf(problem.id)
    assert.deepEqual([found.state, found.solutions.map(({ verdict }) => verdict)], ['verified', ['AC', 'WA']])
  })

  it('asks the judge for a few solutions at a time', async () => {
    const many = Object.fromEntries(Array.from({ length: 7 }, (_, nth) => [`submissions/accepted/s${nth}.py`, `print(${nth})\n`]))
    const { problem } = await importOf({ ...aPackage, ...many })
    const asked = await jobs(problem.id, verificationWindow)
    arena().time.advance(seconds(5))
    const [first] = asked
    if (!first) throw new Error('there are some')
    await answer(first, judged('AC'))
    assert.equal((await jobs(problem.id, verificationWindow + 1)).length, 5)
  })

  it('goes on after a restart in its midst, and two replicas ask for nothing twice', async () => {
    const { problem } = await importOf(twoSolutions)
    const again = await arena().again()
    await jobs(problem.id, 2)
    assert.equal((await verified(problem.id, ['AC', 'WA'])).state, 'verified')
    assert.equal(jobsOf(problem.id).length, 2)
    await again.stop()
  })

  it('ends when no judge answers, as a fault and no verdict', async () => {
    const { problem } = await importOf(aPackage)
    await jobs(problem.id, 1)
    arena().time.advance(ms(verificationPatienceMs))
    await lookUntil(async () => assert.equal((await verificationOf(problem.id)).state, 'failed'))
    const found = await verificationOf(problem.id)
    assert.deepEqual([found.solutions[0]?.state, found.problems[0]?.kind, found.problems[0]?.got], ['fault', 'fault', 'no judge has answered in time'])
  })

  it('is asked for again by its owner and admins; while it runs there is one', async () => {
    const { problem } = await importOf(aPackage)
    await verified(problem.id, ['WA'])
    const [first, second] = [await verify(problem.id), await verify(problem.id, 'admin')]
    assert.deepEqual([first.status, second.status, first.body.verification.state], [202, 202, 'running'])
    assert.deepEqual(second.body.verification.at, first.body.verification.at)
    const found = (await jobs(problem.id, 2)).map(({ verificationId }) => verificationId)
    assert.equal(new Set(found).size, 2)
    const { rows } = await arena().db.query<{ id: string }>('select id from verifications where problem_id = $1', [problem.id])
    const [old, anew] = jobsOf(problem.id).sort((a, b) => Number(a.verificationId === rows[0]?.id) - Number(b.verificationId === rows[0]?.id))
    if (!old || !anew) throw new Error('there are two')
    await answer(old, judged('WA')) // of the one before: it is nobody's
    assert.equal((await verificationOf(problem.id)).state, 'running')
    await answer(anew, judged('AC'))
    assert.equal((await verificationOf(problem.id)).state, 'verified')
  })

  it('is for those who may change the problem, and for problems that have solutions', async () => {
    const { problem } = await importOf(aPackage)
    assert.deepEqual([(await verify(problem.id, 'student')).status, (await verify(problem.id, 'other')).status], [403, 404])
    await arena().call('PATCH /api/problems/:id', { params: { id: problem.id }, body: { public: true } }, by())
    assert.equal((await verify(problem.id, 'other')).status, 403)
    const seen = await arena().call('GET /api/problems/:id', { params: { id: problem.id } }, by('other'))
    assert.deepEqual([seen.status, seen.body.problem.authoring], [200, undefined])
    for (const made of [choice, program]) {
      const refused = await verify(await makeProblem(arena(), made))
      assert.deepEqual([refused.status, refused.body.error.code], [422, 'PROBLEM_INVALID'])
    }
    assert.equal((await verify('00000000-0000-7000-8000-000000000000')).status, 404)
  })

  it('a contest warns its staff, and nobody else, of what is not verified in the version it uses', async () => {
    const { problem } = await importOf(aPackage)
    const plain = await makeProblem(arena(), program)
    const id = await makeContest(arena(), { startsAt: at(500), endsAt: at(502), problems: [{ problemId: problem.id }, { problemId: plain }] })
    const warned = async (who: Parameters<typeof by>[0]) => {
      const { contest } = (await arena().call('GET /api/contests/:id', { params: { id } }, by(who))).body
      return contest.problems?.map(({ verification }: { verification?: string }) => verification)
    }
    assert.deepEqual([await warned('teacher'), await warned('student')], [['running', undefined], undefined])
    await verified(problem.id, ['RE'])
    assert.deepEqual(await warned('teacher'), ['failed', undefined])
    await verify(problem.id)
    const fresh = (await jobs(problem.id, 2)).at(-1)
    const { rows } = await arena().db.query<{ id: string }>('select id from verifications where problem_id = $1', [problem.id])
    if (!fresh || !rows[0]) throw new Error('it was asked for')
    await answer({ ...fresh, verificationId: rows[0].id }, judged('AC'))
    assert.deepEqual(await warned('admin'), ['verified', undefined])
    await arena().call('PATCH /api/problems/:id', { params: { id: problem.id }, body: { compare: { kind: 'tokens' } } }, by())
    assert.deepEqual(await warned('teacher'), ['none', undefined])
    assert.equal((await verificationOf(problem.id)).version, 1)
  })

  it('what cannot be handed in is named and spoils nothing', async () => {
    const { problem } = await importOf({ ...aPackage, 'submissions/accepted/other.hs': 'main = interact id\n' })
    const found = await verified(problem.id, ['AC'])
    assert.deepEqual([found.state, found.problems.map(({ path, kind }) => [path, kind])], ['verified', [['accepted/other.hs', 'not-run']]])
    const none = await importOf({ ...aPackage, 'submissions/accepted/main.py': ' '.repeat(70_000) })
    assert.equal(none.verification, 'none')
    assert.equal((await verificationOf(none.problem.id)).state, 'none')
  })
})
