import { stringify } from 'yaml'
import type { Checker, TestGroup } from '#contracts/judging'
import { textLanguage } from '#contracts/languages'
import type { ExportFormat } from '#contracts/packages'
import { type ArenaCheck, type ArenaFile, type ArenaTest, arenaFile } from './package-arena.ts'
import { flagsOfCompare } from './package-flags.ts'
import { planKattis } from './package-kattis.ts'
import { openReport, type PlannedCheck, type PlannedTest } from './package-plan.ts'
import { codesOf } from './package-programs.ts'
import type { StoredPackage } from './package-stored.ts'
import { byParts } from './package-tests.ts'
import { type Fields, isFields } from './package-yaml.ts'
import { type Content, type StoredProblem, sorted, type TestEntry } from './problem.ts'

/**
 * A problem as a package of the ICPC/Kattis formats. What is written is read again, by the import's own reader, and what that would not understand as the
 * problem has it goes into `arena.json`: so an export imports as the same data, and other judges find what their format has words for.
 */
export type PackageEntry = { readonly path: string; readonly text?: string; readonly digest?: string }
type Program = Extract<Content, { kind: 'program' }>
type Writing = {
  readonly problem: StoredProblem
  readonly content: Program
  readonly kept: StoredPackage | undefined
  readonly isLegacy: boolean
  readonly stems: readonly string[]
}

export const packageName = ({ title }: StoredProblem): string =>
  title
    .toLowerCase()
    .normalize('NFD')
    .replaceAll(/[^a-z0-9]+/g, '')
    .slice(0, 60) || 'problem'

/** @returns undefined for a question. In the order of their names. */
export function packageOf(problem: StoredProblem, kept: StoredPackage | undefined, format: ExportFormat): PackageEntry[] | undefined {
  const { content } = problem
  if (content.kind !== 'program') return undefined
  const writing: Writing = { problem, content, kept, isLegacy: format === 'legacy', stems: stemsOf(content.tests) }
  const entries = new Map<string, PackageEntry>()
  const add = (entry: PackageEntry) => void (entries.has(entry.path) || entries.set(entry.path, entry))
  for (const entry of [
    { path: 'problem.yaml', text: problemYaml(writing) },
    ...groupFiles(writing),
    ...testFiles(writing),
    ...programFiles(writing),
    ...statementFiles(writing),
    ...keptFiles(writing),
  ])
    add(entry)
  const arena = whatIsMissing(writing, [...entries.values()])
  if (arena) add({ path: arenaFile, text: `${JSON.stringify(arena, null, 1)}\n` })
  return [...entries.values()].sort((a, b) => (a.path < b.path ? -1 : 1))
}

// ---- tests --------------------------------------------------------------------------------------------------------------

const safe = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}(\/[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}){0,5}$/
const shownName = ({ name, sample }: TestEntry) => (sample ? name.replace(/^sample /, '') : name)
const folder = ({ sample, group }: TestEntry) => (sample ? 'data/sample' : `data/${group?.startsWith('secret/') ? group : 'secret'}`)

/** Their own names where these are file names that say the order and lie in their groups; numbers else. */
function stemsOf(tests: readonly TestEntry[]): string[] {
  const own = tests.map((test) => `data/${test.sample ? 'sample' : 'secret'}/${shownName(test)}`)
  const isUsable = (stem: string, at: number) => {
    const test = tests[at] as TestEntry
    const before = tests[at - 1]
    const isAfter = before === undefined || before.sample !== test.sample || byParts(own[at - 1] ?? '', stem) < 0
    return safe.test(shownName(test)) && isAfter && (test.sample || test.group === undefined || stem.startsWith(`${folder(test)}/`))
  }
  if (own.every(isUsable)) return own
  const width = String(tests.length).length
  return tests.map((test, at) => `${folder(test)}/${String(at + 1).padStart(width, '0')}`)
}

