import type { SolutionExpectation } from '#contracts/packages'
import { byName, type PackageReport, type PackageTexts, type PlannedSolution } from './package-plan.ts'
import { languageOfPath, languagesOf } from './package-programs.ts'
import { type Fields, isFields, numberOf, readYaml, textOf } from './package-yaml.ts'

/** What a package says of its own solutions: by their folder, by tags in the source, by `submissions.yaml`. */
type Verdicts = SolutionExpectation['verdicts']
const rejected: Verdicts = ['WA', 'TLE', 'RE', 'MLE', 'OLE', 'CE', 'PARTIAL']
const byFolder: Readonly<Record<string, SolutionExpectation>> = {
  accepted: { verdicts: ['AC'], permitted: ['AC'], timing: 'fast' },
  slow_accepted: { verdicts: ['AC'] },
  partially_accepted: { verdicts: ['PARTIAL', 'WA', 'TLE', 'RE', 'MLE', 'OLE'] },
  rejected: { verdicts: rejected, required: ['WA', 'TLE', 'RE'] },
  wrong_answer: { verdicts: ['WA', 'PARTIAL'], required: ['WA'] },
  time_limit_exceeded: { verdicts: ['TLE', 'PARTIAL'], required: ['TLE'], timing: 'slow' },
  run_time_error: { verdicts: ['RE', 'MLE', 'PARTIAL'], required: ['RE'] },
  memory_limit_exceeded: { verdicts: ['MLE', 'RE', 'PARTIAL'] },
  output_limit_exceeded: { verdicts: ['OLE', 'PARTIAL'] },
  compiler_error: { verdicts: ['CE'] },
  brute_force: { verdicts: ['TLE', 'RE', 'MLE', 'PARTIAL'], permitted: ['AC', 'RE', 'TLE'], required: ['RE', 'TLE'] },
}
/** The format of 2025-09 says what every test may end with; the legacy one of wrong answers and slow ones only what must occur. */
const strict: Readonly<Record<string, Partial<SolutionExpectation>>> = {
  wrong_answer: { permitted: ['AC', 'WA'] },
  time_limit_exceeded: { permitted: ['AC', 'TLE'] },
  run_time_error: { permitted: ['AC', 'RE'] },
}
const legacyOnly: Readonly<Record<string, Partial<SolutionExpectation>>> = {
  time_limit_exceeded: { permitted: ['AC', 'WA', 'TLE'] },
  wrong_answer: { permitted: ['AC', 'WA'] },
}

const tagVerdicts: Readonly<Record<string, Verdicts[number]>> = {
  CORRECT: 'AC',
  ACCEPTED: 'AC',
  'WRONG-ANSWER': 'WA',
  'NO-OUTPUT': 'WA',
  TIMELIMIT: 'TLE',
  'TIME-LIMIT-EXCEEDED': 'TLE',
  'RUN-ERROR': 'RE',
  'RUN-TIME-ERROR': 'RE',
  'MEMORY-LIMIT': 'MLE',
  'MEMORY-LIMIT-EXCEEDED': 'MLE',
  'OUTPUT-LIMIT': 'OLE',
  'OUTPUT-LIMIT-EXCEEDED': 'OLE',
  'COMPILER-ERROR': 'CE',
  PARTIAL: 'PARTIAL',
  'PARTIALLY-ACCEPTED': 'PARTIAL',
}
const scoreOf = (text: string) => {
  const value = Number(text)
  return Number.isFinite(value) && Math.abs(value) <= 1e6 ? Math.round(value * 1000) : undefined
}

/** `@EXPECTED_RESULTS@: A, B` and `@EXPECTED_SCORE@: 60` anywhere in the source, as DOMjudge reads them: they take the folder's place. */
export function taggedExpectation(source: string, file: string, report: PackageReport): SolutionExpectation | undefined {
  const results = /@EXPECTED_RESULTS@:[ \t]*([A-Za-z_, \t-]{1,200})/.exec(source)?.[1]
  const score = /@EXPECTED_SCORE@:[ \t]*(-?[0-9.eE]{1,20})/.exec(source)?.[1]
  if (results === undefined && score === undefined) return undefined
  const words = (results ?? '')
    .split(',')
    .map((word) => word.trim().toUpperCase().replaceAll('_', '-'))
    .filter(Boolean)
  const unknown = words.find((word) => !Object.hasOwn(tagVerdicts, word))
  if (unknown !== undefined) report.warnings.push(`${file} expects ${unknown.slice(0, 40)}, which is no verdict`)
  const verdicts = [...new Set(words.flatMap((word) => tagVerdicts[word] ?? []))]
  const milli = score === undefined ? undefined : scoreOf(score)
  const any: Verdicts = ['AC', ...rejected]
  return { verdicts: verdicts.length ? verdicts : any, ...(milli === undefined ? {} : { scoreMilli: [milli, milli] }) }
}

