import assert from 'node:assert/strict'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { filesOf } from '../../test/folder-files.ts'
import { openArchive } from './package-archive.ts'
import { planKattis } from './package-kattis.ts'
import { openReport, type PackagePlan } from './package-plan.ts'
import { planPolygon } from './package-polygon.ts'
import { fromMarkdown, readStatements } from './package-statement.ts'
import { fromTex } from './package-tex.ts'

type Texts = Readonly<Record<string, string>>
const least: Texts = { 'problem.yaml': 'name: x', 'data/secret/1.in': '', 'data/secret/1.ans': '' }
const planOf = (texts: Texts, plan = planKattis) => {
  const report = openReport()
  return { plan: plan({ paths: Object.keys(texts), texts: new Map(Object.entries(texts)), report }), ...report }
}
const kept = (texts: Texts): PackagePlan => {
  const { plan, complaints } = planOf({ ...least, ...texts })
  assert.deepEqual(complaints, [])
  return plan
}
const yaml = (text: string, more: Texts = {}): PackagePlan => kept({ 'problem.yaml': text, ...more })
const refusal = (texts: Texts): string => planOf({ ...least, ...texts }).complaints.join('; ')
const refusedYaml = (text: string, more: Texts = {}) => refusal({ 'problem.yaml': text, ...more })
const tests = (...stems: string[]): Texts =>
  Object.fromEntries(
    stems.flatMap((stem) => [
      [`data/${stem}.in`, ''],
      [`data/${stem}.ans`, ''],
    ]),
  )
const ofFixture = (name: string, plan = planKattis) => {
  const files = filesOf(join(import.meta.dirname, '../../test/packages', name))
  return planOf(Object.fromEntries(Object.entries(files).map(([path, bytes]) => [path, bytes.toString()])), plan)
}

describe('the files of an archive', () => {
  const open = (...paths: string[]) => {
    const report = openReport()
    return {
      archive: openArchive(
        paths.map((path) => ({ path, size: 1 })),
        report,
      ),
      complaints: report.complaints.join('; '),
    }
  }
  it('may lie in one folder, and litter does not count', () => {
    const { archive } = open('__MACOSX/._x', 'x/.DS_Store', 'x/problem.yaml', 'x/data/1.in')
    assert.deepEqual([archive?.top, archive?.isPolygon, archive?.entries.map(({ path }) => path)], ['x/', false, ['problem.yaml', 'data/1.in']])
    assert.equal(open('problem.xml').archive?.isPolygon, true)
    assert.match(open('x/problem.yaml', 'y/a').complaints, /no problem.yaml/)
    assert.match(open().complaints, /no problem.yaml/)
  })
  it('have names that every system can read', () => {
    for (const name of ['data/NUL', 'data/con.in', 'Aux/x', 'lpt1.txt']) assert.match(open('problem.yaml', name).complaints, /devices/, name)
    for (const name of ['a\u0001b', 'a\uFFFDb', 'a\nb']) assert.match(open('problem.yaml', name).complaints, /no text/, name)
    assert.match(open('problem.yaml', 'a/'.repeat(30)).complaints, /deeper/)
    assert.equal(open('problem.yaml', 'data/console.in', 'nullable').complaints, '')
  })
})

