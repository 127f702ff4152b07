import assert from 'node:assert/strict'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { type Case, parseCase, readCorpus } from './cases.ts'
import { findProblems, type Judged } from './finding.ts'
import { summaryOf, tableLines } from './table.ts'

const text = `/*
about: adds
expect: [AC, WA]
limits: { cpuMs: 200, memoryMiB: 32, outputKiB: 64 }
tests:
  - { in: "1 2\\n", out: "3\\n", verdict: AC }
  - in: { repeat: "ab", times: 3 }
cpuMs: [10, 20]
says: the (log|remark)
*/
int main(void) {}
`
const parsed = parseCase('hostile/memory/adds.c', text)

describe('a case of the corpus', () => {
  it('is a program whose first comment says what it is judged by', () => {
    const { source, says, ...rest } = parsed
    assert.equal(source, `${'\n'.repeat(10)}int main(void) {}\n`, 'lines keep their numbers, and nothing of what is expected stays')
    assert.ok(says?.test('the remark'))
    assert.deepEqual(rest, {
      id: 'hostile/memory/adds.c',
      hostile: true,
      about: 'adds',
      language: 'c',
      expect: ['AC', 'WA'],
      limits: { cpuMs: 200, memoryBytes: 32 * 1024 ** 2, outputBytes: 65_536 },
      compare: {},
      tests: [
        { input: '1 2\n', output: '3\n', verdict: 'AC' },
        { input: 'ababab', output: '', verdict: undefined },
      ],
      runsAll: false,
      bounds: { cpuMs: [10, 20], wallMs: undefined, memoryMiB: undefined },
      processor: undefined,
      escapesBare: false,
    })
  })
  it('is refused, by its name, when a word of it is unknown or missing', () => {
    assert.throws(() => parseCase('plain/c/x.c', 'int main(void) {}\n'), /plain\/c\/x\.c/)
    assert.throws(() => parseCase('plain/c/x.c', '/*\nabout: x\nexpect: AC\ntest: []\n*/\n'), /plain\/c\/x\.c.*test/)
    assert.throws(() => parseCase('plain/c/x.c', '/*\nabout: x\nexpect: FINE\n*/\n'), /plain\/c\/x\.c.*expect/)
    assert.throws(() => parseCase('plain/c/x.c', '/*\nabout: a: b\nexpect: AC\n*/\n'), /plain\/c\/x\.c/)
    assert.throws(() => parseCase('plain/x.bas', '/*\nabout: x\nexpect: AC\n*/\n'), /which language/)
  })
})

describe('what was judged', () => {
  const judged: Judged = {
    verdict: 'AC',
    cpuMs: 15,
    wallMs: 20,
    memoryBytes: 1024 ** 2,
    compileLog: null,
    tests: [{ verdict: 'AC', detail: 'the remark' }, { verdict: 'AC' }],
  }
  const problems = (given: Partial<Judged>, of: Case = parsed) => findProblems(of, { ...judged, ...given }, 'the secret')
  it('is right when verdict, tests, bounds and words are as the case says', () => assert.deepEqual(problems({}), []))
  it('is wrong by its verdict, with what was told', () => assert.match(problems({ verdict: 'RE' })[0] ?? '', /^RE instead of AC or WA: the remark/))
  it('is wrong by a test', () => assert.match(problems({ tests: [{ verdict: 'WA', detail: 'the remark' }] })[0] ?? '', /^test 1 is WA instead of AC/))
  it('is wrong by a figure out of its bounds', () => {
    assert.deepEqual(problems({ cpuMs: 21 }), ['CPU ms 21.0 is not within 10 to 20'])
    assert.deepEqual(problems({}, { ...parsed, bounds: { cpuMs: undefined, wallMs: [21, 30], memoryMiB: [2, 3] } }), [
      'elapsed ms 20.0 is not within 21 to 30',
      'MiB 1.0 is not within 2 to 3',
    ])
  })
  it('is wrong when nothing says what should be said', () => assert.match(problems({ tests: [{ verdict: 'AC' }] })[0] ?? '', /nothing told fits/))
  it('is wrong whenever the secret of the host comes back', () =>
    assert.deepEqual(problems({ compileLog: 'the remark of the secret' }), ["the host's secret came back"]))
})

describe('the table of a check', () => {
  const result = { case: parsed, problems: [], elapsedMs: 12.3 }
  it('has a line for what is right, and says below what is wrong', () => {
    assert.match(tableLines(result)[0] ?? '', /^hostile\/memory\/adds\.c .* ok$/)
    const wrong = tableLines({ ...result, problems: ['RE instead of AC\nin two lines'] })
    assert.match(wrong[0] ?? '', /FAILED$/)
    assert.equal(wrong[1], '    RE instead of AC\n    in two lines')
    assert.match(tableLines({ ...result, skipped: 'no compiler' })[0] ?? '', /skipped: no compiler$/)
  })
  it('ends with a sum', () => {
    const results = [result, { ...result, problems: ['x'] }, { ...result, skipped: 'x' }]
    assert.equal(summaryOf(results, []), '1 ok, 1 failed, 1 skipped (2 hostile programs were judged); nothing was left on the host')
    assert.match(summaryOf([], ['a process']), /1 finding on the host/)
  })
})

describe('the corpus', () => {
  const cases = readCorpus(join(import.meta.dirname, '..', '..', '..', '..', 'judge-corpus'))
  const having = <K extends keyof Case>(key: K, value: Case[K]) => cases.filter((each) => each[key] === value).length
  it('is large enough to mean something: 250 programs, 150 of them hostile, in six languages, with every verdict', () => {
    assert.ok(cases.length >= 250, `${cases.length} cases`)
    assert.ok(having('hostile', true) >= 150, `${having('hostile', true)} hostile cases`)
    for (const language of ['c', 'cpp', 'python', 'java', 'javascript', 'typescript']) assert.ok(having('language', language) >= 4, language)
    const verdicts = new Set(cases.flatMap((each) => (each.expect.length === 1 ? each.expect : [])))
    assert.deepEqual([...verdicts].sort(), ['AC', 'CE', 'MLE', 'OLE', 'RE', 'TLE', 'WA'])
  })
  it('can fail: what tells of an escape says so, and never expects it', () => {
    for (const each of cases) assert.ok(!each.tests.some((test) => test.output.includes('ESCAPED')), each.id)
    for (const each of cases.filter(({ escapesBare }) => escapesBare)) assert.match(each.source, /ESCAPED|SECRET|stolen/, each.id)
  })
})
