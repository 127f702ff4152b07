import { createHash } from 'node:crypto'
import type { LanguageSpec } from '#contracts/languages'
import { type Bytes, bytes, mebibytes } from '#kernel/units'
import type { Box, RunResult, Sandbox } from '#ports/sandbox'
import type { Artefacts, BuiltFile } from '../artefacts.ts'
import { classify } from '../domain/classify.ts'
import { JudgeFault } from '../domain/faults.ts'
import { compileLimitsOf } from '../domain/limits.ts'
import { printable } from '../domain/printable.ts'
import { aloneIn, type ProgramFiles } from '../domain/program-files.ts'

/**
 * From a source to something that can be run in a box.
 *
 * Where compiling makes the program, it is compiled now, or put in from the cache of what this very source made before (`artefacts.ts`).
 * Where compiling makes nothing that a run needs (`onlyChecks`: Python, JavaScript), it only tells a source that is none from a program. Such a
 * source cannot come to a good end in any run, so the question is asked when the first run has not (`checkAfter`): most submissions are spared a
 * start of the interpreter.
 */
export type Build = Unfit | Program
type Unfit = { readonly failed: true; readonly log: string; readonly toolchain: string }
export type Program = {
  readonly failed: false
  /** The command line under a memory limit (the problem's). */
  argv(memory: Bytes): readonly string[]
  /** After the first run: was the source none? @returns undefined when it is one, or was compiled, or the run went well. */
  checkAfter(ran: RunResult): Promise<{ readonly log: string } | undefined>
  /** Put in from the cache: nothing was compiled. */
  readonly cached: boolean
  /** What a later judge needs to make the same: toolchain and version, and a digest of how it was called. */
  readonly toolchain: string
}
export type BuildWork = {
  readonly sandbox: Pick<Sandbox, 'name' | 'toolchains'>
  readonly box: Box
  readonly language: LanguageSpec
  /** One file, or several (`domain/program-files.ts`), or why they cannot be a program, for their author. */
  readonly source: string | ProgramFiles | { readonly refusal: string }
  /** Absent: it is compiled, and not kept. */
  readonly artefacts?: Artefacts | undefined
  readonly signal: AbortSignal
}

/** @throws JudgeFault where it is not installed. */
export function toolchainVersion({ toolchains }: Pick<Sandbox, 'toolchains'>, language: LanguageSpec): string {
  const version = toolchains[language.id]
  if (version === undefined) throw new JudgeFault(`the toolchain of ${language.name} is not installed on this judge`)
  return version
}

/** @throws JudgeFault, SandboxFault, or the signal's reason. A compiler that fails for whatever reason is the source's doing: `failed`. */
export async function buildProgram(work: BuildWork): Promise<Build> {
  const { box, language, sandbox, artefacts } = work
  const version = toolchainVersion(sandbox, language)
  const toolchain = `${language.id} ${version} ${digestOf([language.compile, language.run]).slice(0, 12)}`
  const named = typeof work.source === 'string' ? aloneIn(language, work.source) : work.source
  if ('refusal' in named) return { failed: true, log: named.refusal, toolchain }
  const checked = language.onlyChecks ? [named.checked] : named.compiled
  const argv = fill(language.compile ?? [], { ...named, sources: checked }, compileLimitsOf(language).memory)
  const program = { failed: false as const, argv: (memory: Bytes) => fill(language.run, { ...named, sources: [named.fileName] }, memory), toolchain }
  for (const { name, content } of named.files) await box.put(name, content)
  if (language.compile === undefined || language.onlyChecks) {
    return { ...program, cached: false, checkAfter: (ran) => checkAfter(work, argv, ran) }
  }
  const sources = named.files.map(({ name, content }) => [name, createHash('sha256').update(content).digest('hex')])
  const key = digestOf([sources, language.id, argv, version, sandbox.name, language.image])
  const made = await artefacts?.find(key)
  if (made !== undefined) {
    for (const { name, content } of made) await box.put(name, content)
    return { ...program, cached: true, checkAfter: nothingToCheck }
  }
  const compiled = await compile(work, argv)
  if (compiled.failed) return { ...compiled, toolchain }
  // Before anything else runs in the box: what is kept is the compiler's work alone.
  if (artefacts !== undefined) await keepArtefacts({ artefacts, key, box, sources: named.files.map(({ name }) => name), compileMs: compiled.cpuMs })
  return { ...program, cached: false, checkAfter: nothingToCheck }
}