describe('the tests of a package', () => {
  it('put samples first, each folder in the order of names, subfolders among them', () => {
    const { tests: read } = kept(tests('secret/10', 'secret/g/2', 'sample/b', 'sample/a', 'secret/g-1'))
    assert.deepEqual(
      read.map(({ name, sample }) => `${sample ? 'sample ' : ''}${name}`),
      ['sample a', 'sample b', '1', '10', 'g/2', 'g-1'],
    )
  })
  it('come in pairs, and every one that does not is told', () => {
    const said = refusal({ 'data/secret/2.in': '', 'data/secret/3.ans': '' })
    assert.match(said, /data\/secret\/2.in has no .ans/)
    assert.match(said, /data\/secret\/3.ans has no .in/)
    assert.match(refusal(Object.fromEntries(Array.from({ length: 1_001 }, (_, at) => Object.entries(tests(`secret/${at}`))).flat())), /more than 1000 tests/)
    assert.match(planOf({ 'problem.yaml': 'name: x' }).complaints.join(), /no tests/)
  })
  it('show what the format says of samples: statement files, an output, a talk', () => {
    const shown = (more: Texts, settings = 'name: x') => yaml(settings, { ...tests('sample/1'), ...more }).tests[0]?.shown
    assert.equal(shown({}), undefined)
    assert.deepEqual(shown({ 'data/sample/1.in.statement': '' }), { input: 'data/sample/1.in.statement', output: 'data/sample/1.ans' })
    assert.deepEqual(shown({ 'data/sample/1.out': '' }), { input: 'data/sample/1.in', output: 'data/sample/1.out' })
    const interactive = { 'output_validators/v.py': '' }
    assert.equal(shown(interactive, 'validation: custom interactive'), 'none')
    const talk = shown({ ...interactive, 'data/sample/1.interaction': '' }, 'validation: custom interactive')
    assert.deepEqual(talk, { interaction: 'data/sample/1.interaction' })
  })
})

