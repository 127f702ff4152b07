import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { instant } from '#kernel/time'
import { at, choice, makeContest, makeProblem, numeric, program, start, withArena } from './arena.ts'

const arena = withArena()
const minute = (minutes: number) => at(minutes / 60)
const sample = { public: true, tags: ['sample'] }
const goTo = (iso: string) => arena().time.set(instant(Date.parse(iso)))
const list = async (language?: string) => (await arena().call('GET /api/samples', { query: language ? { language } : {} })).body.samples as { id: string }[]
const isListed = async (id: string, language?: string) => (await list(language)).some((each) => each.id === id)
const check = (id: string, answer: object) => arena().call('POST /api/samples/:id/check', { params: { id }, body: { answer } })
const down = { choices: ['down'] }

describe('sample questions', () => {
  it('are shown to who has no account, without their key, and say right or wrong', async () => {
    const id = await makeProblem(arena(), { ...choice, ...sample, explanation: 'Things *fall*: $g$ points down.' })
    const answer = await arena().call('GET /api/samples', {})
    const shown = answer.body.samples.find((each: { id: string }) => each.id === id)
    assert.deepEqual(Object.keys(shown).sort(), ['id', 'kind', 'multiple', 'options', 'statementHtml', 'subject', 'title'])
    assert.ok(!answer.text.includes('fall'), 'the explanation tells the answer')
    assert.deepEqual((await check(id, { choices: ['up'] })).body, { right: false })
    const right = await check(id, down)
    assert.equal(right.body.right, true)
    assert.match(right.body.explanationHtml, /<em>fall<\/em>.*katex/s)
  })
  it('take numbers as contests do; what cannot be read is not called wrong', async () => {
    const id = await makeProblem(arena(), { ...numeric, ...sample })
    for (const value of ['9.81', '9,80', '981e-2']) assert.deepEqual((await check(id, { value, unit: 'm/s²' })).body, { right: true }, value)
    assert.deepEqual((await check(id, { value: '9.81' })).body, { right: false })
    assert.equal((await check(id, { value: 'about ten', unit: 'm/s^2' })).body.error.code, 'ANSWER_UNREADABLE')
    assert.equal((await check(id, down)).body.error.code, 'ANSWER_KIND_MISMATCH')
    assert.equal((await check(id, { value: '1', unit: 'm', extra: true })).status, 400)
  })
  it('are what their author marked and made public, and never programs', async () => {
    const others = [
      await makeProblem(arena(), { ...choice, public: true }),
      await makeProblem(arena(), { ...choice, tags: ['sample'] }),
      await makeProblem(arena(), { ...program, ...sample }),
    ]
    for (const id of others) {
      assert.equal(await isListed(id), false)
      assert.equal((await check(id, down)).body.error.code, 'PROBLEM_NOT_FOUND')
    }
    const removed = await makeProblem(arena(), { ...choice, ...sample })
    await arena().call('DELETE /api/problems/:id', { params: { id: removed } }, { token: arena().people.teacher.token })
    assert.equal((await check(removed, down)).status, 404)
  })
  it('are none while a contest asks them: before it, during it, in one without an end; after it they are again', async () => {
    const id = await makeProblem(arena(), { ...choice, ...sample })
    assert.equal((await check(id, down)).status, 200)
    await makeContest(arena(), { startsAt: minute(1), endsAt: minute(3), problems: [{ problemId: id }] })
    for (const minutes of [0, 2, 2.99]) {
      goTo(minute(minutes))
      assert.equal(await isListed(id), false, `${minutes}`)
      assert.equal((await check(id, down)).body.error.code, 'PROBLEM_NOT_FOUND', `${minutes}`)
    }
    goTo(minute(3))
    assert.equal((await check(id, down)).status, 200)
    assert.equal(await isListed(id), true)
    await makeContest(arena(), { startsAt: undefined, endsAt: undefined, timing: 'untimed', problems: [{ problemId: id }] })
    goTo(minute(10_000))
    assert.equal((await check(id, down)).status, 404)
    goTo(start)
  })
  it('come in the reader’s language where there are some, else in English', async () => {
    const english = await makeProblem(arena(), { ...choice, ...sample })
    assert.equal(await isListed(english, 'rw'), true)
    const own = await makeProblem(arena(), { ...choice, ...sample, tags: ['sample', 'language-rw'] })
    assert.deepEqual([await isListed(own, 'rw'), await isListed(english, 'rw'), await isListed(own), await isListed(english)], [true, false, false, true])
    assert.equal(await isListed(english, 'fr'), true)
    assert.equal((await arena().call('GET /api/samples', { query: { language: 'xx' } })).status, 400)
  })
})

