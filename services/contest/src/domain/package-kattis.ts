import type { JudgingMode } from '#contracts/judging'
import { textLanguage } from '#contracts/languages'
import { type ArenaFile, arenaFile, plannedCheck, readArena } from './package-arena.ts'
import { currentGroups, legacyGroups } from './package-groups.ts'
import { limitsOf } from './package-limits.ts'
import {
  type CheckLimits,
  type KeptFile,
  type PackagePlan,
  type PackageReport,
  type PackageTexts,
  type PlannedCheck,
  type PlannedProgram,
  type PlannedStatement,
  type PlannedTest,
  some,
} from './package-plan.ts'
import { languageOfPath, languagesOf, planProgram, programsIn } from './package-programs.ts'
import { solutionsOf } from './package-solutions.ts'
import { argsOf, comparesOf, type DataTree, dataTreeOf, withFields } from './package-tests.ts'
import { type Fields, isFields, numberOf, positive, readIni, readYaml, tagsOf, textOf, wordsOf } from './package-yaml.ts'

/**
 * ICPC/Kattis problem packages: the legacy format, that of 2025-09, and the drafts between them, which are read as the latter.
 * @see https://www.kattis.com/problem-package-format/spec/legacy.html and …/2025-09.html
 */
type Reading = { readonly paths: readonly string[]; readonly texts: PackageTexts; readonly report: PackageReport }
type Kind = { readonly isScoring: boolean; readonly mode: JudgingMode; readonly isCustom: boolean; readonly hasScores: boolean }

export function planKattis(reading: Reading): PackagePlan {
  const plan = planByFormat(reading)
  const arena = readArena(reading.texts.get(arenaFile), reading.report)
  return arena === undefined ? plan : withArena(plan, arena, reading)
}

/** What an export of the arena's own says beside the format. */
function withArena(plan: PackagePlan, arena: ArenaFile, { paths, report }: Reading): PackagePlan {
  const has = new Set(paths)
  const check = (own: ArenaFile['checker'], known: PlannedCheck | undefined) =>
    own === undefined ? known : own === null ? undefined : plannedCheck(own, has, report)
  const tests = arena.tests
  const mode = arena.mode ?? plan.mode
  return {
    ...plan,
    limits: arena.limits ?? plan.limits,
    compare: arena.compare ?? plan.compare,
    languages: mode === 'output-only' ? [textLanguage] : arena.languages === undefined ? plan.languages : arena.languages,
    mode,
    checker: check(arena.checker, plan.checker),
    interactor: check(arena.interactor, plan.interactor),
    groups: arena.groups === undefined ? plan.groups : (arena.groups ?? undefined),
    tests:
      tests === undefined
        ? plan.tests
        : (plan.tests.map(({ compare: _, group: _group, points: _points, checkerArgs: _args, ...test }) => ({
            ...test,
            ...tests[stemOf(test.input)],
          })) as PlannedTest[]),
  }
}
const stemOf = (input: string) => input.slice(0, -'.in'.length)

function planByFormat({ paths, texts, report }: Reading): PackagePlan {
  const yaml = readYaml('problem.yaml', texts.get('problem.yaml') ?? '', report)
  const version = textOf(yaml.problem_format_version) ?? 'legacy'
  const isLegacy = version.startsWith('legacy')
  if (!['legacy', 'legacy-icpc', '2023-07', '2023-07-draft', '2025-09', '2025-09-draft', 'draft'].includes(version))
    report.warnings.push(`the package format ${version.slice(0, 40)} is read as 2025-09`)
  const kind = isLegacy ? legacyKind(yaml, paths, report) : currentKind(yaml, paths, report)
  const tree = dataTreeOf({ paths, texts, isLegacy, report })
  const graders = gradersOf(paths, report)
  const judged = judgedBy({ paths, yaml, isLegacy, tree, kind, report })
  const grouping = { tests: withFields(tree), settings: tree.settings, report, isScoring: kind.isScoring, hasScores: kind.hasScores }
  const grouped = isLegacy ? legacyGroups(grouping) : currentGroups(grouping)
  const ini = readIni(texts.get('domjudge-problem.ini') ?? '')
  const mode = kind.mode === 'batch' && graders ? 'function' : kind.mode
  const solutions = solutionsOf({ paths, texts, isLegacy, report })
  return {
    format: isLegacy ? 'legacy' : '2025-09',
    title: titleOf(yaml.name) ?? ini.name,
    tags: tagsOf(yaml.keywords),
    limits: limitsOf(statedLimits(yaml, ini, texts), report),
    compare: judged.compare,
    languages: mode === 'output-only' ? [textLanguage] : allowedLanguages(yaml.languages, graders, report),
    mode,
    checker: mode === 'interactive' ? undefined : judged.check,
    interactor: mode === 'interactive' ? judged.check : undefined,
    graders,
    groups: grouped?.groups,
    tests: withFields(tree).map(({ fields: _, ...test }, at) => {
      const compare = judged.compares[at]
      const checkerArgs = judged.argsByTest[at]
      return { ...test, ...hiddenInteraction(mode, test), ...(compare && { compare }), ...(checkerArgs && { checkerArgs }), ...grouped?.byTest[at] }
    }),
    statements: statementsOf(paths, yaml.name),
    statementFiles: paths.filter((path) => /^(problem_statement|statement)\/[^/]+\.(png|jpe?g|svg|pdf)$/i.test(path)),
    solutions,
    kept: keptFiles(paths, report),
    meta: metaOf(yaml),
  }
}