describe('the settings of a package', () => {
  it('take the name in English first, and the ini where there is none', () => {
    assert.equal(yaml('name: {sv: Hej, en: Hello}').title, 'Hello')
    assert.equal(yaml('name: {sv: Hej}').title, 'Hej')
    assert.equal(yaml('name: 2048').title, '2048')
    assert.equal(yaml('author: x', { 'domjudge-problem.ini': "name = 'From the ini'" }).title, 'From the ini')
  })
  it('find the time limit in problem.yaml, the ini, .timelimit, in this order', () => {
    const more = { 'domjudge-problem.ini': "timelimit='2.5'\n", '.timelimit': '3\n' }
    assert.equal(yaml('limits: {time_limit: 1.25}', more).limits.cpuMs, 1250)
    assert.equal(yaml('name: x', more).limits.cpuMs, 2500)
    assert.equal(yaml('name: x', { '.timelimit': '3\n' }).limits.cpuMs, 3000)
    const none = planOf(least)
    assert.deepEqual([none.plan.limits.cpuMs, none.warnings], [2000, ['the package states no time limit; it is 2 s now']])
  })
  it('bring limits within what the arena allows, and say so', () => {
    const { plan, warnings } = planOf({ ...least, 'problem.yaml': 'limits: {time_limit: 600, memory: 100000, output: 1000000, code: 128}' })
    assert.deepEqual(plan.limits, { cpuMs: 60_000, memoryBytes: 2 ** 31, outputBytes: 2 ** 28, sourceBytes: 65_536 })
    assert.equal(warnings.length, 4)
    assert.deepEqual(yaml('limits: {time_limit: -1, memory: many}').limits, { cpuMs: 2000, memoryBytes: 512 * 2 ** 20 })
  })
  it('keep the flags of the default validator, test by test', () => {
    const texts = {
      'problem.yaml': 'validator_flags: case_sensitive',
      'data/testdata.yaml': 'output_validator_flags: float_tolerance 0.5',
      'data/secret/g/testdata.yaml': 'output_validator_flags: space_change_sensitive float_absolute_tolerance 0.25',
      'data/secret/g/1.yaml': 'output_validator_args: []',
      'data/secret/h/testdata.yaml': 'output_validator_flags: {name: default, flags: float_relative_tolerance 1e-3}',
      ...tests('secret/2', 'secret/g/1', 'secret/g/2', 'secret/h/1'),
    }
    const { compare, tests: read } = kept(texts)
    assert.deepEqual(compare, { caseSensitive: true, floatAbsoluteTolerance: 0.5, floatRelativeTolerance: 0.5 })
    assert.deepEqual(
      read.map((test) => test.compare),
      [
        undefined,
        undefined,
        { caseSensitive: true },
        { caseSensitive: true, spaceChangeSensitive: true, floatAbsoluteTolerance: 0.25 },
        { caseSensitive: true, floatRelativeTolerance: 1e-3 },
      ],
    )
  })
  it('take the later of two tolerances in the legacy format, and refuse them in those after it', () => {
    const twice = 'validator_flags: float_tolerance 0.5 float_absolute_tolerance 0.25'
    assert.deepEqual(yaml(twice).compare, { floatAbsoluteTolerance: 0.25, floatRelativeTolerance: 0.5 })
    const args = (words: string) => ({ 'data/secret/test_group.yaml': `output_validator_args: [${words}]` })
    assert.match(refusedYaml('problem_format_version: 2025-09', args('float_tolerance, 0.5, float_absolute_tolerance, 0.25')), /second time/)
    const both = yaml('problem_format_version: 2025-09', args('float_absolute_tolerance, 0.5, float_relative_tolerance, 1.e-1')).compare
    assert.deepEqual(both, { floatAbsoluteTolerance: 0.5, floatRelativeTolerance: 0.1 })
  })
  it('refuse what would change verdicts unread', () => {
    assert.match(refusedYaml('validator_flags: case_insensitive'), /flag case_insensitive/)
    assert.match(refusedYaml('validator_flags: float_tolerance'), /no number/)
    for (const number of ['0x10', '0b1', 'inf', '1e', '1,5', '1e999', '-0.1', 'case_sensitive'])
      assert.match(refusedYaml(`validator_flags: float_tolerance ${number}`), /no number/)
    assert.match(refusedYaml('validation: custom'), /output_validators\/ has none/)
    assert.match(refusedYaml('validation: custom multi-pass'), /multi-pass/)
    assert.match(refusedYaml('type: scoring\ngrading: {objective: min}'), /objective: min/)
    assert.match(refusedYaml('problem_format_version: 2025-09\ntype: [pass-fail, multi-pass]'), /multi-pass/)
    assert.match(refusedYaml('problem_format_version: 2025-09\ntype: interactive'), /no output validator/)
    assert.match(refusedYaml('problem_format_version: 2025-09\nlanguages: [kotlin]'), /no language/)
    assert.match(refusal({ 'problem.yaml': 'problem_format_version: 2025-09', 'static_validator/v.py': '' }), /static validator/)
    assert.match(refusal({ 'data/testdata.yaml': 'grading: custom' }), /grading: custom/)
    assert.match(refusal({ 'data/secret/1.files/x': '' }), /come with files/)
    assert.match(refusedYaml('- a\n- b'), /not a list of settings/)
    assert.match(refusedYaml('a: [b'), /not YAML/)
    assert.match(refusal({ 'data/testdata.yaml': 'a: [b' }), /data\/testdata.yaml is not YAML/)
  })
  it('bound what is read of them', () => {
    assert.match(refusedYaml(Array.from({ length: 50_000 }, (_, at) => `k${at}: 1`).join('\n')), /longer than/)
    assert.match(refusedYaml(`a: &a [x]\nb: [${'*a, '.repeat(100)}]`), /not YAML/)
    assert.notEqual(refusedYaml('['.repeat(19_000)), '')
  })
  it('make tags of the keywords', () => {
    assert.deepEqual(yaml('keywords: Graph Theory, dp').tags, ['graph', 'theory', 'dp'])
    assert.deepEqual(yaml('keywords: [Graph Theory, "--x--", ""]').tags, ['graph-theory', 'x'])
  })
})

