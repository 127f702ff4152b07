import { parse } from 'yaml'
import type { Compare, Limits } from '#contracts/common'
import { fail, ok, type Result } from '#kernel/result'
import { sorted } from './problem.ts'

/** What `problem.yaml` and the small files beside it say, as far as the arena's judge can keep it. What it cannot keep and would change a verdict is refused. */
export type PackageSettings = {
  readonly title: string | undefined
  readonly limits: Limits
  /** What most tests are compared by, and for each test what differs from that. */
  readonly compare: Compare
  readonly testCompare: readonly (Compare | undefined)[]
  readonly tags: readonly string[]
  readonly warnings: readonly string[]
}
export type SettingTexts = {
  readonly problemYaml: string
  /** YAML by path, and for each test the paths of what may hold its flags, outermost group first. */
  readonly yamlFiles: ReadonlyMap<string, string>
  readonly testSettings: readonly (readonly string[])[]
  readonly timelimit: string | undefined
  readonly domjudgeIni: string | undefined
  /** The package has the 2023-07 format's folder of a validator of its own. */
  readonly outputValidator: boolean
}
type Fields = Readonly<Record<string, unknown>>
const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null && !Array.isArray(value)
const textOf = (value: unknown): string | undefined => (typeof value === 'string' || typeof value === 'number' ? String(value) : undefined)

const mebibyte = 1024 ** 2
const defaults = { cpuMs: 2_000, memoryBytes: 512 * mebibyte } as const

export function settingsOf(texts: SettingTexts): Result<PackageSettings, string> {
  const read = yamlFields('problem.yaml', texts.problemYaml)
  if (!read.ok) return read
  const yaml = read.value
  const kind = kindProblem(yaml, texts.outputValidator)
  if (kind !== undefined) return fail(kind)
  const format = textOf(yaml.problem_format_version) ?? 'legacy'
  const compare = compareOf({ ownFlags: wordsOf(yaml.validator_flags), isStrict: !format.startsWith('legacy'), ...texts })
  if (!compare.ok) return compare
  const ini = iniFields(texts.domjudgeIni ?? '')
  const limits = limitsOf(yaml, { timelimit: texts.timelimit, ini })
  const unknownFormat = ['legacy', 'legacy-icpc', '2023-07', '2023-07-draft', '2025-09'].includes(format)
    ? []
    : [`the package format ${format} is read as 2023-07`]
  return ok({
    title: titleOf(yaml.name) ?? ini.name,
    limits: limits.limits,
    ...compare.value,
    tags: tagsOf(yaml.keywords),
    warnings: [...unknownFormat, ...limits.warnings],
  })
}

/** Real ones have below 2,000 characters; the parser compares keys pairwise, so that 500,000 of them would take minutes. */
const maxYaml = 20_000
/** @param whenEmpty what a file without anything but comments is taken for; absent: it is refused. */
function yamlFields(file: string, text: string, whenEmpty?: Fields): Result<Fields, string> {
  if (text.length > maxYaml) return fail(`${file} is longer than ${maxYaml} characters`)
  try {
    // aliases can make a small text a huge value; at a lower log level broken texts would be read as far as they go
    const value: unknown = parse(text, { maxAliasCount: 20, logLevel: 'error' })
    return isFields(value) ? ok(value) : value === null && whenEmpty !== undefined ? ok(whenEmpty) : fail(`${file} is not a list of settings`)
  } catch (cause) {
    return fail(`${file} is not YAML: ${cause instanceof Error ? (cause.message.split('\n')[0] ?? '') : 'unreadable'}`)
  }
}

/** Kinds of problem whose verdicts need a judge that is not there yet. */
function kindProblem({ type, validation }: Fields, outputValidator: boolean): string | undefined {
  const types = (Array.isArray(type) ? type : [type ?? 'pass-fail']).map((each) => String(each))
  const foreign = types.find((each) => each !== 'pass-fail')
  if (foreign !== undefined) return `it is a ${foreign.slice(0, 40)} problem; those come later`
  const mode = textOf(validation)?.trim() ?? 'default'
  if (/\binteractive\b/.test(mode)) return 'it is an interactive problem; those come later'
  if (outputValidator || mode !== 'default') return 'it has an output validator of its own; those come later'
  return undefined
}

/** A name, or names by language: English, else the first. */
function titleOf(name: unknown): string | undefined {
  const texts = isFields(name) ? [name.en, ...Object.values(name)] : [name]
  const title = texts.map(textOf).find((text) => text !== undefined && text.trim() !== '')
  return title?.trim().slice(0, 200)
}

function tagsOf(keywords: unknown): string[] {
  const words = Array.isArray(keywords) ? keywords.map((word) => textOf(word) ?? '') : (textOf(keywords) ?? '').split(/[\s,]+/)
  const tags = words.map((word) =>
    word
      .toLowerCase()
      .replaceAll(/[^a-z0-9]+/g, '-')
      .replaceAll(/^-+/g, '')
      .slice(0, 30)
      .replaceAll(/-+$/g, ''),
  )
  return [...new Set(tags.filter((tag) => tag !== ''))].slice(0, 20)
}

