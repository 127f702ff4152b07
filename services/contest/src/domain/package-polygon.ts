import { parseXml, XmlElement } from '@rgrove/parse-xml'
import type { TestGroup, TestPoints } from '#contracts/judging'
import type { SolutionExpectation } from '#contracts/packages'
import { limitsOf } from './package-limits.ts'
import {
  baseName,
  byName,
  folderOf,
  type KeptFile,
  type PackagePlan,
  type PackageReport,
  type PackageTexts,
  type PlannedCheck,
  type PlannedSolution,
  type PlannedStatement,
  type PlannedTest,
  type SectionName,
  type StatementPart,
  some,
} from './package-plan.ts'
import { languageOfPath } from './package-programs.ts'
import { positive, tagsOf } from './package-yaml.ts'
import { maxTests } from './plan-problem.ts'

/**
 * Full packages of Polygon, whose tests are among the files (`problem.xml`, `tests/`). Its checkers and interactors are testlib's; its groups become
 * groups of tests, a sample that carries points is judged twice: as a sample, which participants may see, and in its group.
 */
type Reading = { readonly paths: readonly string[]; readonly texts: PackageTexts; readonly report: PackageReport }
type Test = { readonly at: number; readonly input: string; readonly output: string; readonly sample: boolean; readonly group: string; readonly milli: number }

export function planPolygon({ paths, texts, report }: Reading): PackagePlan {
  const root = readXml(texts.get('problem.xml') ?? '', report)
  const testset = mainTestset(root, report)
  const judging = child(root, 'judging')
  const inputFile = attribute(judging, 'input-file')
  if (inputFile !== '' || attribute(judging, 'output-file') !== '')
    report.complaints.push('its programs read and write files; here they read standard input and write standard output')
  const read = testset === undefined ? [] : testsOf(testset, new Set(paths), report)
  const grouped = groupsOf(testset, read, report)
  const tests = plannedTests(read, grouped, paths)
  const names = children(child(root, 'names'), 'name')
  const english = names.find((name) => attribute(name, 'language') === 'english') ?? names[0]
  const assets = child(root, 'assets')
  const beside = paths.filter((path) => /^files\/[^/]+\.(h|hpp)$/.test(path))
  const interactor = programOf(child(assets, 'interactor'), { what: 'its interactor', paths, beside, report })
  const checker = programOf(child(assets, 'checker'), { what: 'its checker', paths, beside, report })
  if (checker === undefined && interactor === undefined) report.warnings.push('it has no checker; outputs are compared word by word')
  return {
    format: 'polygon',
    title: attribute(english, 'value').trim().slice(0, 200) || undefined,
    tags: tagsOf(children(child(root, 'tags'), 'tag').map((tag) => attribute(tag, 'value'))),
    limits: limitsOf(
      {
        seconds: (positive(text(child(testset, 'time-limit'))) ?? 0) / 1000 || undefined,
        memoryMiB: (positive(text(child(testset, 'memory-limit'))) ?? 0) / 1024 ** 2 || undefined,
      },
      report,
    ),
    compare: checker ? {} : { kind: 'tokens' },
    languages: null,
    mode: interactor ? 'interactive' : 'batch',
    checker,
    interactor,
    graders: undefined,
    groups: grouped.groups,
    tests: interactor ? tests.map((test) => (test.sample ? { ...test, shown: test.shown ?? 'none' } : test)) : tests,
    statements: statementsOf(paths, names),
    statementFiles: paths.filter((path) => /^statement-sections\/[^/]+\/[^/]+\.(png|jpe?g|svg|pdf)$/i.test(path)),
    solutions: solutionsOf(children(child(assets, 'solutions'), 'solution'), paths),
    kept: keptFiles(paths, report),
    meta: { source: 'Polygon', ...(attribute(root, 'short-name') ? { short_name: attribute(root, 'short-name') } : {}) },
  }
}

// ---- XML ----------------------------------------------------------------------------------------------------------------