describe('programs of a package', () => {
  const custom = (files: Texts) => planOf({ ...least, 'problem.yaml': 'validation: custom', ...files })
  it('are the one validator, in the language of its files', () => {
    const { plan } = custom({ 'output_validators/v/check.cc': '', 'output_validators/v/check.h': '' })
    assert.deepEqual(plan.checker?.program, { language: 'cpp20', paths: ['output_validators/v/check.cc', 'output_validators/v/check.h'] })
    assert.equal(custom({ 'output_validators/check.py': '' }).plan.checker?.program.language, 'python')
    const both = { 'output_validators/a.cpp': '', 'output_validators/b.cpp': '' }
    assert.match(custom(both).complaints.join(), /more than one/)
    assert.match(custom({ 'output_validators/v/build': '', 'output_validators/v/a.cpp': '' }).complaints.join(), /script .*build/)
    assert.match(custom({ 'output_validators/v/a.cpp': '', 'output_validators/v/b.py': '' }).complaints.join(), /more than one language/)
    assert.match(custom({ 'output_validators/v.kt': '' }).complaints.join(), /no language the arena knows/)
    assert.match(custom({ 'output_validators/v/sub/a.cpp': '', 'output_validators/v/a.cpp': '' }).complaints.join(), /cannot keep/)
  })
  it('are graders, which make a problem of functions', () => {
    const { plan } = planOf({ ...least, 'include/cpp/lib.h': '', 'include/cpp/main.cpp': '', 'include/python3/grader.py': '' })
    assert.equal(plan.mode, 'function')
    assert.deepEqual(plan.graders?.cpp20, ['include/cpp/main.cpp', 'include/cpp/lib.h'])
    assert.deepEqual(plan.languages, ['cpp', 'cpp20', 'cpp23', 'python', 'pypy'])
    assert.match(refusal({ 'include/cpp/lib.h': '' }), /no source of that language/)
  })
  it('say by folder, tag and submissions.yaml what they should get', () => {
    const { plan, warnings } = planOf({
      ...least,
      'problem.yaml': 'problem_format_version: 2025-09',
      'submissions/accepted/a.cpp': '',
      'submissions/wrong_answer/b.py': '# @EXPECTED_RESULTS@: TIMELIMIT, run_error',
      'submissions/rejected/c.java': '// @EXPECTED_SCORE@: 12.5',
      'submissions/other/d-1.py': '',
      'submissions/other/e.xyz': '',
      'submissions/accepted/two/a.py': '',
      'submissions/accepted/two/b.py': '',
      'submissions/submissions.yaml': 'other/{d,x}-*.py:\n  permitted: [AC, TLE]\n  required: [TLE]\n  score: [10, 20]\n  use_for_time_limit: upper\n',
    })
    const by = new Map(plan.solutions.map((solution) => [solution.path, solution]))
    assert.deepEqual(by.get('accepted/a.cpp')?.expected, { verdicts: ['AC'], permitted: ['AC'], timing: 'fast' })
    assert.deepEqual(by.get('wrong_answer/b.py')?.expected, { verdicts: ['TLE', 'RE'] })
    assert.deepEqual(by.get('rejected/c.java')?.expected.scoreMilli, [12_500, 12_500])
    const { permitted, required, scoreMilli, timing } = by.get('other/d-1.py')?.expected ?? {}
    assert.deepEqual([permitted, required, scoreMilli, timing], [['AC', 'TLE'], ['TLE'], [10_000, 20_000], 'slow'])
    assert.deepEqual([by.get('accepted/two')?.language, by.get('accepted/two')?.paths.length], [null, 2])
    assert.ok(warnings.includes('nothing says what submissions/other/e.xyz should get'))
    assert.ok(!by.has('submissions.yaml'))
  })
})

