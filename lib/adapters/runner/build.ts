import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { accessSync, constants, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'

/**
 * The runner (runner/), built with the machine's own C compiler the first time it is needed and kept by the digest of sources, compiler
 * and flags. Static, so that nothing of the box takes part in what watches it; where there is no static libc, the system's is used.
 */
const checkout = join(import.meta.dirname, '..', '..', '..')
export const runnerFolder = join(checkout, 'runner')
export const runnerSources = readdirSync(runnerFolder)
  .filter((name) => name.endsWith('.c'))
  .map((name) => join(runnerFolder, name))
  .sort()
const headers = [join(runnerFolder, 'runner.h')]
const flags = ['-std=c11', '-O2', '-Wall']
const compilerDeadlineMs = 60_000

/** @returns the path of the program, or one line about what is missing. `fallbackFolder` is used where the checkout cannot be written. */
export function buildRunner(fallbackFolder: string): { readonly path: string } | { readonly missing: string } {
  const compiler = ['/usr/bin/cc', '/usr/bin/gcc', '/usr/bin/clang', '/usr/local/bin/cc'].find((path) => existsSync(path))
  if (compiler === undefined) return { missing: 'there is no C compiler for the runner: apt install gcc libc6-dev' }
  try {
    const version = execFileSync(compiler, ['--version'], { encoding: 'utf8' })
    const hash = createHash('sha256').update(version).update(flags.join(' '))
    for (const file of [...runnerSources, ...headers]) hash.update(readFileSync(file))
    const digest = hash.digest('hex').slice(0, 16)
    const folder = writableFolder([join(checkout, 'node_modules', '.cache', 'arena-runner'), fallbackFolder])
    const path = join(folder, `runner-${process.arch}-${digest}`)
    if (!existsSync(path)) compile(compiler, path)
    return { path }
  } catch (error) {
    const said = (error as { stderr?: Buffer | string }).stderr
      ?.toString()
      .split('\n')
      .find((line) => line.includes('error'))
      ?.trim()
    return { missing: `the runner cannot be built (${said || (error as Error).message}): apt install gcc libc6-dev` }
  }
}

/** Several processes may build at once: each under a name of its own, and the last rename wins with the same content. */
function compile(compiler: string, path: string): void {
  const mine = `${path}.${process.pid}`
  const run = (...more: string[]) => execFileSync(compiler, [...flags, ...more, '-o', mine, ...runnerSources], { stdio: 'pipe', timeout: compilerDeadlineMs })
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
  throw new Error('no folder for the runner')
}