/** Inputs of an interactive problem are no samples: without a protocol of a talk, nothing is shown. */
const hiddenInteraction = (mode: JudgingMode, test: { sample: boolean; shown?: unknown }) =>
  mode === 'interactive' && test.sample && (typeof test.shown !== 'object' || test.shown === null || !('interaction' in test.shown))
    ? { shown: 'none' as const }
    : {}

function legacyKind({ type, validation, grading }: Fields, paths: readonly string[], report: PackageReport): Kind {
  const kind = textOf(type) ?? 'pass-fail'
  if (kind !== 'pass-fail' && kind !== 'scoring') report.complaints.push(`it is a ${kind.slice(0, 40)} problem, which the legacy format does not have`)
  const words = wordsOf(validation ?? 'default')
  const unknown = words.find((word) => !['default', 'custom', 'score', 'interactive', 'multi-pass'].includes(word))
  if (unknown !== undefined) report.complaints.push(`the validation ${unknown.slice(0, 40)} is not known`)
  if (words.includes('multi-pass')) report.complaints.push('its programs run several times over (multi-pass), which the arena cannot judge')
  if (isFields(grading) && textOf(grading.objective) === 'min')
    report.complaints.push('fewer points are better in it (objective: min), which the arena cannot rank')
  const isCustom = words.includes('custom')
  if (!isCustom && paths.some((path) => path.startsWith('output_validators/')))
    report.warnings.push('its output validators are not used: problem.yaml says validation: default')
  return {
    isScoring: kind === 'scoring',
    isCustom,
    hasScores: isCustom && words.includes('score'),
    mode: isCustom && words.includes('interactive') ? 'interactive' : 'batch',
  }
}

function currentKind({ type }: Fields, paths: readonly string[], report: PackageReport): Kind {
  const types = wordsOf(type ?? 'pass-fail')
  const unknown = types.find((each) => !['pass-fail', 'scoring', 'interactive', 'multi-pass', 'submit-answer'].includes(each))
  if (unknown !== undefined) report.complaints.push(`it is a ${unknown.slice(0, 40)} problem, which the format does not have`)
  if (types.includes('multi-pass')) report.complaints.push('its programs run several times over (multi-pass), which the arena cannot judge')
  if (types.includes('pass-fail') && types.includes('scoring')) report.complaints.push('it is both pass-fail and scoring')
  if (paths.some((path) => path.startsWith('static_validator/'))) report.complaints.push('it has a static validator, which the arena does not have')
  const isCustom = paths.some((path) => path.startsWith('output_validator/'))
  const mode = types.includes('interactive') ? 'interactive' : types.includes('submit-answer') ? 'output-only' : 'batch'
  return { isScoring: types.includes('scoring'), isCustom, hasScores: false, mode }
}