describe('groups of tests', () => {
  const brief = ({ groups }: PackagePlan) =>
    groups?.map(({ name, parent, maxMilli, combine, verdict, onReject, dependsOn }) => [name, parent, maxMilli, combine, verdict, onReject, ...dependsOn])
  it('of a legacy scoring package follow its default grader', () => {
    const { plan, complaints } = ofFixture('legacy-scoring')
    assert.deepEqual(complaints, [])
    assert.deepEqual(brief(plan), [
      ['sample', null, 0, 'sum', 'always-accept', 'continue'],
      ['secret', null, 100_000, 'sum', 'always-accept', 'continue'],
      ['secret/1-small', 'secret', 30_000, 'min', 'first-error', 'break'],
      ['secret/2-large', 'secret', 70_000, 'min', 'first-error', 'break'],
    ])
    assert.deepEqual(
      plan.tests.map(({ group, points }) => [group, points?.accept]),
      [
        ['sample', 0],
        ['secret/1-small', 30_000],
        ['secret/1-small', 30_000],
        ['secret/2-large', 70_000],
        ['secret/2-large', 70_000],
      ],
    )
  })
  it('of a legacy package inherit settings key by key, and a rejected sample ends the judging unless it says otherwise', () => {
    const { groups } = yaml('type: scoring', { 'data/secret/testdata.yaml': 'accept_score: 2.5', ...tests('sample/1', 'secret/g/1', 'secret/g/2') })
    assert.deepEqual(
      groups?.map(({ name, maxMilli, dependsOn }) => [name, maxMilli, ...dependsOn]),
      [
        ['sample', 1_000],
        ['secret', 7_500, 'sample'],
        ['secret/g', 5_000],
      ],
    )
  })
  it('of a legacy package whose best or worst half counts have an outermost group', () => {
    const { groups } = yaml('type: scoring', { 'data/testdata.yaml': 'grader_flags: max', ...tests('sample/1', 'secret/2') })
    assert.deepEqual(
      groups?.map(({ name, parent, maxMilli, combine }) => [name, parent, maxMilli, combine]),
      [
        ['data', null, 1_000, 'max'],
        ['sample', 'data', 1_000, 'max'],
        ['secret', 'data', 1_000, 'max'],
      ],
    )
  })
  it('of a pass-fail package are there only when they change a verdict', () => {
    assert.equal(yaml('name: x', tests('sample/1', 'secret/g/1')).groups, undefined)
    const any = yaml('name: x', { 'data/secret/testdata.yaml': 'grader_flags: accept_if_any_accepted\non_reject: continue' })
    assert.deepEqual(
      any.groups?.map(({ name, verdict, maxMilli }) => [name, verdict, maxMilli]),
      [['secret', 'accept-if-any', 0]],
    )
  })
  it('that a validator scores need to say what the most is', () => {
    const scored = { 'output_validators/v.py': '' }
    assert.match(refusedYaml('type: scoring\nvalidation: custom score', scored), /no range/)
    assert.deepEqual(
      yaml('type: scoring\nvalidation: custom score', { ...scored, 'data/testdata.yaml': 'range: 0 40' }).groups?.map(({ maxMilli }) => maxMilli),
      [40_000],
    )
  })
  it('of 2025-09 have full marks, needs, and parts that add up to them', () => {
    const { plan, complaints } = ofFixture('current-scoring')
    assert.deepEqual(complaints, [])
    assert.deepEqual(brief(plan), [
      ['sample', null, 0, 'sum', 'first-error', 'continue'],
      ['secret', null, 100_000, 'sum', 'first-error', 'continue'],
      ['secret/1-one', 'secret', 40_000, 'all', 'first-error', 'break', 'sample'],
      ['secret/2-many', 'secret', 35_000, 'sum', 'first-error', 'continue', 'sample', 'secret/1-one'],
      ['secret/3-blank', 'secret', 25_000, 'min', 'first-error', 'break'],
    ])
    const parts = plan.tests.filter(({ group }) => group === 'secret/2-many').map(({ points }) => points?.accept ?? 0)
    assert.deepEqual(parts, [11_667, 11_667, 11_666])
    const unbounded = { 'problem.yaml': 'problem_format_version: 2025-09\ntype: scoring', 'data/secret/test_group.yaml': 'max_score: unbounded' }
    assert.match(refusal(unbounded), /no max_score/)
    assert.match(refusal({ ...unbounded, 'data/secret/test_group.yaml': 'require_pass: secret/none' }), /no group before/)
  })
})

