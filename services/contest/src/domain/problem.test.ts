import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { instant } from '#kernel/time'
import {
  authoringOf,
  type Content,
  judgingOf,
  needsNewVersion,
  problemSnapshot,
  publicView,
  renderProblem,
  type StoredProblem,
  sorted,
  type TestEntry,
} from './problem.ts'

const test = (digest: string, sample: boolean): TestEntry => ({
  name: `secret name ${digest}`,
  sample,
  input: digest,
  inputBytes: 1,
  output: `out-${digest}`,
  outputBytes: 2,
})
const choice: Content = {
  kind: 'choice',
  options: [
    { id: 'a', text: '$1$' },
    { id: 'b', text: '<b>' },
  ],
  correct: ['b'],
  multiple: false,
}
const numeric: Content = { kind: 'numeric', answer: '271828', tolerance: { absolute: '0.001' }, unit: 'kg' }
const program: Content = {
  kind: 'program',
  limits: { cpuMs: 1000, memoryBytes: 2 ** 26, sourceBytes: 500 },
  compare: { caseSensitive: true },
  languages: ['c'],
  samples: [{ input: '1', output: '2', note: '*n*' }],
  tests: [test('s', true), test('h', false)],
}
const stored = (content: Content): StoredProblem => ({
  id: 'p',
  ownerId: 'o',
  title: 'T',
  subject: 'physics',
  tags: [],
  public: true,
  statement: 'the *source*',
  version: 3,
  revision: 5,
  content,
  view: renderProblem('S', content),
  warnings: [],
  language: null,
  translations: [],
  files: [],
  deleted: false,
  updatedAt: instant(0),
})

describe('a problem', () => {
  it('is shown without anything that tells the answer', () => {
    for (const content of [choice, numeric, program]) {
      const text = JSON.stringify(publicView(stored(content), 'now'))
      for (const secret of ['correct', '271828', '0.001', 'secret name', '"h"', 'out-h', 'tests', 'source*', 'authoring'])
        assert.ok(!text.includes(secret), `${content.kind}: ${secret}`)
    }
  })

  it('is rendered with its options and notes', () => {
    const view = publicView(stored(choice), 'now')
    assert.match(view.options?.[0]?.html ?? '', /katex/)
    assert.equal(view.options?.[1]?.html, '&lt;b&gt;')
    assert.deepEqual(publicView(stored(program), 'now').samples, [{ input: '1', output: '2', noteHtml: '<p><em>n</em></p>\n' }])
  })

  it('gives its author the key and the list of tests', () => {
    assert.deepEqual(authoringOf(stored(choice), []).correct, ['b'])
    assert.deepEqual([authoringOf(stored(numeric), []).answer, authoringOf(stored(numeric), []).tolerance], ['271828', { absolute: '0.001' }])
    assert.deepEqual(
      authoringOf(stored(program), []).tests?.map(({ index, sample }) => [index, sample]),
      [
        [1, true],
        [2, false],
      ],
    )
  })

  it('needs a new version when a verdict could change, and not for words', () => {
    assert.equal(needsNewVersion(program, { ...program, samples: [], tests: program.tests.map((each) => ({ ...each, name: 'renamed' })) }), false)
    assert.equal(needsNewVersion(program, { ...program, languages: null }), false)
    assert.equal(
      needsNewVersion(program, { ...program, limits: { memoryBytes: 2 ** 26, sourceBytes: 500, cpuMs: 1000 } }),
      false,
      'the order of keys is the database’s',
    )
    for (const change of [
      { limits: { ...program.limits, cpuMs: 1001 } },
      { compare: {} },
      { tests: program.tests.slice(1) },
      { tests: [...program.tests].reverse() },
    ])
      assert.equal(needsNewVersion(program, { ...program, ...change } as Content), true)
    for (const change of [{ correct: ['a'] }, { multiple: true }, { options: [...choice.options].reverse() }])
      assert.equal(needsNewVersion(choice, { ...choice, ...change } as Content), true)
    for (const change of [{ answer: '3' }, { tolerance: {} }, { unit: null }])
      assert.equal(needsNewVersion(numeric, { ...numeric, ...change } as Content), true)
  })

  it('is judged by exactly what the judge is told', () => {
    assert.deepEqual(judgingOf(choice), { kind: 'choice', optionIds: ['a', 'b'], correct: ['b'] })
    assert.deepEqual(judgingOf(numeric), { kind: 'numeric', answer: '271828', tolerance: { absolute: '0.001' }, unit: 'kg' })
    assert.deepEqual(
      sorted(judgingOf(program)),
      sorted({
        kind: 'program',
        limits: program.limits,
        compare: program.compare,
        tests: [
          { index: 1, sample: true, input: 's', inputBytes: 1, output: 'out-s', outputBytes: 2 },
          { index: 2, sample: false, input: 'h', inputBytes: 1, output: 'out-h', outputBytes: 2 },
        ],
      }),
    )
  })

  it('tells others what accepting a submission needs', () => {
    const told = problemSnapshot(stored(program))
    assert.deepEqual([told.languages, told.sourceBytes, told.optionIds, told.version, told.revision], [['c'], 500, null, 3, 5])
    assert.deepEqual([problemSnapshot(stored(choice)).optionIds, problemSnapshot(stored(choice)).sourceBytes], [['a', 'b'], 65_536])
  })
})
