import type { TestGroup, TestPoints } from '#contracts/judging'
import { byName, type PackageReport } from './package-plan.ts'
import type { TestWithFields } from './package-tests.ts'
import { type Fields, numberOf, textOf, wordsOf } from './package-yaml.ts'

/**
 * Groups of tests and their points, from `testdata.yaml` (legacy, its default grader) and `test_group.yaml` (2025-09).
 *
 * Where the legacy format judges `data` with its two groups by `sum`, these two stand alone here, since outermost groups are summed anyway; a rejected
 * sample that ends the judging (`on_reject: break`) is a dependency then. `ignore_sample` is a sample that counts for nothing.
 */
export type Grouped = { readonly groups: readonly TestGroup[]; readonly byTest: readonly { readonly group: string; readonly points?: TestPoints }[] }
type Reading = {
  readonly tests: readonly TestWithFields[]
  readonly settings: ReadonlyMap<string, Fields>
  /** The package's validator gives scores of its own. */
  readonly hasScores: boolean
  readonly isScoring: boolean
  readonly report: PackageReport
}

const milliOf = (value: number) => Math.max(-1_000_000_000, Math.min(1_000_000_000, Math.round(value * 1000)))
const folderOfTest = ({ input }: TestWithFields) => input.slice(0, input.lastIndexOf('/'))
const groupName = (folder: string) => folder.slice('data/'.length)
const childrenOf = (folder: string, folders: readonly string[]) =>
  folders.filter((each) => each.startsWith(`${folder}/`) && !each.slice(folder.length + 1).includes('/')).sort(byName)

// ---- legacy -----------------------------------------------------------------------------------------------------------

type Flags = { readonly combine: TestGroup['combine']; readonly verdict: TestGroup['verdict']; readonly ignoresSample: boolean }
const combines: Readonly<Record<string, TestGroup['combine']>> = { sum: 'sum', min: 'min', max: 'max', avg: 'average' }
const verdicts: Readonly<Record<string, TestGroup['verdict']>> = { worst_error: 'worst-error', first_error: 'first-error', always_accept: 'always-accept' }

function graderFlags(folder: string, fields: Fields, report: PackageReport): Flags {
  const words = wordsOf(fields.grader_flags)
  const unknown = words.find(
    (word) => !Object.hasOwn(combines, word) && !Object.hasOwn(verdicts, word) && word !== 'ignore_sample' && word !== 'accept_if_any_accepted',
  )
  if (unknown !== undefined) report.complaints.push(`the grader flag ${unknown.slice(0, 40)} of ${folder} is not known`)
  const last = <T>(table: Readonly<Record<string, T>>) => words.flatMap((word) => (Object.hasOwn(table, word) ? [table[word] as T] : [])).at(-1)
  return {
    combine: last(combines) ?? 'sum',
    verdict: words.includes('accept_if_any_accepted') ? 'accept-if-any' : (last(verdicts) ?? 'worst-error'),
    ignoresSample: words.includes('ignore_sample'),
  }
}
const isContinuing = (fields: Fields) => textOf(fields.on_reject) === 'continue'
const scoresOf = (fields: Fields) => ({ accept: numberOf(fields.accept_score) ?? 1, reject: numberOf(fields.reject_score) ?? 0 })
function rangeTop(fields: Fields): number {
  const [, to = 'inf'] = wordsOf(fields.range)
  return numberOf(to) ?? Number.POSITIVE_INFINITY
}