describe('a package of Polygon', () => {
  it('has tests, groups in the order they need each other, a checker of testlib, sections of statements', () => {
    const { plan, complaints } = ofFixture('polygon', planPolygon)
    assert.deepEqual(complaints, [])
    assert.deepEqual(
      [plan.title, plan.limits.cpuMs, plan.checker?.protocol, plan.checker?.program.paths],
      ['Two Factors', 1000, 'testlib', ['files/check.cpp', 'files/testlib.h']],
    )
    assert.deepEqual(
      plan.groups?.map(({ name, maxMilli, combine, dependsOn }) => [name, maxMilli, combine, ...dependsOn]),
      [
        ['sample', 0, 'sum'],
        ['secret', 100_000, 'sum'],
        ['secret/1', 40_000, 'all', 'sample'],
        ['secret/2', 60_000, 'sum', 'secret/1'],
      ],
    )
    assert.deepEqual(
      plan.statements.map(({ language, title, parts }) => [language, title, parts.length]),
      [
        ['en', 'Two Factors', 3],
        ['fr', 'Deux facteurs', 1],
      ],
    )
    assert.deepEqual(
      plan.solutions.map(({ path, expected }) => [path, expected.verdicts[0]]),
      [
        ['accepted/fast.cpp', 'AC'],
        ['accepted/fast.py', 'AC'],
        ['wrong_answer/one.py', 'WA'],
        ['time_limit_exceeded/slow.py', 'TLE'],
      ],
    )
  })
  const polygon = (xml: string, ...paths: string[]) => planOf({ 'problem.xml': xml, ...Object.fromEntries(paths.map((path) => [path, ''])) }, planPolygon)
  const judging = (inside: string, attributes = '') => `<problem><judging ${attributes}><testset name="tests">${inside}</testset></judging></problem>`
  it('without its tests, or with files for programs to read, is refused', () => {
    const listed =
      '<test-count>1</test-count><input-path-pattern>tests/%02d</input-path-pattern><answer-path-pattern>tests/%02d.a</answer-path-pattern><tests><test/></tests>'
    assert.match(polygon(judging(listed)).complaints.join(), /full package/)
    assert.deepEqual(polygon(judging(listed), 'tests/01', 'tests/01.a').complaints, [])
    assert.match(polygon(judging(listed, 'input-file="in.txt"'), 'tests/01', 'tests/01.a').complaints.join(), /standard input/)
    assert.match(polygon('<problem/>').complaints.join(), /names no tests/)
  })
  it('is no way in for entities, depth or other XML', () => {
    const bomb = `<!DOCTYPE problem [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><problem>&b;</problem>`
    assert.match(polygon(bomb).complaints.join(), /not XML/)
    assert.match(polygon('<!DOCTYPE x SYSTEM "file:///etc/passwd"><problem>&x;</problem>').complaints.join(), /not XML/)
    assert.match(polygon('<other/>').complaints.join(), /no <problem>/)
    assert.match(polygon('<problem>'.repeat(50_000)).complaints.join(), /not XML/)
  })
  it('with groups that need each other in a circle is refused', () => {
    const group = (name: string, need: string) =>
      `<group name="${name}" points-policy="complete-group" points="1"><dependencies><dependency group="${need}"/></dependencies></group>`
    const circle = judging(`<tests><test group="a" points="1"/><test group="b" points="1"/></tests><groups>${group('a', 'b')}${group('b', 'a')}</groups>`)
    assert.match(polygon(circle, 'tests/01', 'tests/01.a', 'tests/02', 'tests/02.a').complaints.join(), /depends on/)
  })
  it('has groups whose names say their order, or get a number that does', () => {
    const ten = Array.from({ length: 11 }, (_, at) => at + 1)
    const xml = judging(`<tests>${ten.map((at) => `<test group="${at}" points="1"/>`).join('')}</tests>`)
    const paths = ten.flatMap((at) => [`tests/${String(at).padStart(2, '0')}`, `tests/${String(at).padStart(2, '0')}.a`])
    const names =
      polygon(xml, ...paths)
        .plan.groups?.slice(1)
        .map(({ name }) => name) ?? []
    assert.deepEqual(names, [...names].sort())
    assert.equal(names[10], 'secret/11-11')
  })
})