const maxXml = 1_000_000
/** No entity of the document's own is known to the parser, so none can grow. */
function readXml(source: string, report: PackageReport): XmlElement | undefined {
  if (source.length > maxXml) report.complaints.push(`problem.xml is longer than ${maxXml} characters`)
  else
    try {
      const { root } = parseXml(source)
      if (root?.name === 'problem') return root
      report.complaints.push('problem.xml has no <problem>')
    } catch (cause) {
      report.complaints.push(`problem.xml is not XML: ${cause instanceof Error ? (cause.message.split('\n')[0] ?? '') : 'unreadable'}`)
    }
  return undefined
}
const children = (element: XmlElement | undefined, name: string): XmlElement[] =>
  (element?.children ?? []).filter((each): each is XmlElement => each instanceof XmlElement && each.name === name)
const child = (element: XmlElement | undefined, name: string): XmlElement | undefined => children(element, name)[0]
const attribute = (element: XmlElement | undefined, name: string): string => element?.attributes[name] ?? ''
const text = (element: XmlElement | undefined): string => element?.text.trim() ?? ''

// ---- tests and groups ---------------------------------------------------------------------------------------------------

function mainTestset(root: XmlElement | undefined, report: PackageReport): XmlElement | undefined {
  const testsets = children(child(root, 'judging'), 'testset')
  const testset = testsets.find((each) => attribute(each, 'name') === 'tests') ?? testsets[0]
  if (root !== undefined && testset === undefined) report.complaints.push('problem.xml names no tests (<judging><testset>)')
  if (testsets.length > 1) report.warnings.push(`of its sets of tests only ${attribute(testset, 'name') || 'the first'} is used`)
  return testset
}

/** `tests/%02d` with a number; C's `%d` with an optional width and leading zero. */
const filled = (pattern: string, at: number): string =>
  pattern.replace(/%(0?)(\d{0,2})d/, (_, zero: string, width: string) => String(at).padStart(Number(width || 0), zero ? '0' : ' '))

const milliOf = (points: string): number => Math.round(Math.max(-1e6, Math.min(1e6, Number(points) || 0)) * 1000)

function testsOf(testset: XmlElement, has: ReadonlySet<string>, report: PackageReport): Test[] {
  const listed = children(child(testset, 'tests'), 'test')
  const [inputs, outputs] = [text(child(testset, 'input-path-pattern')) || 'tests/%02d', text(child(testset, 'answer-path-pattern')) || 'tests/%02d.a']
  if (listed.length === 0) report.complaints.push('problem.xml lists no tests')
  if (listed.length > maxTests) report.complaints.push(`it has more than ${maxTests} tests`)
  const tests = listed.slice(0, maxTests).map((element, index) => ({
    at: index + 1,
    input: filled(inputs, index + 1),
    output: filled(outputs, index + 1),
    sample: attribute(element, 'sample') === 'true',
    group: attribute(element, 'group'),
    milli: milliOf(attribute(element, 'points')),
  }))
  const missing = tests.filter(({ input, output }) => !has.has(input) || !has.has(output))
  if (missing.length > 0 && missing.length === tests.length)
    report.complaints.push('its tests are not in it, only what makes them: ask Polygon for the full package (or run doall.sh first)')
  else for (const { input, output } of missing.slice(0, 10)) report.complaints.push(`${has.has(input) ? output : input} is missing`)
  return tests
}

type Grouped = { readonly groups: TestGroup[] | undefined; readonly placeOf: (test: Test) => { group: string; points: TestPoints } | undefined }
const slugOf = (name: string) =>
  name
    .toLowerCase()
    .replaceAll(/[^a-z0-9_.-]+/g, '-')
    .replaceAll(/^[.-]+/g, '') || 'rest'