/** @returns undefined where all or nothing says the same. */
export function legacyGroups(reading: Reading): Grouped | undefined {
  const { tests, settings, isScoring, report } = reading
  const folders = [...settings.keys()]
  for (const [folder, fields] of settings) {
    if (textOf(fields.grading) === 'custom')
      report.complaints.push(`${folder} is graded by a program of the package (grading: custom); only the default grader is known`)
    if (Number.isNaN(rangeTop(fields))) report.complaints.push(`the range of ${folder} is not two numbers`)
  }
  const flagsOf = new Map(folders.map((folder) => [folder, graderFlags(folder, settings.get(folder) ?? {}, report)]))
  const isPlain = [...flagsOf].every(
    ([folder, { verdict }]) => verdict !== 'always-accept' && verdict !== 'accept-if-any' && !isContinuing(settings.get(folder) ?? {}),
  )
  if (tests.length === 0 || (!isScoring && isPlain)) return undefined
  const root = flagsOf.get('data') ?? graderFlags('data', {}, report)
  const rootFields = settings.get('data') ?? {}
  const isFlat = root.ignoresSample || root.combine === 'sum'
  const inside = { ...reading, flagsOf, folders, root }
  const tops = ['data/sample', 'data/secret'].filter((folder) => folders.includes(folder))
  const groups = tops.flatMap((folder) => legacyTree(folder, isFlat || (root.ignoresSample && folder === 'data/sample') ? null : 'data', inside))
  const outer = isFlat ? [] : [outermost(groups, root, rootFields)]
  const hasSample = tops.includes('data/sample')
  const all = [...outer, ...groups].map((group) =>
    isFlat && hasSample && group.name === 'secret' && !root.ignoresSample && !isContinuing(rootFields) ? { ...group, dependsOn: ['sample'] } : group,
  )
  return { groups: all, byTest: tests.map((test) => ({ group: groupName(folderOfTest(test)), points: legacyPoints(test, inside) })) }
}

type Inside = Reading & { readonly flagsOf: ReadonlyMap<string, Flags>; readonly folders: readonly string[]; readonly root: Flags }
function legacyTree(folder: string, parent: string | null, inside: Inside): TestGroup[] {
  const { settings, flagsOf, folders, tests, isScoring, hasScores, report, root } = inside
  const fields = settings.get(folder) ?? {}
  const { combine, verdict } = flagsOf.get(folder) ?? graderFlags(folder, fields, report)
  const isIgnored = folder.startsWith('data/sample') && root.ignoresSample
  const children = childrenOf(folder, folders).flatMap((child) => legacyTree(child, groupName(folder), inside))
  const direct = children.filter((child) => child.parent === groupName(folder))
  const own = tests.filter((test) => folderOfTest(test) === folder)
  const members = [...own.map((test) => legacyPoints(test, inside).accept), ...direct.map(({ maxMilli }) => maxMilli)]
  const top = isScoring ? rangeTop(fields) : Number.POSITIVE_INFINITY
  if (hasScores && own.length > 0 && !Number.isFinite(top) && !isIgnored)
    report.complaints.push(`the validator scores the tests of ${folder}, and no range says what the most is`)
  const reachable = hasScores && own.length > 0 ? milliOf(top) : combined(combine, members)
  const group: TestGroup = {
    name: groupName(folder),
    parent,
    sample: folder === 'data/sample' || folder.startsWith('data/sample/'),
    maxMilli: isIgnored || !isScoring ? 0 : Math.min(reachable, milliOf(top)),
    combine,
    verdict: isIgnored ? 'always-accept' : verdict,
    onReject: isContinuing(fields) ? 'continue' : 'break',
    dependsOn: [],
  }
  return [group, ...children]
}
function combined(combine: TestGroup['combine'], members: readonly number[]): number {
  if (members.length === 0) return 0
  if (combine === 'max') return Math.max(...members)
  if (combine === 'min') return Math.min(...members)
  const sum = members.reduce((all, each) => all + each, 0)
  return combine === 'average' ? Math.floor(sum / members.length) : sum
}
function legacyPoints(test: TestWithFields, { isScoring }: Inside): TestPoints {
  const { accept, reject } = scoresOf(test.fields)
  return isScoring ? { accept: milliOf(accept), reject: milliOf(reject) } : { accept: 0, reject: 0 }
}
function outermost(groups: readonly TestGroup[], { combine, verdict }: Flags, fields: Fields): TestGroup {
  const members = groups.filter(({ parent }) => parent === 'data').map(({ maxMilli }) => maxMilli)
  const maxMilli = Math.min(combined(combine, members), milliOf(rangeTop(fields)))
  return { name: 'data', parent: null, sample: false, maxMilli, combine, verdict, onReject: isContinuing(fields) ? 'continue' : 'break', dependsOn: [] }
}