function testFiles({ content, stems, isLegacy }: Writing): PackageEntry[] {
  const shownTo = content.mode === 'interactive' ? [] : content.samples
  return content.tests.flatMap((test, at): PackageEntry[] => {
    const stem = stems[at] ?? ''
    const data = [
      { path: `${stem}.in`, digest: test.input },
      { path: `${stem}.ans`, digest: test.output },
    ]
    const sample = test.sample ? shownTo[at] : undefined
    if (sample === undefined) return data
    const { note } = sample
    // the text that is shown may have been cut, or be another than the data
    const shown = isShownAsIs(sample.input, test.inputBytes) && isShownAsIs(sample.output, test.outputBytes)
    const texts = shown
      ? []
      : [
          { path: `${stem}.in.statement`, text: sample.input },
          { path: `${stem}.ans.statement`, text: sample.output },
        ]
    const described =
      note === undefined ? [] : [isLegacy ? { path: `${stem}.desc`, text: `${note}\n` } : { path: `${stem}.yaml`, text: stringify({ description: note }) }]
    return [...data, ...texts, ...described]
  })
}
const isShownAsIs = (text: string, bytes: number) => new TextEncoder().encode(text).byteLength === bytes

// ---- settings -----------------------------------------------------------------------------------------------------------

const points = (milli: number): number => milli / 1000
const ownArgs = ({ content }: Writing): readonly string[] => (content.checker ?? content.interactor)?.args ?? flagsOfCompare(content.compare)
const isScoring = ({ content }: Writing) => (content.groups ?? []).some(({ maxMilli }) => maxMilli > 0)
const isKattis = (check: Checker | undefined) => check?.protocol === 'kattis'

function problemYaml(writing: Writing): string {
  const { limits: keptLimits, grading, short_name: _, ...meta } = writing.kept?.meta ?? {}
  const limits = { ...ownLimits(writing.content), ...(isFields(keptLimits) ? keptLimits : {}) }
  const settings = (writing.isLegacy ? legacySettings : currentSettings)(writing, meta)
  return stringify({ ...settings, limits, ...(writing.isLegacy && isFields(grading) ? { grading } : {}) })
}
function ownLimits({ limits: { cpuMs, memoryBytes, outputBytes, sourceBytes } }: Program) {
  return {
    time_limit: cpuMs / 1000,
    memory: memoryBytes / 1024 ** 2,
    ...(outputBytes !== undefined && { output: outputBytes / 1024 ** 2 }),
    ...(sourceBytes !== undefined && { code: sourceBytes / 1024 }),
  }
}
function legacySettings(writing: Writing, meta: Fields): Fields {
  const { problem, content } = writing
  const hasProgram = isKattis(content.checker) || isKattis(content.interactor)
  const flags = ownArgs(writing)
  return {
    problem_format_version: 'legacy',
    ...(isScoring(writing) && { type: 'scoring' }),
    name: problem.title,
    ...meta,
    ...(problem.tags.length > 0 && { keywords: problem.tags.join(' ') }),
    validation: hasProgram ? `custom${content.interactor ? ' interactive' : ''}${isScoring(writing) ? ' score' : ''}` : 'default',
    ...(flags.length > 0 && { validator_flags: flags.every((word) => /^\S+$/.test(word)) ? flags.join(' ') : flags }),
  }
}
function currentSettings(writing: Writing, meta: Fields): Fields {
  const { problem, content } = writing
  const kinds = [
    isScoring(writing) ? 'scoring' : 'pass-fail',
    ...(content.mode === 'interactive' ? ['interactive'] : []),
    ...(content.mode === 'output-only' ? ['submit-answer'] : []),
  ]
  return {
    problem_format_version: '2025-09',
    type: kinds.length === 1 ? kinds[0] : kinds,
    name: Object.fromEntries([[problem.language ?? 'en', problem.title], ...problem.translations.map(({ language, title }) => [language, title])]),
    uuid: problem.id,
    ...currentMeta(meta),
    ...(problem.tags.length > 0 && { keywords: problem.tags }),
    ...(content.languages && content.mode !== 'output-only' && { languages: codesOf(content.languages) }),
  }
}
/** `author` and `source_url` have other names in the format of 2025-09. */
function currentMeta({ author, source_url: url, source, ...meta }: Fields): Fields {
  return {
    ...(author !== undefined && meta.credits === undefined && { credits: author }),
    ...(source !== undefined && { source: url === undefined ? source : { name: source, url } }),
    ...meta,
  }
}