const nothingToCheck = async () => undefined

async function checkAfter(work: BuildWork, argv: readonly string[], ran: RunResult): Promise<{ readonly log: string } | undefined> {
  if (work.language.compile === undefined || (ran.outcome === 'exited' && ran.exitCode === 0)) return undefined
  const checked = await compile(work, argv)
  return checked.failed ? { log: checked.log } : undefined
}

type Compiled = { readonly failed: true; readonly log: string } | { readonly failed: false; readonly cpuMs: number }
async function compile({ box, language, signal }: BuildWork, argv: readonly string[]): Promise<Compiled> {
  const limits = compileLimitsOf(language)
  const result = await box.run({ argv, limits, keepFiles: true, signal })
  const said = classify(result)
  if (said === 'checkable') return { failed: false, cpuMs: result.cpu }
  if ('judgeFault' in said) throw new JudgeFault(said.judgeFault)
  const log = printable(result.stderr.length > 0 ? result.stderr : result.stdout)
    .slice(0, limits.stderr)
    .toWellFormed()
  return { failed: true, log: result.outcome === 'exited' ? log : `${log}\nThe compiler was stopped: ${said.detail}.`.trim() }
}

const mostFiles = 250
/** What is larger is data with a program in it: reading and writing it would take the worker more than compiling takes the machine. */
const mostBytes = mebibytes(16)
/** As `Box.put` takes them back. */
const plainName = /^[A-Za-z0-9_][A-Za-z0-9_.+$-]{0,99}$/

type Keeping = { readonly artefacts: Artefacts; readonly key: string; readonly box: Box; readonly sources: readonly string[]; readonly compileMs: number }
/** What is too much, or has a name of another script, is not kept, nor what is no longer as it was listed: compiling again costs only time. */
async function keepArtefacts({ artefacts, key, box, sources, compileMs }: Keeping): Promise<void> {
  const left = (await box.list()).filter(({ name }) => !sources.includes(name))
  const size = left.reduce((sum, file) => sum + file.bytes, 0)
  if (left.length === 0 || left.length > mostFiles || size > mostBytes || !left.every(({ name }) => plainName.test(name))) return
  if (!artefacts.wants(key, { bytes: size, compileMs })) return
  const files: BuiltFile[] = []
  for (const { name, bytes: listed } of left) {
    const content = await box.take(name, bytes(listed))
    if (content === undefined) return
    files.push({ name, content })
  }
  artefacts.keep(key, files)
}

const mostStackMiB = 1000
type Filling = Pick<ProgramFiles, 'entryClass'> & { readonly sources: readonly string[] }
function fill(argv: readonly string[], { sources, entryClass }: Filling, memory: Bytes): readonly string[] {
  const memoryMiB = Math.max(1, Math.floor(memory / 1024 ** 2))
  const stackMiB = Math.min(memoryMiB, mostStackMiB)
  const values: Readonly<Record<string, string>> = {
    '{source}': sources[0] ?? '',
    '{class}': entryClass,
    '{memoryMiB}': String(memoryMiB),
    '{stackMiB}': String(stackMiB),
    '{stackKiB}': String(stackMiB * 1024),
  }
  return argv.flatMap((part) => (part === '{source}' ? sources : [part.replace(/\{[a-zA-Z]+\}/g, (name) => values[name] ?? name)]))
}

const digestOf = (facts: unknown) => createHash('sha256').update(JSON.stringify(facts)).digest('hex')
