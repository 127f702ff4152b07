/** The bare twin (bare.c): what a program costs when nobody confines it, so that a figure of ours stands beside one of the machine's, taken in the same minute. */
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { languageById, preparedFolder } from '#contracts/languages'

export type Spread = { readonly p50: number; readonly p95: number; readonly p99: number }
/** Milliseconds. */
export type Bare = { readonly wall: Spread; readonly cpu: Spread }

const prepared = join(import.meta.dirname, '..', 'node_modules', '.cache', 'arena-toolchain')

export const spreadOf = (values: readonly number[]): Spread => {
  const sorted = values.toSorted((a, b) => a - b)
  const at = (share: number) => Math.round((sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN) * 100) / 100
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99) }
}

export function openBare(): {
  run(argv: readonly string[], rounds: number, more?: { cwd?: string; input?: string }): Bare
  close(): void
  readonly folder: string
} {
  const folder = mkdtempSync(join(tmpdir(), 'arena-bare-'))
  const program = join(folder, 'bare')
  execFileSync('cc', ['-O2', '-Wall', '-o', program, join(import.meta.dirname, 'bare.c')])
  return {
    folder,
    run(argv, rounds, { cwd = folder, input = '' } = {}) {
      const inputFile = join(folder, 'input')
      writeFileSync(inputFile, input)
      const said = execFileSync(program, [String(rounds), inputFile, ...argv], { cwd, encoding: 'utf8' })
      const pairs = said
        .trim()
        .split('\n')
        .map((line) => line.split(' ').map((each) => Number(each) / 1000))
      return { wall: spreadOf(pairs.map(([wall = Number.NaN]) => wall)), cpu: spreadOf(pairs.map(([, cpu = Number.NaN]) => cpu)) }
    },
    close: () => rmSync(folder, { recursive: true, force: true }),
  }
}

/** `plainly`: a C++ program compiled by `g++ -O2` and no more, as by hand: no headers ahead, the compiler's own linker, libraries as it likes. */
export type BareSubmission = {
  readonly languageId: string
  readonly source: string
  readonly inputs: readonly string[]
  readonly rounds: number
  readonly plainly?: boolean
}
const plainCompile = ['/usr/bin/g++', '-std=gnu++17', '-O2', '-o', 'main', '{source}']

/** A submission as bare as can be: compiled when its language compiles, with the same flags and headers, then one run for each input. Milliseconds of each. */
export function bareSubmission(bare: ReturnType<typeof openBare>, { languageId, source, inputs, rounds, plainly = false }: BareSubmission) {
  const language = languageById(languageId)
  if (language === undefined) throw new Error(`no language ${languageId}`)
  const cwd = join(bare.folder, languageId)
  mkdirSync(cwd, { recursive: true })
  writeFileSync(join(cwd, language.sourceFile), source)
  const fill = (argv: readonly string[]) => argv.map((each) => each.replace('{source}', language.sourceFile).replace(preparedFolder, prepared))
  const compile = language.onlyChecks ? undefined : plainly ? plainCompile : language.compile
  const parts = [
    ...(compile === undefined ? [] : [bare.run(fill(compile), Math.max(5, Math.ceil(rounds / 3)), { cwd })]),
    ...inputs.map((input) => bare.run(fill(language.run), rounds, { cwd, input })),
  ]
  const sum = (of: (part: Bare) => number) => Math.round(parts.reduce((total, part) => total + of(part), 0) * 10) / 10
  return { wallMs: sum((part) => part.wall.p50), cpuMs: sum((part) => part.cpu.p50) }
}
