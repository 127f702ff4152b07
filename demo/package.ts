/**
 * Reads a program problem from an ICPC/Kattis package folder (legacy format) into the shape of the contract.
 *
 * Only what the demonstration's own packages use is known here; anything else in them is a mistake and is thrown with
 * the file's name. What teachers upload goes through the contest service's import, which is milder and says what it
 * left out.
 */
import { readdir, readFile } from 'node:fs/promises'
import { basename, extname, join } from 'node:path'
import Type from 'typebox'
import { parse } from 'yaml'
import { Closed, type Compare } from '#contracts/common'
import type { NewProblem } from '#contracts/problem'
import { check } from './check.ts'

/** A program as the contract has it, without `public`, which depends on the contest. */
export type Program = Extract<NewProblem, { kind: 'program' }>
export type Submission = { readonly language: string; readonly source: string; readonly file: string }

const PackageYaml = Closed({
  problem_format_version: Type.Literal('legacy'),
  name: Type.String({ minLength: 1 }),
  author: Type.String(),
  source: Type.String(),
  /** Words with spaces between them. */
  keywords: Type.String(),
  validator_flags: Type.Optional(Type.String()),
  /** `time_limit` in seconds, `memory` in MiB. */
  limits: Closed({ time_limit: Type.Number({ exclusiveMinimum: 0 }), memory: Type.Integer({ minimum: 16 }) }),
})

const languageOf: Readonly<Record<string, string>> = { '.cpp': 'cpp', '.py': 'python', '.c': 'c' }

/** @throws Error that names file and mistake */
export async function readPackage(folder: string): Promise<Program> {
  const file = join(folder, 'problem.yaml')
  const settings = check(PackageYaml, parse(await readFile(file, 'utf8')), file)
  const compare = settings.validator_flags === undefined ? undefined : compareOf(settings.validator_flags, file)
  const samples = await readTests(join(folder, 'data/sample'))
  const secret = await readTests(join(folder, 'data/secret'))
  if (samples.length === 0 || secret.length === 0) throw new Error(`${folder}: needs at least one test in data/sample and one in data/secret`)
  return {
    kind: 'program',
    title: settings.name,
    subject: 'computer-science',
    tags: settings.keywords.split(/\s+/),
    statement: await readFile(join(folder, 'problem_statement/problem.en.md'), 'utf8'),
    limits: { cpuMs: Math.round(settings.limits.time_limit * 1000), memoryBytes: settings.limits.memory * 1024 ** 2 },
    ...(compare && { compare }),
    samples: samples.map(({ input, output, note }) => ({ input, output, ...(note !== undefined && { note }) })),
    tests: secret.map(({ name, input, output }) => ({ name, input, output })),
  }
}

/** The submissions that claim `verdict` (a folder of `submissions/`), by name; none when there is no such folder. */
export async function readSubmissions(folder: string, verdict: 'accepted' | 'wrong_answer' | 'time_limit_exceeded'): Promise<Submission[]> {
  const from = join(folder, 'submissions', verdict)
  const submissions: Submission[] = []
  for (const name of await filesIn(from)) {
    const language = languageOf[extname(name)]
    if (language === undefined) throw new Error(`${join(from, name)}: no language for ${extname(name) || 'a file without extension'}`)
    submissions.push({ language, source: await readFile(join(from, name), 'utf8'), file: join(from, name) })
  }
  return submissions
}

/** Flags of the default validator, e.g. `case_sensitive float_tolerance 1e-6`. */
function compareOf(flags: string, file: string): Compare {
  const compare: { -readonly [flag in keyof Compare]: Compare[flag] } = {}
  const words = flags.trim().split(/\s+/)
  const tolerance = (flag: string) => {
    const value = Number(words.shift())
    if (!(value >= 0)) throw new Error(`${file}: validator_flags: ${flag} needs a number`)
    return value
  }
  for (let flag = words.shift(); flag !== undefined; flag = words.shift()) {
    if (flag === 'case_sensitive') compare.caseSensitive = true
    else if (flag === 'space_change_sensitive') compare.spaceChangeSensitive = true
    else if (flag === 'float_absolute_tolerance') compare.floatAbsoluteTolerance = tolerance(flag)
    else if (flag === 'float_relative_tolerance') compare.floatRelativeTolerance = tolerance(flag)
    else if (flag === 'float_tolerance') compare.floatAbsoluteTolerance = compare.floatRelativeTolerance = tolerance(flag)
    else throw new Error(`${file}: validator_flags: unknown flag ${flag}`)
  }
  return compare
}

type TestFiles = { readonly name: string; readonly input: string; readonly output: string; readonly note?: string }

/** `x.in`, `x.ans` and perhaps `x.desc` (Markdown) make one test; in the order of their names. */
async function readTests(folder: string): Promise<TestFiles[]> {
  const files = new Set(await filesIn(folder))
  const tests: TestFiles[] = []
  for (const file of files) {
    const extension = extname(file)
    const name = basename(file, extension)
    if (!['.in', '.ans', '.desc'].includes(extension)) throw new Error(`${join(folder, file)}: expected .in, .ans or .desc`)
    if (!files.has(`${name}.in`)) throw new Error(`${join(folder, file)}: there is no ${name}.in`)
    if (extension !== '.in') continue
    if (!files.has(`${name}.ans`)) throw new Error(`${join(folder, file)}: there is no ${name}.ans`)
    const read = (end: string) => readFile(join(folder, `${name}.${end}`), 'utf8')
    tests.push({ name, input: await read('in'), output: await read('ans'), ...(files.has(`${name}.desc`) && { note: (await read('desc')).trim() }) })
  }
  return tests
}

async function filesIn(folder: string): Promise<string[]> {
  try {
    return (await readdir(folder)).sort()
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
}
