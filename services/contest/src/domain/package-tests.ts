import type { Compare } from '#contracts/common'
import { compareOfFlags } from './package-flags.ts'
import { byName, type PackageReport, type PackageTexts, type PlannedTest, some } from './package-plan.ts'
import { type Fields, isFields, readYaml, textOf, wordsOf } from './package-yaml.ts'
import { maxTests } from './plan-problem.ts'
import { sorted } from './problem.ts'

/**
 * The tests of an ICPC/Kattis package: pairs of `.in` and `.ans` below `data/sample` and `data/secret`, what is shown of samples, and the arguments each is
 * checked with. Settings of a folder hold for all below it, key by key, as the reference tools read them.
 */
export type DataTree = {
  readonly tests: readonly PlannedTest[]
  /** Folders of `data/` that hold tests, however deep, `data` first, each with its own settings and those above it. */
  readonly settings: ReadonlyMap<string, Fields>
}
type Reading = { readonly paths: readonly string[]; readonly texts: PackageTexts; readonly isLegacy: boolean; readonly report: PackageReport }

const maxFolders = 500

/** `secret/a/01` → `data`, `data/secret`, `data/secret/a`. */
const foldersAbove = (stem: string): string[] => {
  const parts = stem.split('/').slice(0, -1)
  return parts.map((_, at) => parts.slice(0, at + 1).join('/'))
}
/** Names of a folder in order, subfolders among them. */
export const byParts = (a: string, b: string): number => {
  const [left, right] = [a.split('/'), b.split('/')]
  const at = left.findIndex((part, index) => part !== right[index])
  return at < 0 ? left.length - right.length : byName(left[at] ?? '', right[at] ?? '')
}

export function dataTreeOf({ paths, texts, isLegacy, report }: Reading): DataTree {
  const has = new Set(paths)
  const read = (path: string): Fields => readYaml(path, texts.get(path) ?? '', report)
  const all = ['data/sample/', 'data/secret/'].flatMap((folder) => stemsIn(folder, paths, has, report))
  if (all.length > maxTests) report.complaints.push(`it has more than ${maxTests} tests`)
  const stems = all.slice(0, maxTests)
  const settings = new Map<string, Fields>()
  const folders = new Set(stems.flatMap(foldersAbove))
  if (folders.size > maxFolders) {
    // work on folders grows faster than their number
    report.complaints.push(`its tests lie in more than ${maxFolders} folders`)
    return { tests: [], settings }
  }
  for (const folder of [...folders].sort((a, b) => a.length - b.length)) {
    const own = ['test_group.yaml', 'testdata.yaml'].map((name) => `${folder}/${name}`).filter((path) => has.has(path))
    const above = settings.get(folder.slice(0, Math.max(0, folder.lastIndexOf('/'))))
    settings.set(folder, { ...(isLegacy ? above : inherited(above)), ...Object.assign({}, ...own.map(read)) })
  }
  const tests = stems.map((stem) => {
    const own = has.has(`${stem}.yaml`) ? read(`${stem}.yaml`) : {}
    const note = textOf(own.description)
    return testOf(stem, { has, note, fields: { ...settings.get(foldersAbove(stem).at(-1) ?? ''), ...own } })
  })
  if (tests.length === 0) report.complaints.push('it has no tests (pairs of .in and .ans below data/sample and data/secret)')
  else if (tests.every(({ test }) => test.sample)) report.warnings.push('there are no hidden tests, only samples')
  const ownFiles = paths.filter((path) => path.startsWith('data/') && path.includes('.files/'))
  if (ownFiles.length > 0) report.complaints.push(`its tests come with files (${some(ownFiles)}): programs here read standard input alone`)
  if (tests.some(({ fields }) => wordsOf(fields.args).length > 0))
    report.complaints.push('its tests start programs with arguments (args), which the arena does not')
  return { tests: tests.map(({ test, fields }) => ({ ...test, fields })), settings }
}
/** What is scored is a folder's own in the formats after the legacy one; arguments are handed down. */
const inherited = (above: Fields | undefined): Fields =>
  Object.fromEntries(Object.entries(above ?? {}).filter(([key]) => /_args$|_flags$|^args$|^full_feedback$/.test(key)))