/** `key = value` lines; quotes around a value are not part of it. */
function iniFields(text: string): { timelimit?: string; name?: string } {
  const fields: Record<string, string> = {}
  for (const line of text.split('\n').slice(0, 100)) {
    const at = line.indexOf('=')
    if (at > 0)
      fields[line.slice(0, at).trim()] = line
        .slice(at + 1)
        .trim()
        .replace(/^['"]/, '')
        .replace(/['"]$/, '')
  }
  return fields
}

type LimitsRead = { limits: Limits; warnings: string[] }
function limitsOf(yaml: Fields, { timelimit, ini }: { timelimit: string | undefined; ini: { timelimit?: string } }): LimitsRead {
  const given = isFields(yaml.limits) ? yaml.limits : {}
  const warnings: string[] = []
  const within = (name: string, value: number | undefined, [from, to]: readonly [number, number]) => {
    if (value === undefined) return undefined
    const kept = Math.min(to, Math.max(from, Math.round(value)))
    if (kept !== Math.round(value)) warnings.push(`${name} was brought within what the arena allows`)
    return kept
  }
  const seconds = [textOf(given.time_limit), ini.timelimit, timelimit].map(positive).find((value) => value !== undefined)
  if (seconds === undefined) warnings.push('the package states no time limit; it is 2 s now')
  const memory = positive(textOf(given.memory))
  const output = positive(textOf(given.output))
  const code = positive(textOf(given.code))
  const outputBytes = within('the output limit', output && output * mebibyte, [1024, 256 * mebibyte])
  const sourceBytes = within('the source limit', code && code * 1024, [64, 65_536])
  return {
    limits: {
      cpuMs: within('the time limit', seconds && seconds * 1000, [50, 60_000]) ?? defaults.cpuMs,
      memoryBytes: within('the memory limit', memory && memory * mebibyte, [16 * mebibyte, 2048 * mebibyte]) ?? defaults.memoryBytes,
      ...(outputBytes === undefined ? {} : { outputBytes }),
      ...(sourceBytes === undefined ? {} : { sourceBytes }),
    },
    warnings,
  }
}

function positive(text: string | undefined): number | undefined {
  const value = text === undefined || text.trim() === '' ? Number.NaN : Number(text.trim())
  return Number.isFinite(value) && value > 0 ? value : undefined
}

type CompareRead = Pick<PackageSettings, 'compare' | 'testCompare'>
type Flags = Pick<SettingTexts, 'yamlFiles' | 'testSettings'> & { readonly ownFlags: readonly string[]; readonly isStrict: boolean }
/**
 * The default validator's flags, test by test: those of problem.yaml (legacy) and then those of the innermost group that has any, or of the test itself, as
 * Kattis problemtools runs it. What most tests have is the problem's; a tie goes to the earlier.
 */
function compareOf({ ownFlags, isStrict, yamlFiles, testSettings }: Flags): Result<CompareRead, string> {
  const flagsOfFile = new Map<string, readonly string[] | undefined>()
  for (const [path, text] of yamlFiles) {
    const read = yamlFields(path, text, {})
    if (!read.ok) return read
    flagsOfFile.set(path, validatorWords(read.value))
  }
  const byFlags = new Map<string, { readonly compare: Compare; tests: number }>()
  const byTest: Compare[] = []
  for (const paths of testSettings.length > 0 ? testSettings : [[]]) {
    const words = [...ownFlags, ...(paths.map((path) => flagsOfFile.get(path)).findLast((flags) => flags !== undefined) ?? [])]
    const read = flagsOf(words, isStrict)
    if (!read.ok) return read
    const key = JSON.stringify(sorted(read.value))
    const known = byFlags.get(key) ?? { compare: read.value, tests: 0 }
    known.tests++
    byFlags.set(key, known)
    byTest.push(known.compare)
  }
  const { compare } = [...byFlags.values()].reduce((most, each) => (each.tests > most.tests ? each : most))
  return ok({ compare, testCompare: byTest.map((each) => (each === compare ? undefined : each)) })
}

/** Of a group or a test; undefined when it has none, which is not the same as having an empty list. A map names the validator beside them (legacy). */
function validatorWords(fields: Fields): readonly string[] | undefined {
  const own = fields.output_validator_args ?? fields.output_validator_flags ?? fields.validator_flags
  return own === undefined || own === null ? undefined : wordsOf(isFields(own) ? own.flags : own)
}

const wordsOf = (value: unknown): string[] =>
  Array.isArray(value) ? value.map((word) => textOf(word) ?? '') : (textOf(value) ?? '').split(/\s+/).filter(Boolean)

const tolerancesOf: Readonly<Record<string, readonly ('floatAbsoluteTolerance' | 'floatRelativeTolerance')[]>> = {
  float_tolerance: ['floatAbsoluteTolerance', 'floatRelativeTolerance'],
  float_absolute_tolerance: ['floatAbsoluteTolerance'],
  float_relative_tolerance: ['floatRelativeTolerance'],
}
/** As the formats since 2023-07 write numbers; the legacy one does not say. */
const written = /^[+-]?(\d*\.\d+|\d+\.|\d+)([eE][+-]?\d+)?$/

/**
 * @param isStrict a tolerance given twice is a mistake, as the format since 2025-09 says; else the later holds, as with the reference.
 * @returns a complaint on a flag that the default validator does not have: unread, it would change verdicts.
 */
function flagsOf(words: readonly string[], isStrict: boolean): Result<Compare, string> {
  const compare: { -readonly [K in keyof Compare]: Compare[K] } = {}
  for (let at = 0; at < words.length; at++) {
    const flag = words[at] ?? ''
    if (flag === 'case_sensitive') compare.caseSensitive = true
    else if (flag === 'space_change_sensitive') compare.spaceChangeSensitive = true
    else {
      const names = Object.hasOwn(tolerancesOf, flag) ? tolerancesOf[flag] : undefined
      if (names === undefined) return fail(`the validator flag ${flag.slice(0, 40)} is not known`)
      const word = words[++at] ?? ''
      const value = Number(word)
      if (!written.test(word) || !Number.isFinite(value) || value < 0) return fail(`the validator flag ${flag} has no number of 0 or more behind it`)
      if (isStrict && names.some((name) => compare[name] !== undefined)) return fail(`the validator flag ${flag} gives a tolerance a second time`)
      for (const name of names) compare[name] = value
    }
  }
  return ok(compare)
}