type Reading = { readonly paths: readonly string[]; readonly texts: PackageTexts; readonly isLegacy: boolean; readonly report: PackageReport }
export function solutionsOf({ paths, texts, isLegacy, report }: Reading): PlannedSolution[] {
  const metaFile = 'submissions/submissions.yaml'
  const metaText = texts.get(metaFile)
  const rules =
    metaText === undefined ? [] : Object.entries(readYaml(metaFile, metaText, report)).flatMap(([glob, rule]) => (isFields(rule) ? [{ glob, rule }] : []))
  const solutions: PlannedSolution[] = []
  for (const [path, files] of programsBelow(paths, report)) {
    const folder = path.slice(0, path.indexOf('/'))
    const matching = rules.filter(({ glob }) => matches(glob, path)).map(({ rule }) => rule)
    const tagged = files.map((file) => taggedExpectation(texts.get(file) ?? '', file, report)).find((found) => found !== undefined)
    const usual = Object.hasOwn(byFolder, folder) ? byFolder[folder] : undefined
    const base = usual && { ...usual, ...(isLegacy ? legacyOnly[folder] : strict[folder]) }
    if (!tagged && !base && matching.length === 0) report.warnings.push(`nothing says what submissions/${path} should get`)
    const expected = matching.reduce(withRule, tagged ?? base ?? { verdicts: ['AC', ...rejected] })
    solutions.push({ path, paths: files, language: languageFor(files, matching), expected })
  }
  return solutions
}

const maxSolutions = 300
/** By `FOLDER/NAME`, a file or a folder each. */
function programsBelow(paths: readonly string[], report: PackageReport): readonly (readonly [string, readonly string[]])[] {
  const programs = new Map<string, string[]>()
  for (const path of paths.filter((each) => each.startsWith('submissions/')).sort(byName)) {
    const [, folder, name] = path.split('/')
    if (name === undefined) continue
    const key = `${folder}/${name}`
    const files = programs.get(key)
    if (files) files.push(path)
    else programs.set(key, [path])
  }
  if (programs.size > maxSolutions) report.complaints.push(`it has more than ${maxSolutions} solutions`)
  return [...programs].slice(0, maxSolutions)
}

function languageFor(files: readonly string[], rules: readonly Fields[]): string | null {
  if (files.length !== 1) return null
  const named = rules.map(({ language }) => textOf(language)).findLast((each) => each !== undefined)
  return (named === undefined ? languageOfPath(files[0] ?? '') : languagesOf(named)[0]) ?? null
}

const inYaml: Readonly<Record<string, 'AC' | 'WA' | 'TLE' | 'RE'>> = { AC: 'AC', WA: 'WA', TLE: 'TLE', RTE: 'RE' }
const testVerdicts = (value: unknown) =>
  Array.isArray(value) ? value.flatMap((each) => (typeof each === 'string' && Object.hasOwn(inYaml, each) ? [inYaml[each] as 'AC'] : [])) : undefined

/** A rule adds to what is known; of groups' own rules nothing is kept. */
function withRule(known: SolutionExpectation, rule: Fields): SolutionExpectation {
  const permitted = testVerdicts(rule.permitted)
  const required = testVerdicts(rule.required)
  const score = Array.isArray(rule.score) ? rule.score.map(numberOf) : [numberOf(rule.score), numberOf(rule.score)]
  const [from, to] = score.map((each) => (each === undefined ? undefined : scoreOf(String(each))))
  const isAccepted = permitted?.every((each) => each === 'AC') ?? false
  const verdicts: Verdicts | undefined =
    permitted === undefined && required === undefined
      ? undefined
      : isAccepted
        ? ['AC']
        : [...(required?.includes('AC') === false ? [] : (['AC'] as const)), ...rejected]
  const { use_for_time_limit: use } = rule
  const timing = use === false ? undefined : use === 'lower' ? 'fast' : use === 'upper' ? 'slow' : known.timing
  const { timing: _, ...rest } = known
  return {
    ...rest,
    ...(verdicts && { verdicts }),
    ...(permitted && { permitted }),
    ...(required && { required }),
    ...(from !== undefined && to !== undefined && { scoreMilli: [from, to] }),
    ...(timing && { timing }),
  }
}

/** A glob of `submissions.yaml`: `*` within a name, `{a,b}` alternatives; a folder's pattern is for all in it. Linear: no backtracking over `/`. */
function matches(glob: string, path: string): boolean {
  if (glob.length > 200 || glob.split('{').length > 5) return false // each pair of braces multiplies the choices
  const parts = glob.split('/')
  const names = path.split('/')
  return parts.length <= names.length && parts.every((part, at) => matchesName(part, names[at] ?? ''))
}
function matchesName(glob: string, name: string): boolean {
  const brace = /^([^{}]*)\{([^{}]*)\}(.*)$/.exec(glob)
  if (brace) return (brace[2] ?? '').split(',').some((choice) => matchesName(`${brace[1]}${choice}${brace[3]}`, name))
  const [first = '', ...others] = glob.split('*')
  if (others.length === 0) return glob === name
  if (!name.startsWith(first)) return false
  let at = first.length
  for (const [index, part] of others.entries()) {
    const found =
      index === others.length - 1 ? (name.length - part.length >= at && name.endsWith(part) ? name.length - part.length : -1) : name.indexOf(part, at)
    if (found < 0) return false
    at = found + part.length
  }
  return true
}