// ---- 2025-09 ----------------------------------------------------------------------------------------------------------

const aggregations: Readonly<Record<string, TestGroup['combine']>> = { 'pass-fail': 'all', sum: 'sum', min: 'min' }

/** Of a scoring package; a pass-fail one is all or nothing. */
export function currentGroups(reading: Reading): Grouped | undefined {
  const { tests, settings, isScoring, report } = reading
  for (const [folder, fields] of settings)
    if (fields.static_validation_score !== undefined) report.complaints.push(`${folder} is checked by a static validator, which the arena does not have`)
  if (!isScoring || tests.length === 0) return undefined
  // folders below a group are no groups: their tests are the group's
  const groupOf = (test: TestWithFields) => (test.sample ? 'sample' : groupName(folderOfTest(test)).split('/').slice(0, 2).join('/'))
  const names = [...new Set(tests.map(groupOf))]
  const inner = names.filter((name) => name.startsWith('secret/')).sort(byName)
  const secret = settings.get('data/secret') ?? {}
  const groups: TestGroup[] = [
    ...(names.includes('sample') ? [sampleGroup] : []),
    currentGroup({ name: 'secret', parent: null, fields: secret, usual: ['sum', 100] }, report),
    ...inner.map((name) => currentGroup({ name, parent: 'secret', fields: settings.get(`data/${name}`) ?? {}, usual: ['all', undefined] }, report)),
  ]
  const before = new Set<string>()
  for (const { name, dependsOn } of groups) {
    for (const need of dependsOn) if (!before.has(need)) report.complaints.push(`${name} requires ${need.slice(0, 100)}, which is no group before it`)
    before.add(name)
  }
  const atOf = new Map<string, number>()
  const sizes = new Map<string, number>()
  for (const test of tests) sizes.set(groupOf(test), (sizes.get(groupOf(test)) ?? 0) + 1)
  return {
    groups,
    byTest: tests.map((test) => {
      const group = groupOf(test)
      const at = atOf.get(group) ?? 0
      atOf.set(group, at + 1)
      const size = sizes.get(group) ?? 1
      return { group, points: currentPoints(groups.find(({ name }) => name === group) ?? sampleGroup, at, size) }
    }),
  }
}
export const sampleGroup: TestGroup = {
  name: 'sample',
  parent: null,
  sample: true,
  maxMilli: 0,
  combine: 'sum',
  verdict: 'first-error',
  onReject: 'continue',
  dependsOn: [],
}

type Wanted = {
  readonly name: string
  readonly parent: string | null
  readonly fields: Fields
  readonly usual: readonly [TestGroup['combine'], number | undefined]
}
function currentGroup({ name, parent, fields, usual }: Wanted, report: PackageReport): TestGroup {
  const aggregation = textOf(fields.score_aggregation)
  if (aggregation !== undefined && !Object.hasOwn(aggregations, aggregation))
    report.complaints.push(`${name} has the score_aggregation ${aggregation.slice(0, 40)}, which is not known`)
  const combine = aggregation === undefined ? usual[0] : (aggregations[aggregation] ?? usual[0])
  const max = fields.max_score === undefined ? usual[1] : numberOf(fields.max_score)
  if (max === undefined || max < 0) report.complaints.push(`${name} has no max_score: without the most that can be reached the arena cannot tell full marks`)
  return {
    name,
    parent,
    sample: false,
    maxMilli: milliOf(Math.max(0, max ?? 0)),
    combine,
    verdict: 'first-error',
    onReject: combine === 'sum' ? 'continue' : 'break',
    dependsOn: [...new Set(wordsOf(fields.require_pass))].slice(0, 200),
  }
}

/** Of `sum`, an equal part each; where it does not divide, the first ones have a thousandth more, so that all of them are full marks. */
function currentPoints({ combine, maxMilli }: TestGroup, at: number, size: number): TestPoints {
  if (combine !== 'sum') return { accept: maxMilli, reject: 0 }
  return { accept: Math.floor(maxMilli / size) + (at < maxMilli % size ? 1 : 0), reject: 0 }
}
