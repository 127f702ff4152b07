import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { accessSync, constants, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'

/**
 * The programs in C, runner and spawner (runner/), built with the machine's own C compiler the first time they are needed and kept by the digest of
 * sources, compiler and flags. Static, so that nothing of the box takes part in what watches it; where there is no static libc, the system's is used.
 */
const checkout = join(import.meta.dirname, '..', '..', '..')
export const runnerFolder = join(checkout, 'runner')
const filesOf = (folder: string, endings: readonly string[]) =>
  readdirSync(folder)
    .filter((name) => endings.some((ending) => name.endsWith(ending)))
    .map((name) => join(folder, name))
    .sort()
export const runnerSources = filesOf(runnerFolder, ['.c'])
const headers = [join(runnerFolder, 'runner.h')]
const flags = ['-std=c11', '-O2', '-Wall']
const compilerDeadlineMs = 60_000

type Built = { readonly path: string } | { readonly missing: string }

/** @returns the path of the program, or one line about what is missing. `fallbackFolder` is used where the checkout cannot be written. */
export const buildRunner = (fallbackFolder: string): Built =>
  build({ name: 'runner', sources: runnerSources, read: [...runnerSources, ...headers] }, fallbackFolder)
export const buildSpawner = (fallbackFolder: string): Built => {
  const [sources, read] = [['.c'], ['.c', '.h']].map((endings) => filesOf(join(runnerFolder, 'spawner'), endings)) as [string[], string[]]
  return build({ name: 'spawner', sources, read }, fallbackFolder)
}

type Program = { readonly name: string; readonly sources: readonly string[]; readonly read: readonly string[] }

function build({ name, sources, read }: Program, fallbackFolder: string): Built {
  const compiler = ['/usr/bin/cc', '/usr/bin/gcc', '/usr/bin/clang', '/usr/local/bin/cc'].find((path) => existsSync(path))
  if (compiler === undefined) return { missing: `there is no C compiler for the ${name}: apt install gcc libc6-dev` }
  try {
    const version = execFileSync(compiler, ['--version'], { encoding: 'utf8' })
    const hash = createHash('sha256').update(version).update(flags.join(' '))
    for (const file of read) hash.update(readFileSync(file))
    const digest = hash.digest('hex').slice(0, 16)
    const folder = writableFolder([join(checkout, 'node_modules', '.cache', 'arena-runner'), fallbackFolder])
    const path = join(folder, `${name}-${process.arch}-${digest}`)
    if (!existsSync(path)) compile(compiler, sources, path)
    return { path }
  } catch (error) {
    const said = (error as { stderr?: Buffer | string }).stderr
      ?.toString()
      .split('\n')
      .find((line) => line.includes('error'))
      ?.trim()
    return { missing: `the ${name} cannot be built (${said || (error as Error).message}): apt install gcc libc6-dev` }
  }
}

/** Several processes may build at once: each under a name of its own, and the last rename wins with the same content. */
function compile(compiler: string, sources: readonly string[], path: string): void {
  const mine = `${path}.${process.pid}`
  const run = (...more: string[]) => execFileSync(compiler, [...flags, ...more, '-o', mine, ...sources], { stdio: 'pipe', timeout: compilerDeadlineMs })
  try {
    try {
      run('-static')
    } catch {
      run()
    }
    renameSync(mine, path)
  } finally {
    rmSync(mine, { force: true })
  }
}

function writableFolder(candidates: readonly string[]): string {
  for (const [index, folder] of candidates.entries()) {
    try {
      mkdirSync(folder, { recursive: true, mode: 0o755 })
      accessSync(folder, constants.W_OK)
      return folder
    } catch (error) {
      if (index === candidates.length - 1) throw error
    }
  }
  throw new Error('no folder for a program')
}