function stemsIn(folder: string, paths: readonly string[], has: ReadonlySet<string>, report: PackageReport): string[] {
  const own = paths.filter((path) => path.startsWith(folder) && !path.includes('.files/'))
  const inputs = own.filter((path) => path.endsWith('.in')).map((path) => path.slice(0, -'.in'.length))
  const answers = own.filter((path) => path.endsWith('.ans')).map((path) => path.slice(0, -'.ans'.length))
  for (const stem of answers.filter((each) => !has.has(`${each}.in`)).slice(0, 10)) report.complaints.push(`${stem}.ans has no .in file beside it`)
  for (const stem of inputs.filter((each) => !has.has(`${each}.ans`)).slice(0, 10)) report.complaints.push(`${stem}.in has no .ans file beside it`)
  return inputs.filter((stem) => has.has(`${stem}.ans`)).sort(byParts)
}

type Found = { readonly test: PlannedTest; readonly fields: Fields }
function testOf(stem: string, { has, note, fields }: { has: ReadonlySet<string>; note: string | undefined; fields: Fields }): Found {
  const sample = stem.startsWith('data/sample/')
  const name = stem.slice(sample ? 'data/sample/'.length : 'data/secret/'.length)
  const either = (...candidates: string[]) => candidates.find((path) => has.has(path))
  const input = either(`${stem}.in.statement`) ?? `${stem}.in`
  const output = either(`${stem}.ans.statement`, `${stem}.out`) ?? `${stem}.ans`
  const isAsIs = input === `${stem}.in` && output === `${stem}.ans`
  const shown = has.has(`${stem}.interaction`) ? { interaction: `${stem}.interaction` } : isAsIs ? undefined : { input, output }
  const described = has.has(`${stem}.desc`) ? { path: `${stem}.desc` } : note === undefined ? undefined : { text: note }
  const test = { name, sample, input: `${stem}.in`, output: `${stem}.ans`, ...(sample && shown && { shown }), ...(sample && described && { note: described }) }
  return { test, fields }
}

/** Beside a test, what its folder's settings and its own come to. */
export type TestWithFields = PlannedTest & { readonly fields: Fields }
export const withFields = (tree: DataTree): readonly TestWithFields[] => tree.tests as readonly TestWithFields[]

/** Of a folder or a test; undefined when it has none, which is not the same as having an empty list. A map names the validator beside them (legacy). */
function validatorWords(fields: Fields): readonly string[] | undefined {
  const own = fields.output_validator_args ?? fields.output_validator_flags ?? fields.validator_flags
  return own === undefined || own === null ? undefined : wordsOf(isFields(own) ? own.flags : own)
}

/**
 * The default validator's options, test by test: those of problem.yaml (legacy), then those of the test's folder or its own. What most tests have is the
 * problem's; a tie goes to the earlier.
 */
export function comparesOf(
  tests: readonly TestWithFields[],
  ownFlags: readonly string[],
  isStrict: boolean,
  report: PackageReport,
): { compare: Compare; byTest: (Compare | undefined)[] } {
  const known = new Map<string, { compare: Compare; tests: number }>()
  const read = new Map<string, Compare>()
  const each = tests.map(({ fields }) => {
    const words = [...ownFlags, ...(validatorWords(fields) ?? [])]
    const flags = words.join(' ')
    const compare = read.get(flags) ?? compareOfFlags(words, isStrict, report)
    read.set(flags, compare)
    const key = JSON.stringify(sorted(compare))
    const entry = known.get(key) ?? { compare, tests: 0 }
    entry.tests++
    known.set(key, entry)
    return entry.compare
  })
  const most = [...known.values()].reduce((best, next) => (next.tests > best.tests ? next : best), { compare: {}, tests: 0 })
  return { compare: most.compare, byTest: each.map((compare) => (compare === most.compare ? undefined : compare)) }
}

/** Arguments of a validator of the package's own: what most tests have, and for each test what differs. */
export function argsOf(tests: readonly TestWithFields[], ownFlags: readonly string[]): { args: readonly string[]; byTest: (readonly string[] | undefined)[] } {
  const each = tests.map(({ fields }) => [...ownFlags, ...(validatorWords(fields) ?? [])])
  const counts = new Map<string, number>()
  for (const words of each) counts.set(JSON.stringify(words), (counts.get(JSON.stringify(words)) ?? 0) + 1)
  const [most = '[]'] = [...counts].reduce((best, next) => (next[1] > best[1] ? next : best), ['[]', 0] as const)
  return { args: JSON.parse(most), byTest: each.map((words) => (JSON.stringify(words) === most ? undefined : words)) }
}