const maxGroups = 200
/** No points anywhere: all or nothing. */
function groupsOf(testset: XmlElement | undefined, tests: readonly Test[], report: PackageReport): Grouped {
  const told = children(child(testset, 'groups'), 'group')
  if (!tests.some(({ milli }) => milli > 0) && !told.some((group) => milliOf(attribute(group, 'points')) > 0))
    return { groups: undefined, placeOf: () => undefined }
  const groupNames = [...new Set(tests.map(({ group }) => group))]
  if (groupNames.length > maxGroups) report.complaints.push(`it has more than ${maxGroups} groups`)
  const all = groupNames.slice(0, maxGroups).map((name) => groupOf(name, told, tests))
  // a group of samples that is worth nothing is the samples
  const isOfSamples = (name: string) =>
    all.some((each) => each.name === name && each.maxMilli === 0) && tests.every(({ group, sample }) => group !== name || sample)
  const raw = all.filter(({ name }) => !isOfSamples(name)).map((group) => ({ ...group, dependsOn: group.dependsOn.filter((need) => !isOfSamples(need)) }))
  const needsSamples = new Set(all.filter(({ dependsOn }) => dependsOn.some(isOfSamples)).map(({ name }) => name))
  const ordered = inOrder(raw, report)
  const nameOf = namesInOrder(ordered.map(({ name }) => name))
  const inside = ordered.map((group) => ({
    ...group,
    name: nameOf(group.name),
    dependsOn: [...(needsSamples.has(group.name) ? ['sample'] : []), ...group.dependsOn.map(nameOf)],
  }))
  const groups: TestGroup[] = [
    ...(tests.some(({ sample }) => sample) ? [{ ...outer, name: 'sample', sample: true }] : []),
    { ...outer, name: 'secret', maxMilli: inside.reduce((total, { maxMilli }) => total + maxMilli, 0) },
    ...inside,
  ]
  return { groups, placeOf: ({ group, milli }) => (isOfSamples(group) ? undefined : { group: nameOf(group), points: { accept: milli, reject: 0 } }) }
}

function groupOf(name: string, told: readonly XmlElement[], tests: readonly Test[]): TestGroup {
  const element = told.find((group) => attribute(group, 'name') === name)
  const sum = tests.filter(({ group }) => group === name).reduce((total, { milli }) => total + milli, 0)
  const isWhole = attribute(element, 'points-policy') === 'complete-group'
  const stated = milliOf(attribute(element, 'points'))
  return {
    name,
    parent: 'secret',
    sample: false,
    maxMilli: isWhole ? Math.max(stated, sum) : sum,
    combine: isWhole ? 'all' : 'sum',
    verdict: 'first-error',
    onReject: isWhole ? 'break' : 'continue',
    dependsOn: [...new Set(children(child(element, 'dependencies'), 'dependency').map((each) => attribute(each, 'group')))].slice(0, maxGroups),
  }
}

/** The formats that a problem can be exported to judge groups in the order of their names: names that say another order get a number before them. */
function namesInOrder(names: readonly string[]): (name: string) => string {
  const slugs = names.map(slugOf)
  const isInOrder = slugs.every((slug, at) => at === 0 || (slugs[at - 1] ?? '') < slug)
  const width = String(names.length).length
  return (name) => {
    const at = names.indexOf(name)
    return `secret/${isInOrder || at < 0 ? slugOf(name) : `${String(at + 1).padStart(width, '0')}-${slugOf(name)}`}`
  }
}
const outer: TestGroup = { name: '', parent: null, sample: false, maxMilli: 0, combine: 'sum', verdict: 'first-error', onReject: 'continue', dependsOn: [] }

/** Those that are needed first; else as they came. */
function inOrder(groups: readonly TestGroup[], report: PackageReport): TestGroup[] {
  const done: TestGroup[] = []
  const names = new Set<string>()
  const left = [...groups]
  while (left.length > 0) {
    const at = left.findIndex(({ dependsOn }) => dependsOn.every((need) => names.has(need)))
    if (at < 0) {
      const [stuck] = left
      report.complaints.push(`the group ${stuck?.name} depends on ${some(stuck?.dependsOn ?? [])}, which is not there or depends on it`)
      return [...done, ...left]
    }
    for (const group of left.splice(at, 1)) {
      done.push(group)
      names.add(group.name)
    }
  }
  return done
}

