import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { layoutOf } from './package-layout.ts'
import { type SettingTexts, settingsOf } from './package-settings.ts'
import { fromMarkdown, fromTex } from './package-statement.ts'

const least = ['problem.yaml', 'data/secret/1.in', 'data/secret/1.ans']
const layout = (...paths: string[]) => {
  const read = layoutOf([...least, ...paths])
  if (!read.ok) throw new Error(read.error)
  return read.value
}
const settings = (problemYaml: string, more: Partial<SettingTexts> = {}) =>
  settingsOf({ problemYaml, yamlFiles: new Map(), testSettings: [[]], timelimit: undefined, domjudgeIni: undefined, outputValidator: false, ...more })
/** Every test has all the files, outermost first, unless told. */
const flagsIn = (files: Readonly<Record<string, string>>, testSettings: readonly (readonly string[])[] = [Object.keys(files)]) => ({
  yamlFiles: new Map(Object.entries(files)),
  testSettings,
})
const kept = (problemYaml: string, more: Partial<SettingTexts> = {}) => {
  const read = settings(problemYaml, more)
  if (!read.ok) throw new Error(read.error)
  return read.value
}
const refusal = (problemYaml: string, more: Partial<SettingTexts> = {}) => {
  const read = settings(problemYaml, more)
  return read.ok ? 'taken' : read.error
}

describe('the files of a package', () => {
  it('put samples first, each folder in the order of names, subfolders included', () => {
    const { tests } = layout(
      'data/secret/10.in',
      'data/secret/10.ans',
      'data/secret/g/2.in',
      'data/secret/g/2.ans',
      'data/sample/b.in',
      'data/sample/b.ans',
      'data/sample/a.in',
      'data/sample/a.ans',
    )
    assert.deepEqual(
      tests.map(({ name }) => name),
      ['sample a', 'sample b', '1', '10', 'g/2'],
    )
  })

  it('may lie in one folder, and litter does not count', () => {
    const read = layoutOf(['__MACOSX/._x', 'x/.DS_Store', ...least.map((path) => `x/${path}`)])
    assert.equal(read.ok && read.value.top, 'x/')
    assert.equal(layoutOf(least.map((path, at) => `${at ? 'x' : 'y'}/${path}`)).ok, false)
    assert.equal(layoutOf([]).ok, false)
  })

  it('prefer Markdown to TeX and English to others', () => {
    const best = (...paths: string[]) => layout(...paths).statement?.path
    assert.equal(best('problem_statement/problem.tex', 'problem_statement/problem.sv.md'), 'problem_statement/problem.sv.md')
    assert.equal(best('statement/problem.fr.md', 'statement/problem.en.md', 'statement/problem.md'), 'statement/problem.en.md')
    assert.equal(best('problem_statement/problem.rw.tex', 'problem_statement/problem.tex'), 'problem_statement/problem.tex')
    assert.equal(best('problem_statement/readme.md'), undefined)
  })

  it('come in pairs', () => {
    assert.match(String(Object.values(layoutOf([...least, 'data/secret/2.in']))), /data\/secret\/2.in has no .ans/)
    assert.match(String(Object.values(layoutOf([...least, 'data/sample/2.ans']))), /data\/sample\/2.ans has no .in/)
    assert.match(String(Object.values(layoutOf([...least, 'data/sample/1.interaction']))), /interactive/)
  })

  it('that are not used are named', () => {
    const { warnings } = layout(
      'include/x.h',
      'attachments/a',
      'generators/g',
      'output_validators/v',
      'input_validators/i',
      'data/secret/g/testdata.yaml',
      'data/secret/testdata.yaml',
    )
    assert.deepEqual(warnings, [
      'of single test groups only the validator’s flags are kept: data/secret/g/testdata.yaml',
      'its input validators are not run yet',
      'not used: attachments/, generators/, include/ and 1 more',
    ])
    const only = layoutOf(['problem.yaml', 'data/sample/1.in', 'data/sample/1.ans'])
    assert.deepEqual(only.ok && only.value.warnings, ['there are no hidden tests, only samples'])
  })
})