type Judged = { readonly compare: ReturnType<typeof comparesOf>['compare']; readonly compares: ReturnType<typeof comparesOf>['byTest'] } & {
  readonly check: PlannedCheck | undefined
  readonly argsByTest: readonly (readonly string[] | undefined)[]
}
type ToJudge = { readonly yaml: Fields; readonly isLegacy: boolean; readonly tree: DataTree; readonly kind: Kind } & Pick<Reading, 'paths' | 'report'>
/** Either by comparison, with flags, or by a program, with arguments. */
function judgedBy({ paths, yaml, isLegacy, tree, kind, report }: ToJudge): Judged {
  const ownFlags = isLegacy ? wordsOf(yaml.validator_flags) : []
  if (!kind.isCustom) {
    if (kind.mode === 'interactive') report.complaints.push('it is interactive and has no output validator to talk with')
    const { compare, byTest } = comparesOf(withFields(tree), ownFlags, !isLegacy, report)
    return { compare, compares: byTest, check: undefined, argsByTest: [] }
  }
  const program = validatorOf(paths, isLegacy, report)
  const { args, byTest } = argsOf(withFields(tree), ownFlags)
  if ([...args, ...byTest.flatMap((words) => words ?? [])].some((word) => word.length > 200))
    report.complaints.push('an argument of its output validator is longer than 200 characters')
  const limits = checkLimits(yaml)
  return { compare: {}, compares: [], check: program && { protocol: 'kattis', program, args, ...(limits && { limits }) }, argsByTest: byTest }
}

/** What the package gives its validator, within what the arena does. */
function checkLimits(yaml: Fields): CheckLimits | undefined {
  const given = isFields(yaml.limits) ? yaml.limits : {}
  const [seconds, memoryMiB] = [positive(given.validation_time), positive(given.validation_memory)]
  if (seconds === undefined && memoryMiB === undefined) return undefined
  return {
    ...(seconds && { cpuMs: Math.min(120_000, Math.max(50, Math.round(seconds * 1000))) }),
    ...(memoryMiB && { memoryBytes: Math.min(2 * 1024 ** 3, Math.max(16 * 1024 ** 2, Math.round(memoryMiB * 1024 ** 2))) }),
  }
}

function validatorOf(paths: readonly string[], isLegacy: boolean, report: PackageReport): PlannedProgram | undefined {
  const folder = isLegacy ? 'output_validators/' : 'output_validator/'
  const programs = isLegacy ? [...programsIn(folder, paths).values()] : [paths.filter((path) => path.startsWith(folder))]
  if (programs.length > 1) {
    // some authors put the files of one program right there
    const loose = paths.filter((path) => path.startsWith(folder) && !path.slice(folder.length).includes('/'))
    if (loose.length === programs.length && loose.filter((path) => languageOfPath(path) !== undefined).length === 1)
      return planProgram('its output validator', loose, report)
    report.complaints.push('it has more than one output validator')
    return undefined
  }
  const [program] = programs
  if (program === undefined || program.length === 0) {
    report.complaints.push(`it is validated by a program of its own, and ${folder} has none`)
    return undefined
  }
  return planProgram('its output validator', program, report)
}

/** `include/LANGUAGE/` is compiled with what participants hand in. Without a source of that language among them they are headers, which are kept beside. */
function gradersOf(paths: readonly string[], report: PackageReport): Record<string, string[]> | undefined {
  const graders: Record<string, string[]> = {}
  for (const [code, files] of programsIn('include/', paths)) {
    const ids = languagesOf(code)
    if (ids.length === 0) report.warnings.push(`the files in include/${code} are for a language the arena does not have`)
    if (files.length > 20) report.complaints.push(`include/${code} has more than 20 files`)
    if (files.some((path) => path.split('/').length > 3)) report.complaints.push(`include/${code} has folders inside, which the arena cannot keep`)
    const family = new Set(ids.map((id) => (id.startsWith('cpp') ? 'cpp20' : id === 'pypy' ? 'python' : id)))
    const sources = files.filter((path) => family.has(languageOfPath(path) ?? ''))
    const main = sources.find((path) => /\/(main|grader|driver|stub)\.[^/]+$/i.test(path)) ?? sources[0]
    if (ids.length > 0 && main === undefined) report.complaints.push(`include/${code} has no source of that language with a main in it`)
    if (main !== undefined) for (const id of ids) graders[id] = [main, ...files.filter((path) => path !== main)]
  }
  return Object.keys(graders).length > 0 ? graders : undefined
}

function allowedLanguages(value: unknown, graders: Readonly<Record<string, unknown>> | undefined, report: PackageReport): string[] | null {
  const ofGraders = graders ? Object.keys(graders) : null
  if (value === undefined || value === null || value === 'all') return ofGraders
  const codes = wordsOf(value)
  const unknown = codes.filter((code) => languagesOf(code).length === 0)
  if (unknown.length > 0) report.warnings.push(`languages the arena does not have: ${some(unknown)}`)
  const ids = [...new Set(codes.flatMap(languagesOf))].filter((id) => ofGraders === null || ofGraders.includes(id))
  if (ids.length === 0) report.complaints.push('it may be solved in no language that the arena has')
  return ids
}