/** Samples first, as everywhere in the arena. In a problem with points a sample counts in its group too. */
function plannedTests(tests: readonly Test[], { groups, placeOf }: Grouped, paths: readonly string[]): PlannedTest[] {
  const has = new Set(paths)
  const width = Math.max(2, String(tests.length).length)
  const nameOf = ({ at }: Test) => String(at).padStart(width, '0')
  const samples = tests
    .filter(({ sample }) => sample)
    .map((test): PlannedTest => {
      const { input, output } = test
      const shown = shownOf(test, has)
      return { name: nameOf(test), sample: true, input, output, ...(shown && { shown }), ...(groups && { group: 'sample', points: { accept: 0, reject: 0 } }) }
    })
  const isHidden = (test: Test) => !test.sample || placeOf(test) !== undefined
  const hidden = tests.filter(isHidden).map((test): PlannedTest => {
    const place = placeOf(test)
    const name = place ? `${place.group.slice('secret/'.length)}/${nameOf(test)}` : nameOf(test)
    return { name, sample: false, input: test.input, output: test.output, ...place }
  })
  const order = groups?.map(({ name }) => name) ?? []
  // a group's tests come one after another, in the order of groups: as they are judged, and as an export names them
  return [...samples, ...hidden.sort((a, b) => order.indexOf(a.group ?? '') - order.indexOf(b.group ?? ''))]
}
/** Polygon lets authors show other texts than the test's own: `example.01` beside the sections of a statement. */
function shownOf({ at }: Test, has: ReadonlySet<string>): PlannedTest['shown'] {
  const input = `statement-sections/english/example.${String(at).padStart(2, '0')}`
  return has.has(input) && has.has(`${input}.a`) ? { input, output: `${input}.a` } : undefined
}

// ---- programs -----------------------------------------------------------------------------------------------------------

type Wanted = { readonly what: string; readonly beside: readonly string[] } & Pick<Reading, 'paths' | 'report'>
function programOf(element: XmlElement | undefined, { what, paths, beside, report }: Wanted): PlannedCheck | undefined {
  const source = child(element, 'source')
  if (element === undefined || source === undefined) return undefined
  const path = attribute(source, 'path')
  if (!paths.includes(path)) return void report.complaints.push(`${what} ${path || '(no path)'} is not in the package`)
  const standard = /g\+\+(\d\d)/.exec(attribute(source, 'type'))?.[1]
  const language = languageOfPath(path) === 'cpp20' ? (standard === '20' ? 'cpp20' : standard === '23' ? 'cpp23' : 'cpp') : languageOfPath(path)
  if (language === undefined) return void report.complaints.push(`${what} ${path} is in no language the arena knows`)
  return { protocol: 'testlib', program: { language, paths: [path, ...beside.filter((each) => baseName(each) !== baseName(path))] }, args: [] }
}

const expectations: Readonly<Record<string, SolutionExpectation & { readonly folder: string }>> = {
  main: { folder: 'accepted', verdicts: ['AC'], permitted: ['AC'], timing: 'fast' },
  accepted: { folder: 'accepted', verdicts: ['AC'], permitted: ['AC'], timing: 'fast' },
  'wrong-answer': { folder: 'wrong_answer', verdicts: ['WA', 'PARTIAL'], required: ['WA'], permitted: ['AC', 'WA'] },
  'presentation-error': { folder: 'wrong_answer', verdicts: ['WA', 'PARTIAL'], required: ['WA'], permitted: ['AC', 'WA'] },
  'time-limit-exceeded': { folder: 'time_limit_exceeded', verdicts: ['TLE', 'PARTIAL'], required: ['TLE'], permitted: ['AC', 'WA', 'TLE'], timing: 'slow' },
  'time-limit-exceeded-or-accepted': { folder: 'mixed', verdicts: ['AC', 'TLE', 'PARTIAL'] },
  'time-limit-exceeded-or-memory-limit-exceeded': { folder: 'mixed', verdicts: ['TLE', 'MLE', 'RE', 'PARTIAL'] },
  'memory-limit-exceeded': { folder: 'memory_limit_exceeded', verdicts: ['MLE', 'RE', 'PARTIAL'] },
  failed: { folder: 'run_time_error', verdicts: ['RE', 'MLE', 'PARTIAL'], required: ['RE'], permitted: ['AC', 'RE'] },
  rejected: { folder: 'rejected', verdicts: ['WA', 'TLE', 'RE', 'MLE', 'OLE', 'CE', 'PARTIAL'], required: ['WA', 'TLE', 'RE'] },
}
function solutionsOf(elements: readonly XmlElement[], paths: readonly string[]): PlannedSolution[] {
  const has = new Set(paths)
  return elements.flatMap((element) => {
    const path = attribute(child(element, 'source'), 'path')
    const tag = attribute(element, 'tag')
    if (!has.has(path)) return []
    const known = Object.hasOwn(expectations, tag) ? expectations[tag] : undefined
    const { folder, ...expected } = known ?? { folder: 'mixed', verdicts: ['AC', 'WA', 'TLE', 'RE', 'MLE', 'OLE', 'CE', 'PARTIAL'] as const }
    return [
      {
        path: `${folder}/${baseName(path)}`,
        paths: [path],
        language: languageOfPath(path) ?? null,
        expected: { ...expected, verdicts: [...expected.verdicts] },
      },
    ]
  })
}