describe('the settings of a package', () => {
  it('take the name in English first', () => {
    assert.equal(kept('name: {sv: Hej, en: Hello}').title, 'Hello')
    assert.equal(kept('name: {sv: Hej}').title, 'Hej')
    assert.equal(kept('name: 2048').title, '2048')
    assert.equal(kept('author: x', { domjudgeIni: "name = 'From the ini'" }).title, 'From the ini')
  })

  it('find the time limit in problem.yaml, the ini, .timelimit, in this order', () => {
    const more = { domjudgeIni: "timelimit='2.5'\n", timelimit: '3\n' }
    assert.equal(kept('limits: {time_limit: 1.25}', more).limits.cpuMs, 1250)
    assert.equal(kept('name: x', more).limits.cpuMs, 2500)
    assert.equal(kept('name: x', { timelimit: '3\n' }).limits.cpuMs, 3000)
    const none = kept('name: x')
    assert.deepEqual([none.limits.cpuMs, none.warnings], [2000, ['the package states no time limit; it is 2 s now']])
  })

  it('bring limits within what the arena allows, and say so', () => {
    const { limits, warnings } = kept('limits: {time_limit: 600, memory: 100000, output: 1000000, code: 128}')
    assert.deepEqual(limits, { cpuMs: 60_000, memoryBytes: 2 ** 31, outputBytes: 2 ** 28, sourceBytes: 65_536 })
    assert.equal(warnings.length, 4)
    assert.deepEqual(kept('limits: {time_limit: -1, memory: many}').limits, { cpuMs: 2000, memoryBytes: 512 * 2 ** 20 })
  })

  it('keep the flags of the default validator', () => {
    const flags = (text: string) => kept(`validator_flags: ${text}`).compare
    assert.deepEqual(flags('float_tolerance 1e-6'), { floatAbsoluteTolerance: 1e-6, floatRelativeTolerance: 1e-6 })
    assert.deepEqual(flags('float_relative_tolerance 1e-6 case_sensitive space_change_sensitive'), {
      floatRelativeTolerance: 1e-6,
      caseSensitive: true,
      spaceChangeSensitive: true,
    })
    assert.deepEqual(kept('name: x').compare, {})
  })

  it('find flags for each test: those of problem.yaml, then of its innermost group or its own', () => {
    const files = {
      'data/testdata.yaml': 'output_validator_flags: float_tolerance 0.5',
      'data/secret/testdata.yaml': '',
      'data/secret/g/test_group.yaml': 'output_validator_args: [space_change_sensitive, float_absolute_tolerance, 0.25]',
      'data/secret/g/1.yaml': 'output_validator_args: []',
      'data/secret/h/testdata.yaml': 'output_validator_flags: {name: default, flags: float_relative_tolerance 1e-3}',
    }
    const [all, secret, g, own, h] = Object.keys(files) as [string, string, string, string, string]
    const read = kept('validator_flags: case_sensitive', flagsIn(files, [[all], [all, secret], [all, secret, g], [all, secret, g, own], [all, h]]))
    assert.deepEqual(read.compare, { caseSensitive: true, floatAbsoluteTolerance: 0.5, floatRelativeTolerance: 0.5 })
    assert.deepEqual(read.testCompare, [
      undefined,
      undefined,
      { caseSensitive: true, spaceChangeSensitive: true, floatAbsoluteTolerance: 0.25 },
      { caseSensitive: true },
      { caseSensitive: true, floatRelativeTolerance: 1e-3 },
    ])
  })

  it('take the later of two tolerances in the legacy format, and refuse them in those after it', () => {
    const twice = 'validator_flags: float_tolerance 0.5 float_absolute_tolerance 0.25'
    assert.deepEqual(kept(twice).compare, { floatAbsoluteTolerance: 0.25, floatRelativeTolerance: 0.5 })
    const args = (words: string) => flagsIn({ 'data/secret/test_group.yaml': `output_validator_args: [${words}]` })
    assert.match(refusal('problem_format_version: 2025-09', args('float_tolerance, 0.5, float_absolute_tolerance, 0.25')), /second time/)
    assert.match(refusal('problem_format_version: 2025-09', args('float_absolute_tolerance, 0.5, float_absolute_tolerance, 0.5')), /second time/)
    const both = kept('problem_format_version: 2025-09', args('float_absolute_tolerance, 0.5, float_relative_tolerance, 1.e-1')).compare
    assert.deepEqual(both, { floatAbsoluteTolerance: 0.5, floatRelativeTolerance: 0.1 })
  })

  it('refuse what would change verdicts unread', () => {
    assert.match(refusal('validator_flags: case_insensitive'), /flag case_insensitive/)
    assert.match(refusal('validator_flags: float_tolerance'), /no number/)
    assert.match(refusal('validator_flags: float_tolerance -1'), /no number/)
    assert.match(refusal('validation: custom'), /later/)
    assert.match(refusal('validation: custom interactive'), /interactive/)
    assert.match(refusal('name: x', { outputValidator: true }), /output validator/)
    assert.match(refusal('type: [pass-fail, multi-pass]'), /multi-pass/)
    assert.match(refusal('- a\n- b'), /not a list of settings/)
    assert.match(refusal('a: [b'), /not YAML/)
    assert.match(refusal('name: x', flagsIn({ 'data/testdata.yaml': 'a: [b' })), /data\/testdata.yaml is not YAML/)
    for (const number of ['0x10', '0b1', 'inf', '1e', '1,5', '1e999', '-0.1', 'case_sensitive'])
      assert.match(refusal(`validator_flags: float_tolerance ${number}`), /no number/)
  })

  it('bound what is read of them', () => {
    assert.match(refusal(Array.from({ length: 50_000 }, (_, at) => `k${at}: 1`).join('\n')), /longer than/)
    assert.match(refusal(`a: &a [x]\nb: [${'*a, '.repeat(100)}]`), /not YAML/)
    assert.notEqual(refusal('['.repeat(19_000)), 'taken')
  })

  it('make tags of the keywords', () => {
    assert.deepEqual(kept('keywords: Graph Theory, dp').tags, ['graph', 'theory', 'dp'])
    assert.deepEqual(kept('keywords: [Graph Theory, "--x--", ""]').tags, ['graph-theory', 'x'])
  })
})