function groupFiles(writing: Writing): PackageEntry[] {
  const { content, isLegacy } = writing
  const flags = ownArgs(writing)
  if (content.groups) return (isLegacy ? legacyGroupFiles : currentGroupFiles)(writing, content.groups)
  if (isLegacy || flags.length === 0) return []
  const folders = [...new Set(content.tests.map(({ sample }) => (sample ? 'data/sample' : 'data/secret')))]
  return folders.map((path) => ({ path: `${path}/test_group.yaml`, text: stringify({ output_validator_args: flags }) }))
}

const legacyFlags = { sum: 'sum', min: 'min', max: 'max', average: 'avg', all: 'min' } as const
const legacyVerdicts = {
  'first-error': 'first_error',
  'worst-error': 'worst_error',
  'always-accept': 'always_accept',
  'accept-if-any': 'accept_if_any_accepted',
} as const
function legacyGroupFiles({ content }: Writing, groups: readonly TestGroup[]): PackageEntry[] {
  const sample = groups.find(({ name }) => name === 'sample')
  const root = groups.some(({ name }) => name === 'data')
  const waits = groups.some(({ name, dependsOn }) => name === 'secret' && dependsOn.includes('sample'))
  const ignores = sample?.maxMilli === 0 && sample.verdict === 'always-accept'
  const outer = { on_reject: waits ? 'break' : 'continue', grading: 'default', grader_flags: ignores ? 'ignore_sample' : 'sum' }
  const isPassFail = groups.every(({ maxMilli }) => maxMilli === 0)
  const files = groups.map((group) => {
    const own = content.tests.filter((test) => test.group === group.name)
    const [accept, reject] = [own[0]?.points?.accept ?? group.maxMilli, own[0]?.points?.reject ?? 0]
    const scores = { accept_score: points(accept), reject_score: points(reject), range: `${reject < 0 ? '-inf' : 0} ${points(group.maxMilli)}` }
    const settings = {
      on_reject: group.onReject,
      grading: 'default',
      grader_flags: `${legacyVerdicts[group.verdict]} ${legacyFlags[group.combine]}`,
      ...(isPassFail ? {} : scores),
    }
    return { path: `${group.name === 'data' ? 'data' : `data/${group.name}`}/testdata.yaml`, text: stringify(settings) }
  })
  return root ? files : [{ path: 'data/testdata.yaml', text: stringify(outer) }, ...files]
}

const aggregations = { all: 'pass-fail', min: 'min', sum: 'sum', max: 'sum', average: 'sum' } as const
function currentGroupFiles(writing: Writing, groups: readonly TestGroup[]): PackageEntry[] {
  const flags = ownArgs(writing)
  const args = flags.length > 0 ? { output_validator_args: flags } : {}
  const hasPoints = isScoring(writing)
  return groups
    .filter(({ name }) => name === 'sample' || name === 'secret' || /^secret\/[^/]+$/.test(name))
    .flatMap(({ name, maxMilli, combine, dependsOn }) => {
      const scoring =
        hasPoints && name !== 'sample'
          ? { max_score: points(maxMilli), score_aggregation: aggregations[combine], ...(dependsOn.length > 0 && { require_pass: dependsOn }) }
          : {}
      const settings = { ...scoring, ...(name.includes('/') ? {} : args) }
      return Object.keys(settings).length > 0 ? [{ path: `data/${name}/test_group.yaml`, text: stringify(settings) }] : []
    })
}

// ---- programs, statements, the rest ---------------------------------------------------------------------------------------

const validatorFolder = (isLegacy: boolean) => (isLegacy ? 'output_validators/validator' : 'output_validator')
/** The format's own place is for the one that judges; a second one lies beside. */
function checkPath({ content, isLegacy }: Writing, check: Checker): string {
  return check === content.interactor && content.checker ? 'arena/interactor' : validatorFolder(isLegacy)
}
function programFiles(writing: Writing): PackageEntry[] {
  const { content } = writing
  const checks = [content.checker, content.interactor].flatMap((check) => (check ? [{ at: checkPath(writing, check), files: check.program.files }] : []))
  // languages that are one in the formats have the same files
  const graders = Object.entries(content.graders ?? {}).flatMap(([id, files]) => codesOf([id]).map((code) => ({ at: `include/${code}`, files })))
  return [...checks, ...graders].flatMap(({ at, files }) => files.map(({ name, digest }) => ({ path: `${at}/${name}`, digest })))
}