// ---- statements ---------------------------------------------------------------------------------------------------------

const codes: Readonly<Record<string, string>> = {
  english: 'en',
  french: 'fr',
  kinyarwanda: 'rw',
  russian: 'ru',
  spanish: 'es',
  portuguese: 'pt',
  german: 'de',
  italian: 'it',
  polish: 'pl',
  chinese: 'zh',
  japanese: 'ja',
  ukrainian: 'uk',
  arabic: 'ar',
  swahili: 'sw',
}
const codeOf = (language: string) => codes[language] ?? (language.replaceAll(/[^a-z]/g, '').slice(0, 3) || 'en')
const sections: readonly (readonly [string, SectionName | undefined])[] = [
  ['legend', undefined],
  ['input', 'input'],
  ['output', 'output'],
  ['interaction', 'interaction'],
  ['scoring', 'scoring'],
  ['notes', 'notes'],
]

/** The sections an author wrote, else the whole as PDF. */
function statementsOf(paths: readonly string[], names: readonly XmlElement[]): PlannedStatement[] {
  const languages = [...new Set(paths.flatMap((path) => /^(?:statement-sections|statements\/\.pdf|statements)\/([a-z]+)\//.exec(path)?.[1] ?? []))].sort(byName)
  const has = new Set(paths)
  return languages.flatMap((language) => {
    const written = sections.flatMap(([name, heading]): StatementPart[] => {
      const path = `statement-sections/${language}/${name}.tex`
      return has.has(path) ? [{ path, format: 'tex', ...(heading && { heading }) }] : []
    })
    const whole = `statements/${language}/problem.tex`
    const pdf = `statements/.pdf/${language}/problem.pdf`
    const parts: StatementPart[] =
      written.length > 0 ? written : has.has(whole) ? [{ path: whole, format: 'tex' }] : has.has(pdf) ? [{ path: pdf, format: 'pdf' }] : []
    const title =
      attribute(
        names.find((name) => attribute(name, 'language') === language),
        'value',
      ).trim() || undefined
    return parts.length > 0 ? [{ language: codeOf(language), title, parts }] : []
  })
}

/** Sources are kept; what Polygon made of them, tests and statements among it, is made anew where it is needed. */
function keptFiles(paths: readonly string[], report: PackageReport): KeptFile[] {
  const kept = paths
    .filter((path) => /^(files|scripts)\/[^/]+$/.test(path) && !/\.(exe|o)$/.test(path))
    .map((path) => ({ path, as: `generators/polygon/${baseName(path)}` }))
  const unique = [...new Map(kept.map((file) => [file.as, file])).values()]
  const unused = [...new Set(paths.map((path) => path.split('/')[0] ?? ''))].filter(
    (top) => !['files', 'scripts', 'tests', 'solutions', 'statement-sections', 'statements', 'problem.xml'].includes(top),
  )
  if (unused.length > 0) report.ignored.push(...unused.sort())
  if (paths.some((path) => folderOf(path) === 'files' && /valid/i.test(path))) report.warnings.push('its input validators are not run yet')
  return unique
}
