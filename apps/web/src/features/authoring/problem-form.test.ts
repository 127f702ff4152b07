import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Problem } from '#contracts/contest'
import { emptyProblemForm, formOf, formProblems, newProblem, nextOptionId, type ProblemForm, problemChange } from './problem-form.ts'

const base: ProblemForm = { ...emptyProblemForm, title: ' Speed ', statement: 'How fast?', tags: 'Motion, motion; easy!' }

test('a choice question names its right options by id', () => {
  const form: ProblemForm = {
    ...base,
    options: [
      { id: 'a', text: '3', correct: false },
      { id: 'b', text: ' 4 ', correct: true },
    ],
  }
  assert.deepEqual(formProblems(form), [])
  assert.deepEqual(newProblem(form), {
    kind: 'choice',
    title: 'Speed',
    subject: 'physics',
    tags: ['motion', 'easy'],
    public: false,
    statement: 'How fast?',
    options: [
      { id: 'a', text: '3' },
      { id: 'b', text: '4' },
    ],
    correct: ['b'],
    multiple: false,
  })
})

test('an unusable form says each thing that is wrong', () => {
  assert.deepEqual(formProblems(emptyProblemForm), ['titleMissing', 'statementMissing', 'optionEmpty', 'correctMissing'])
  assert.deepEqual(
    formProblems({
      ...base,
      options: [
        { id: 'a', text: 'x', correct: true },
        { id: 'b', text: 'y', correct: true },
      ],
    }),
    ['correctMany'],
  )
  assert.deepEqual(formProblems({ ...base, kind: 'numeric', answer: 'ten', absolute: 'a bit' }), ['answerBad', 'absoluteBad'])
  assert.deepEqual(formProblems({ ...base, kind: 'program', cpuSeconds: '0' }), ['cpuBad', 'testsMissing'])
})

test('a number goes out as decimal text, never as a double', () => {
  const body = newProblem({ ...base, kind: 'numeric', answer: ' 9.80665 ', relative: '1e-3', unit: ' m/s^2 ' })
  assert.deepEqual(
    { ...body, title: '', tags: [], statement: '' },
    {
      kind: 'numeric',
      title: '',
      subject: 'physics',
      tags: [],
      public: false,
      statement: '',
      answer: '9.80665',
      tolerance: { relative: '1e-3' },
      unit: 'm/s^2',
    },
  )
})

test("a program's limits go out in ms and bytes, its tests with a last line feed, empty rows left out", () => {
  const body = newProblem({
    ...base,
    kind: 'program',
    cpuSeconds: '1.5',
    memoryMiB: '64',
    samples: [{ input: '1 2', output: '3\n', note: '' }],
    tests: [
      { input: '5 5', output: '10' },
      { input: '', output: '' },
    ],
  })
  assert.ok(body.kind === 'program')
  assert.deepEqual(
    [body.limits, body.samples, body.tests],
    [{ cpuMs: 1500, memoryBytes: 64 * 1024 ** 2 }, [{ input: '1 2\n', output: '3\n' }], [{ input: '5 5\n', output: '10\n' }]],
  )
})

const stored: Problem = {
  id: 'p',
  ownerId: 'o',
  kind: 'program',
  title: 'Sum',
  subject: 'computer-science',
  tags: ['io'],
  public: true,
  version: 1,
  updatedAt: '',
  statementHtml: '<p>Add</p>',
  limits: { cpuMs: 1000, memoryBytes: 256 * 1024 ** 2, sourceBytes: 1000 },
  samples: [{ input: '1\n', output: '1\n' }],
  authoring: { statement: 'Add', compare: { caseSensitive: true }, tests: [], usedIn: [], samples: [{ input: '1\n', output: '1\n', note: 'why' }] },
}

test('opening and saving unchanged sends nothing, and keeps what the form does not show', () => {
  const form = formOf(stored)
  assert.deepEqual(problemChange(form, form), {})
  assert.deepEqual(problemChange(form, { ...form, cpuSeconds: '2' }), { limits: { cpuMs: 2000, memoryBytes: 256 * 1024 ** 2, sourceBytes: 1000 } })
})

test('a kind of comparison is sent with what it knows, and asks for its tolerance', () => {
  const form = formOf(stored)
  const changed = (change: Partial<ProblemForm>) => problemChange(form, { ...form, ...change })
  assert.deepEqual(changed({ compareKind: 'lines', floatTolerance: '0.5' }), { compare: { kind: 'lines' } })
  assert.deepEqual(changed({ floatTolerance: '0.5' }), { compare: { caseSensitive: true, floatAbsoluteTolerance: 0.5, floatRelativeTolerance: 0.5 } })
  const floats = { kind: 'floats', floatAbsoluteTolerance: 0, floatRelativeTolerance: 0 } as const
  assert.deepEqual(changed({ compareKind: 'floats', floatTolerance: '0' }), { compare: floats })
  assert.ok(formProblems({ ...form, compareKind: 'floats' }).includes('toleranceBad'))
  assert.ok(!formProblems({ ...form, compareKind: 'exact', floatTolerance: 'x' }).includes('toleranceBad'))
  const reopened = formOf({ ...stored, authoring: { ...stored.authoring, statement: 'Add', usedIn: [], compare: { kind: 'unordered-lines' } } })
  assert.deepEqual([reopened.compareKind, problemChange(reopened, { ...reopened, compareKind: 'default' })], ['unordered-lines', { compare: {} }])
})

test('hidden tests are sent only when they are replaced', () => {
  const form = formOf(stored)
  const change = problemChange(form, { ...form, title: 'Sums', replacesTests: true, tests: [{ input: '2', output: '2' }] })
  assert.deepEqual(change, { title: 'Sums', tests: [{ input: '2\n', output: '2\n' }] })
})

test('tests that were typed but not chosen to replace the others are not sent', () => {
  const form = formOf(stored)
  assert.deepEqual(problemChange(form, { ...form, tests: [{ input: '2', output: '2' }] }), {})
})

test('a unit that was taken away is sent as null', () => {
  const form: ProblemForm = { ...base, kind: 'numeric', answer: '1', unit: 'm' }
  assert.deepEqual(problemChange(form, { ...form, unit: '' }), { unit: null })
})

test('option ids never collide', () => {
  assert.equal(
    nextOptionId([
      { id: 'a', text: '', correct: false },
      { id: 'c', text: '', correct: false },
    ]),
    'b',
  )
})