describe('the statements of a package', () => {
  it('prefer Markdown to TeX and TeX to PDF, one a language', () => {
    const of = (...paths: string[]) =>
      kept(Object.fromEntries(paths.map((path) => [path, '']))).statements.map(({ language, parts }) => [language, parts[0]?.path])
    assert.deepEqual(of('problem_statement/problem.tex', 'problem_statement/problem.sv.md', 'problem_statement/problem.sv.pdf'), [
      ['en', 'problem_statement/problem.tex'],
      ['sv', 'problem_statement/problem.sv.md'],
    ])
    assert.deepEqual(of('problem_statement/readme.md'), [])
  })
  it('are read English first, and a PDF is a link to it', () => {
    const report = openReport()
    const planned = [
      { language: 'fr', title: undefined, parts: [{ path: 'a.md', format: 'markdown' as const }] },
      { language: 'en', title: 'T', parts: [{ path: 'x/problem.en.pdf', format: 'pdf' as const }] },
    ]
    const read = readStatements(planned, new Map([['a.md', 'Bonjour']]), report)
    assert.deepEqual(
      read.map(({ language, statement }) => [language, statement]),
      [
        ['en', '[problem.en.pdf](problem.en.pdf)'],
        ['fr', 'Bonjour'],
      ],
    )
    assert.deepEqual(readStatements([], new Map(), report), [])
    assert.ok(report.warnings.includes('there is no statement'))
  })
  it('lose what only other tools understand', () => {
    assert.equal(fromMarkdown('a {{nextsample}} b ![](x.png)'), 'a  b ![](x.png)')
  })
})

describe('LaTeX', () => {
  const cases: readonly (readonly [string, string])[] = [
    ['Given $n$~and 5\\% of \\emph{it}.', 'Given $n$ and 5% of *it*.'],
    ['a\n% comment\nb 3\\$', 'a\nb 3\\$'],
    ['\\section*{Input}\nx', '## Input\n\nx'],
    ['\\begin{itemize}\n \\item One \\texttt{x}\n \\item two\n\\end{itemize}', '- One `x`\n- two'],
    ['\\begin{enumerate}\\item a\\item b\\end{enumerate}', '1. a\n2. b'],
    ['{\\bf bold} {\\tt mono} \\textit{it}', '**bold** `mono` *it*'],
    ['\\[ x^2 \\] \\( y \\)', '$$ x^2 $$\n\n $y$'],
    ["``q'' --- \\ldots", '“q” — …'],
    ['caf\\\'e \\"{o} \\c{c}', 'café ö ç'],
    ['2*3 a_b #1 [x]', '2\\*3 a\\_b \\#1 \\[x\\]'],
    ['\\includegraphics[width=3cm]{cat.png}', '![](cat.png)'],
    ['\\illustration{0.3}{cat}{A cat}', '![A cat](cat)'],
    ['\\begin{tabular}{ll}\\hline a & b \\\\ \\hline 1 & 2 \\\\ \\end{tabular}', '| a | b |\n| --- | --- |\n| 1 | 2 |'],
    ['\\begin{verbatim}\nint x;\n\\end{verbatim}', '```\nint x;\n\n```'],
    ['\\href{https://x.y}{here} \\url{https://x.y}', '[here](https://x.y) [https://x.y](https://x.y)'],
    ['\\InputFile\nx\n\\OutputFile\ny', '## Input\n\nx\n\n## Output\n\ny'],
    ['\\begin{quote}said\\end{quote}', '> said'],
  ]
  for (const [tex, markdown] of cases) it(`${JSON.stringify(tex)} is readable`, () => assert.equal(fromTex(tex).statement, markdown))
  it('gives a title, and names what it does not know', () => {
    assert.deepEqual(
      [fromTex('\\problemname{Sums \\& more}x').title, fromTex('\\problemname{$x^2$}\n%% plainproblemname: x squared\n').title],
      ['Sums & more', 'x squared'],
    )
    assert.deepEqual(fromTex('\\foo{a} \\bar').unknown, ['\\bar', '\\foo'])
  })
  it('is read in time linear in its length, whatever is left open', () => {
    const before = performance.now()
    const open = [
      '\\emph{',
      '\\section{',
      '%',
      '\\item ',
      ' \t',
      '\\illustration[',
      '``',
      '\\begin{itemize}[',
      '{',
      '\\begin{verbatim}',
      '$',
      '\\(',
      '\n',
      "\\'",
      '- ',
      '\\begin{tabular}{l}',
      '\\begin{itemize}\\item ',
    ]
    for (const text of open) {
      fromTex(text.repeat(Math.floor(1_000_000 / text.length)))
      fromMarkdown(text.repeat(Math.floor(1_000_000 / text.length)))
    }
    assert.ok(performance.now() - before < 20_000)
  })
})