describe('explanations', () => {
  it('are for the author, to be changed and taken away; a program has none', async () => {
    const token = { token: arena().people.teacher.token }
    const id = await makeProblem(arena(), { ...numeric, public: true, explanation: 'Because.' })
    const seenBy = async (who: 'teacher' | 'student') =>
      (await arena().call('GET /api/problems/:id', { params: { id } }, { token: arena().people[who].token })).body.problem
    assert.equal((await seenBy('teacher')).authoring.explanation, 'Because.')
    assert.ok(!JSON.stringify(await seenBy('student')).includes('Because'))
    const change = (explanation: string | null) => arena().call('PATCH /api/problems/:id', { params: { id }, body: { explanation } }, token)
    assert.equal((await change('Since.')).body.problem.version, 1, 'nothing of the judging changed')
    assert.equal(
      (await arena().call('PATCH /api/problems/:id', { params: { id }, body: { title: 'New' } }, token)).body.problem.authoring.explanation,
      'Since.',
    )
    assert.equal((await change(null)).body.problem.authoring.explanation, undefined)
    const programId = await makeProblem(arena(), program)
    const refused = await arena().call('PATCH /api/problems/:id', { params: { id: programId }, body: { explanation: 'No' } }, token)
    assert.equal(refused.body.error.code, 'PROBLEM_INVALID')
  })
})

describe('titles of problems', () => {
  it('are told of public ones, own ones and those a contest has shown; of others nothing', async () => {
    const { teacher, student, other } = arena().people
    const shown = await makeProblem(arena(), { ...choice, title: 'Shown' })
    const open = await makeProblem(arena(), { ...choice, title: 'Open', public: true })
    const hidden = await makeProblem(arena(), { ...choice, title: 'Hidden' })
    const contest = await makeContest(arena(), { startsAt: minute(1), endsAt: minute(3), problems: [{ problemId: shown }] })
    const titles = async (token: string) => {
      const { body } = await arena().call('GET /api/problem-titles', { query: { ids: [shown, open, hidden].join(',') } }, { token })
      return body.problems.map((problem: { title: string }) => problem.title).sort()
    }
    await arena().call('POST /api/contests/:id/register', { params: { id: contest } }, { token: student.token })
    assert.deepEqual(await titles(student.token), ['Open'], 'the contest has not begun')
    goTo(minute(2))
    assert.deepEqual([await titles(student.token), await titles(other.token)], [['Open', 'Shown'], ['Open']])
    assert.deepEqual(await titles(teacher.token), ['Hidden', 'Open', 'Shown'])
    assert.equal((await arena().call('GET /api/problem-titles', { query: { ids: 'all' } }, { token: student.token })).status, 400)
    assert.equal((await arena().call('GET /api/problem-titles', { query: { ids: open } })).status, 401)
  })
})

describe('guessing by machine', () => {
  it('is slowed down', async () => {
    const id = await makeProblem(arena(), { ...choice, ...sample })
    let refused = 0
    for (let tries = 0; tries < 700 && refused === 0; tries++) if ((await check(id, { choices: ['up'] })).status === 429) refused = tries
    assert.ok(refused > 300, `refused after ${refused}`)
  })
})
