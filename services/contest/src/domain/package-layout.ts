import { fail, ok, type Result } from '#kernel/result'
import { maxTests } from './plan-problem.ts'

/**
 * Which file of an ICPC/Kattis problem package is what: the legacy and the 2023-07 format, with the files at the root or inside one folder.
 * @see https://www.kattis.com/problem-package-format/spec/legacy.html and …/2023-07-draft.html
 */
export type PackageTest = {
  readonly name: string
  readonly sample: boolean
  readonly input: string
  readonly output: string
  readonly shownInput?: string
  readonly shownOutput?: string
  readonly note?: string
  /** YAML files that may hold flags of the validator for this test, outermost group first, its own last. */
  readonly settings: readonly string[]
}
export type PackageLayout = {
  /** The one folder everything lies in, or ''. */
  readonly top: string
  readonly yaml: string
  readonly statement: { readonly path: string; readonly format: 'markdown' | 'tex' } | undefined
  readonly timelimit: string | undefined
  readonly domjudgeIni: string | undefined
  /** Samples, then hidden tests, each in the order of their names. */
  readonly tests: readonly PackageTest[]
  readonly solutions: number
  /** A judge of its own: in the 2023-07 format by being there. */
  readonly outputValidator: boolean
  readonly warnings: readonly string[]
}

/** Left behind by file managers and version control. */
const isLitter = (path: string) =>
  /(^|\/)(__MACOSX|\.git|\.svn)(\/|$)/.test(path) || /(^|\/)(\.DS_Store|Thumbs\.db|desktop\.ini|\.gitignore|\.gitkeep)$/i.test(path)
const knownFolders = new Set(['data', 'submissions', 'problem_statement', 'statement', 'output_validator', 'input_validators', 'input_format_validators'])

/** @param paths of all files of the archive. @returns a complaint in words for the sender. */
export function layoutOf(paths: readonly string[]): Result<PackageLayout, string> {
  const files = paths.filter((path) => !isLitter(path))
  const top = topOf(files)
  if (top === undefined) return fail('there is no problem.yaml at its root, or inside its only folder')
  const inside = files.filter((path) => path.startsWith(top)).map((path) => path.slice(top.length))
  const has = new Set(inside)
  const tests = testsOf(inside, has)
  if (!tests.ok) return tests
  const inner = inside.filter((path) => /^data\/secret\/.*\/(test_group|testdata)\.yaml$/.test(path))
  return ok({
    top,
    yaml: 'problem.yaml',
    statement: statementOf(inside),
    timelimit: has.has('.timelimit') ? '.timelimit' : undefined,
    domjudgeIni: has.has('domjudge-problem.ini') ? 'domjudge-problem.ini' : undefined,
    tests: tests.value.tests,
    solutions: inside.filter((path) => path.startsWith('submissions/')).length,
    outputValidator: inside.some((path) => path.startsWith('output_validator/')),
    warnings: [
      ...tests.value.warnings,
      ...(inner.length ? [`of single test groups only the validator’s flags are kept: ${some(inner)}`] : []),
      ...notRun(inside),
      ...ignoredFolders(inside),
    ],
  })
}

function topOf(files: readonly string[]): string | undefined {
  if (files.includes('problem.yaml')) return ''
  const folder = `${files[0]?.split('/')[0]}/`
  return files.every((path) => path.startsWith(folder)) && files.includes(`${folder}problem.yaml`) ? folder : undefined
}

const some = (names: readonly string[]) => (names.length > 3 ? `${names.slice(0, 3).join(', ')} and ${names.length - 3} more` : names.join(', '))

const notRun = (inside: readonly string[]) =>
  inside.some((path) => /^input_(format_)?validators\//.test(path)) ? ['its input validators are not run yet'] : []

function ignoredFolders(inside: readonly string[]): string[] {
  const folders = new Set(inside.filter((path) => path.includes('/')).map((path) => path.split('/')[0] ?? ''))
  const ignored = [...folders].filter((folder) => !knownFolders.has(folder)).sort()
  return ignored.length ? [`not used: ${some(ignored.map((folder) => `${folder}/`))}`] : []
}

/** Markdown before TeX, English before no language before any other. */
function statementOf(inside: readonly string[]): PackageLayout['statement'] {
  const found = inside.flatMap((path) => {
    const match = /^(?:problem_statement|statement)\/problem(?:\.([a-z]{2,3}(?:-[A-Za-z]{2,4})?))?\.(md|tex)$/.exec(path)
    if (!match) return []
    const [, language = '', extension] = match
    const format = extension === 'md' ? ('markdown' as const) : ('tex' as const)
    const rank = (format === 'markdown' ? 0 : 10) + (language === 'en' ? 0 : language.startsWith('en-') ? 1 : language === '' ? 2 : 3)
    return [{ path, format, rank }]
  })
  const best = found.sort((a, b) => a.rank - b.rank || (a.path < b.path ? -1 : 1))[0]
  return best && { path: best.path, format: best.format }
}

type Tests = { tests: PackageTest[]; warnings: string[] }
function testsOf(inside: readonly string[], has: ReadonlySet<string>): Result<Tests, string> {
  if (inside.some((path) => /^data\/sample\/.*\.interaction$/.test(path))) return fail('it is an interactive problem; those come later')
  const tests: PackageTest[] = []
  for (const folder of ['data/sample/', 'data/secret/']) {
    const own = inside.filter((path) => path.startsWith(folder))
    const inputs = own.filter((path) => path.endsWith('.in')).sort(byName)
    const lonelyAnswer = own.find((path) => path.endsWith('.ans') && !has.has(`${path.slice(0, -'.ans'.length)}.in`))
    if (lonelyAnswer !== undefined) return fail(`${lonelyAnswer} has no .in file beside it`)
    for (const input of inputs) {
      const stem = input.slice(0, -'.in'.length)
      if (!has.has(`${stem}.ans`)) return fail(`${input} has no .ans file beside it`)
      tests.push(testOf(stem, folder, has))
    }
  }
  if (tests.length === 0) return fail('it has no tests (pairs of .in and .ans below data/sample and data/secret)')
  if (tests.length > maxTests) return fail(`it has more than ${maxTests} tests`)
  return ok({ tests, warnings: tests.every((test) => test.sample) ? ['there are no hidden tests, only samples'] : [] })
}

/** By code units, as the format says; the file system's language has no say. */
const byName = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)

function testOf(stem: string, folder: string, has: ReadonlySet<string>): PackageTest {
  const sample = folder === 'data/sample/'
  const optional = (key: 'shownInput' | 'shownOutput' | 'note', path: string) => (sample && has.has(path) ? { [key]: path } : {})
  return {
    name: `${sample ? 'sample ' : ''}${stem.slice(folder.length)}`,
    sample,
    input: `${stem}.in`,
    output: `${stem}.ans`,
    ...optional('shownInput', `${stem}.in.statement`),
    ...optional('shownOutput', `${stem}.ans.statement`),
    ...optional('note', `${stem}.desc`),
    settings: settingsFor(stem, has),
  }
}

/** The 2023-07 format and later have `test_group.yaml` in groups and `STEM.yaml` beside a test, the legacy one `testdata.yaml` in groups. */
function settingsFor(stem: string, has: ReadonlySet<string>): string[] {
  const folders = stem.split('/').slice(0, -1)
  const groups = folders.map((_, at) => `${folders.slice(0, at + 1).join('/')}/`)
  return [...groups.flatMap((group) => [`${group}test_group.yaml`, `${group}testdata.yaml`]), `${stem}.yaml`].filter((path) => has.has(path))
}