describe('the statement of a package', () => {
  it('loses what only other tools understand', () => {
    assert.deepEqual(fromMarkdown('a {{nextsample}} b ![](x.png)').statement, 'a  b ![](x.png)')
    assert.equal(fromMarkdown('![](x.png)').warnings.length, 1)
  })

  it('is readable when it is TeX', () => {
    const { statement, title, warnings } = fromTex(
      '\\problemname{Sums}\n% comment\nGiven $n$~and 5\\% of \\emph{it}.\n\\section*{Input}\n\\begin{itemize}\n  \\item One \\texttt{x}\n\\end{itemize}\n\\[ x^2 \\]\n',
    )
    assert.equal(title, 'Sums')
    assert.equal(warnings.length, 1)
    assert.equal(statement, 'Given $n$ and 5\\% of *it*.\n\n## Input\n\n- One `x`\n\n$$ x^2 $$')
  })

  it('is read in time linear in its length', () => {
    const before = performance.now()
    for (const text of ['\\emph{', '\\section{', '%', '\\item ', ' \t', '\\illustration[', '``', '\\begin{itemize}[', '{{', '{{ nextsample', '\n']) {
      fromTex(text.repeat(Math.floor(1_000_000 / text.length)))
      fromMarkdown(text.repeat(Math.floor(1_000_000 / text.length)))
    }
    assert.ok(performance.now() - before < 10_000)
  })
})