function statedLimits(yaml: Fields, ini: Readonly<Record<string, string>>, texts: PackageTexts) {
  const given = isFields(yaml.limits) ? yaml.limits : {}
  return {
    seconds: [given.time_limit, ini.timelimit, texts.get('.timelimit')].map(positive).find((value) => value !== undefined),
    memoryMiB: positive(given.memory),
    outputMiB: positive(given.output),
    codeKiB: positive(given.code),
  }
}

/** A name, or names by language: English, else the first. */
function titleOf(name: unknown): string | undefined {
  const texts = isFields(name) ? [name.en, ...Object.values(name)] : [name]
  const title = texts.map(textOf).find((text) => text !== undefined && text.trim() !== '')
  return title?.trim().slice(0, 200)
}

/** One a language, Markdown before TeX before PDF. */
function statementsOf(paths: readonly string[], names: unknown): PlannedStatement[] {
  const formats = { md: 'markdown', tex: 'tex', pdf: 'pdf' } as const
  const found = paths.flatMap((path) => {
    const match = /^(?:problem_statement|statement)\/problem(?:\.([a-z]{2,3}(?:-[A-Za-z]{2,4})?))?\.(md|tex|pdf)$/.exec(path)
    return match ? [{ path, language: match[1] ?? 'en', extension: match[2] as keyof typeof formats }] : []
  })
  const order = Object.keys(formats)
  return [...new Set(found.map(({ language }) => language))].sort().map((language) => {
    const [best] = found.filter((each) => each.language === language).sort((a, b) => order.indexOf(a.extension) - order.indexOf(b.extension))
    const title = isFields(names) ? textOf(names[language]) : undefined
    return { language, title, parts: best ? [{ path: best.path, format: formats[best.extension] }] : [] }
  })
}

const renamed: readonly (readonly [RegExp, string])[] = [
  [/^problem_statement\//, 'statement/'],
  [/^input_format_validators\//, 'input_validators/'],
]
const keptFolders = /^(statement|attachments|solution|generators|input_validators|input_visualizer|output_visualizer|include)\//
/** Files that the arena does not look into, or not any more, and that an export gives back. */
function keptFiles(paths: readonly string[], report: PackageReport): KeptFile[] {
  const kept: KeptFile[] = []
  const unused = new Set<string>()
  for (const path of paths) {
    const as = renamed.reduce((name, [from, to]) => name.replace(from, to), path)
    const isTestExtra =
      /^data\/(sample|secret)\/.+\.(png|jpe?g|svg|hint|interaction)$/.test(path) || /^data\/(invalid_input|invalid_output|valid_output)\//.test(path)
    if (keptFolders.test(as) || isTestExtra || as === 'submissions/submissions.yaml') kept.push({ path, as })
    else if (path.includes('/') && !/^(data|output_validators?|submissions)\//.test(path)) unused.add(`${path.split('/')[0]}/`)
  }
  if (unused.size > 0) report.ignored.push(...[...unused].sort())
  if (kept.some(({ as }) => as.startsWith('input_validators/'))) report.warnings.push('its input validators are not run yet')
  return kept
}

const metaKeys = ['uuid', 'version', 'author', 'credits', 'source', 'source_url', 'license', 'rights_owner', 'embargo_until']
const limitKeys = [
  'time_multipliers',
  'time_multiplier',
  'time_safety_margin',
  'time_resolution',
  'compilation_time',
  'compilation_memory',
  'validation_time',
  'validation_memory',
  'validation_output',
]
function metaOf(yaml: Fields): Record<string, unknown> {
  const kept = Object.fromEntries(metaKeys.flatMap((key) => (yaml[key] === undefined || yaml[key] === null ? [] : [[key, yaml[key]]])))
  const given = isFields(yaml.limits) ? yaml.limits : {}
  const limits = Object.fromEntries(limitKeys.flatMap((key) => (isFields(given[key]) || numberOf(given[key]) !== undefined ? [[key, given[key]]] : [])))
  const isShown = isFields(yaml.grading) && yaml.grading.show_test_data_groups === true
  return { ...kept, ...(Object.keys(limits).length ? { limits } : {}), ...(isShown ? { grading: { show_test_data_groups: true } } : {}) }
}
