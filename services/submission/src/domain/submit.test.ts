import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { instant } from '#kernel/time'
import { type ContestFacts, decideSubmit, languagesOf, maxPending, type ProblemFacts, type SubmitFacts } from './submit.ts'

const id = (n: number) => `00000000-0000-7000-8000-${String(n).padStart(12, '0')}`
const student = { userId: id(1), role: 'student' as const }
const problem: ProblemFacts = {
  id: id(2),
  version: 3,
  ownerId: id(9),
  kind: 'program',
  isPublic: false,
  isDeleted: false,
  languages: undefined,
  sourceBytes: 1000,
  optionIds: [],
  multiple: false,
}
const contest: ContestFacts = {
  id: id(3),
  ownerId: id(9),
  format: 'icpc',
  startsAt: instant(1000),
  endsAt: instant(2000),
  isGone: false,
  problems: [{ problemId: problem.id, version: 2, label: 'A', maxAttempts: null }],
}
const facts: SubmitFacts = {
  contest,
  problem,
  registration: { startedAt: instant(1000), endsAt: instant(2000) },
  pendingCount: 0,
  attemptCount: 0,
  judged: undefined,
}
const draft = { contestId: contest.id, problemId: problem.id, language: 'python', source: 'print(1)' }
const codeOf = (given: SubmitFacts, now = 1500, what: Parameters<typeof decideSubmit>[2] = draft, by: Parameters<typeof decideSubmit>[1] = student) => {
  const decided = decideSubmit(given, by, what, instant(now))
  return decided.ok ? 'ok' : decided.error.code
}

const character = fc.oneof(fc.integer({ min: 1, max: 0xd7ff }), fc.integer({ min: 0xe000, max: 0x10ffff })).map((point) => String.fromCodePoint(point))

describe('decideSubmit', () => {
  it('takes the version the contest names, the label, and the lane of the contest', () => {
    const decided = decideSubmit(facts, student, draft, instant(1500))
    assert.deepEqual(decided, { ok: true, value: { problemVersion: 2, kind: 'program', label: 'A', lane: 'contest', stopAtFirstFailure: true } })
  })
  it('is open from the start up to, not at, the end', () => {
    assert.deepEqual(
      [999, 1000, 1999, 2000].map((now) => codeOf(facts, now)),
      ['CONTEST_NOT_RUNNING', 'ok', 'ok', 'CONTEST_NOT_RUNNING'],
    )
  })
  it("ends with the participant's own clock, and never after the contest's", () => {
    const personal = (endsAt: number) => ({ ...facts, registration: { startedAt: instant(1200), endsAt: instant(endsAt) } })
    assert.deepEqual(
      [1199, 1200, 1399, 1400].map((now) => codeOf(personal(1400), now)),
      ['CONTEST_NOT_RUNNING', 'ok', 'ok', 'CONTEST_NOT_RUNNING'],
    )
    assert.equal(codeOf(personal(9999), 2500), 'CONTEST_NOT_RUNNING')
  })
  it('refuses a language that no judge has; while no judge was heard of all are taken, and wait', () => {
    const judged = (...judges: Record<string, string>[]) => languagesOf(judges.map((toolchains) => ({ toolchains })))
    assert.equal(codeOf({ ...facts, judged: judged({ cpp: '12' }) }), 'LANGUAGE_NOT_INSTALLED')
    assert.equal(codeOf({ ...facts, judged: judged({ cpp: '12' }, { python: '3.11' }) }), 'ok')
    assert.equal(codeOf({ ...facts, judged: judged({}, {}) }), 'ok')
    assert.equal(codeOf({ ...facts, judged: judged() }), 'ok')
  })
  it('takes text where the problem’s only language is text, whatever the judges have, and nowhere else', () => {
    const text = { ...draft, language: 'text' }
    const outputOnly = { ...facts, problem: { ...problem, languages: ['text'] }, judged: languagesOf([{ toolchains: { cpp: '12' } }]) }
    assert.deepEqual([codeOf(outputOnly, 1500, text), codeOf(outputOnly)], ['ok', 'LANGUAGE_UNKNOWN'])
    assert.equal(codeOf(facts, 1500, text), 'LANGUAGE_UNKNOWN')
  })
  it('never closes an untimed contest', () => {
    const untimed = { ...facts, contest: { ...contest, startsAt: undefined, endsAt: undefined }, registration: { startedAt: instant(5), endsAt: undefined } }
    assert.equal(codeOf(untimed, 10 ** 12), 'ok')
  })
  it('takes practice for public problems, one’s own, and anything from admins', () => {
    const practice = { problemId: problem.id, language: 'python', source: 'x' }
    const alone = { ...facts, contest: undefined, registration: undefined }
    assert.equal(codeOf(alone, 0, practice), 'PROBLEM_NOT_FOUND')
    assert.equal(codeOf({ ...alone, problem: { ...problem, isPublic: true } }, 0, practice), 'ok')
    assert.equal(codeOf(alone, 0, practice, { userId: id(9), role: 'teacher' }), 'ok')
    assert.equal(codeOf(alone, 0, practice, { userId: id(8), role: 'teacher' }), 'PROBLEM_NOT_FOUND')
    assert.equal(codeOf(alone, 0, practice, { userId: id(8), role: 'admin' }), 'ok')
    assert.equal(codeOf({ ...alone, problem: { ...problem, isPublic: true, isDeleted: true } }, 0, practice), 'PROBLEM_NOT_FOUND')
  })
  it('bounds attempts and what is pending', () => {
    const once = { ...facts, contest: { ...contest, problems: [{ problemId: problem.id, version: 2, label: 'A', maxAttempts: 1 }] } }
    assert.deepEqual([codeOf(once), codeOf({ ...once, attemptCount: 1 })], ['ok', 'NO_ATTEMPTS_LEFT'])
    assert.deepEqual([codeOf({ ...facts, pendingCount: maxPending - 1 }), codeOf({ ...facts, pendingCount: maxPending })], ['ok', 'TOO_MANY_PENDING'])
  })
  it('counts the bytes of a source, not its characters', () => {
    fc.assert(
      fc.property(fc.string({ unit: character, minLength: 1, maxLength: 60 }), (source) => {
        const size = Buffer.byteLength(source)
        const at = (sourceBytes: number) => codeOf({ ...facts, problem: { ...problem, sourceBytes } }, 1500, { ...draft, source })
        assert.equal(at(size), 'ok')
        assert.equal(at(size - 1), 'SOURCE_TOO_LARGE')
      }),
    )
  })
})