function statementFiles({ problem, isLegacy }: Writing): PackageEntry[] {
  const at = isLegacy ? 'problem_statement' : 'statement'
  const texts = [{ language: problem.language ?? 'en', statement: problem.statement }, ...problem.translations]
  return [
    ...texts.map(({ language, statement }) => ({ path: `${at}/problem.${language}.md`, text: `${statement}\n` })),
    ...problem.files.map(({ name, digest }) => ({ path: `${at}/${name}`, digest })),
  ]
}

/** Of statements, what they were made from is not written: two sources of one statement would part. */
function keptFiles({ kept, isLegacy }: Writing): PackageEntry[] {
  const files = (kept?.files ?? []).filter(
    ({ path }) => !/^statement\/problem(\.[\w-]+)?\.(md|tex)$/.test(path) && (!path.startsWith('submissions/') || path === 'submissions/submissions.yaml'),
  )
  const place = (path: string) => (isLegacy ? path.replace(/^statement\//, 'problem_statement/') : path)
  const solutions = (kept?.solutions ?? []).flatMap(({ path, files: own }) =>
    own.map(({ name, digest }) => ({ path: `submissions/${own.length === 1 ? path.replace(/[^/]+$/, name) : `${path}/${name}`}`, digest })),
  )
  return [...files.map(({ path, digest }) => ({ path: place(path), digest })), ...solutions]
}

// ---- what the format has no words for -------------------------------------------------------------------------------------

const same = (a: unknown, b: unknown) => JSON.stringify(sorted(a ?? null)) === JSON.stringify(sorted(b ?? null))

function whatIsMissing(writing: Writing, entries: readonly PackageEntry[]): ArenaFile | undefined {
  const { content, stems } = writing
  const texts = new Map(entries.flatMap(({ path, text }) => (text === undefined ? [] : [[path, text] as const])))
  const plan = planKattis({ paths: entries.map(({ path }) => path), texts, report: openReport() })
  const read = new Map(plan.tests.map((test) => [test.input.slice(0, -'.in'.length), test]))
  const facets = content.tests.map((test) => facetOf(test))
  const areTestsSame = content.tests.every((_, at) => same(facets[at], facetOf(read.get(stems[at] ?? '') ?? {})))
  const mode = content.mode ?? 'batch'
  const wanted = {
    ...(!same(content.limits, plan.limits) && { limits: content.limits }),
    ...(!same(content.compare, plan.compare) && { compare: content.compare }),
    ...(!sameLanguages(content.languages, plan.languages) && { languages: content.languages === null ? null : [...content.languages] }),
    ...(mode !== plan.mode && { mode }),
    ...differing('checker', writing, content.checker, plan.checker),
    ...differing('interactor', writing, content.interactor, plan.interactor),
    ...(!same(content.groups, plan.groups) && { groups: content.groups ? [...content.groups] : null }),
    ...(!areTestsSame && { tests: Object.fromEntries(facets.map((facet, at) => [stems[at] ?? '', facet])) }),
  }
  return Object.keys(wanted).length > 0 ? { arena: 1, ...wanted } : undefined
}
const facetOf = ({ compare, group, points: worth, checkerArgs }: Partial<TestEntry> | Partial<PlannedTest>): ArenaTest => ({
  ...(compare && { compare }),
  ...(group !== undefined && { group }),
  ...(worth && { points: worth }),
  ...(checkerArgs && { checkerArgs: [...checkerArgs] }),
})
/** Codes stand for families; an order of languages says nothing. */
const sameLanguages = (own: readonly string[] | null, read: readonly string[] | null) =>
  same(own, read) || (own !== null && own[0] === textLanguage) || same(own && [...own].sort(), read && [...read].sort())

function differing(
  key: 'checker' | 'interactor',
  writing: Writing,
  own: Checker | undefined,
  read: PlannedCheck | undefined,
): { [K in typeof key]?: ArenaCheck | null } {
  if (own === undefined) return read === undefined ? {} : { [key]: null }
  const at = checkPath(writing, own)
  const { protocol, args, limits, program } = own
  const check = { protocol, language: program.language, files: program.files.map(({ name }) => `${at}/${name}`), args, ...(limits && { limits }) }
  const known = read && {
    protocol: read.protocol,
    language: read.program.language,
    files: read.program.paths,
    args: read.args,
    ...(read.limits && { limits: read.limits }),
  }
  return same(check, known) ? {} : { [key]: check }
}
