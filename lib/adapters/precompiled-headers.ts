import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, rename, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import type { Log } from '#ports/log'

/**
 * Headers that most C++ programs begin with, compiled once per standard: `#include <iostream>` costs 40 ms instead of 190, `<bits/stdc++.h>` a quarter.
 *
 * GCC takes `<name>.gch` in place of a header of that name when its folder is searched first (`-I`), the include is the first of the program, and compiler
 * and flags are those it was made with; else it reads the header as ever. So a program means the same with and without. The folder is bound read-only
 * into the sandbox; it holds nothing but what the compiler itself makes of the system's headers.
 */
export type HeaderSet = {
  /** Folder below the root, and what the compiler is told by `-I`. */
  readonly name: string
  readonly compiler: string
  /** The flags of the compilations that will use it. */
  readonly flags: readonly string[]
  readonly headers: readonly string[]
}

const run = promisify(execFile)
const timeoutMs = 120_000

/**
 * Makes what is missing for this compiler and these flags, one after the other at low priority; removes what older ones left. Programs are compiled
 * without meanwhile. A failure is logged and costs only time.
 */
export async function ensurePrecompiledHeaders(root: string, sets: readonly HeaderSet[], log: Log): Promise<void> {
  await mkdir(root, { recursive: true, mode: 0o755 })
  for (const set of sets) {
    if (!existsSync(set.compiler)) continue
    try {
      await ensureSet(root, set, log)
    } catch (cause) {
      log.warn({ err: cause, headers: set.name }, 'headers could not be compiled ahead; programs compile slower')
    }
  }
}

async function ensureSet(root: string, set: HeaderSet, log: Log): Promise<void> {
  const { stdout: version } = await run(set.compiler, ['-dumpfullversion', '-dumpversion'])
  const { stdout: found } = await run(set.compiler, ['-print-file-name=include'])
  const digest = createHash('sha256')
    .update(JSON.stringify([version, found, await compilerSize(set.compiler), set.flags, set.headers]))
    .digest('hex')
    .slice(0, 12)
  const folder = join(root, set.name)
  const marker = join(folder, `.made-${digest}`)
  if (existsSync(marker)) return
  const fresh = join(root, `.new-${set.name}-${process.pid}`)
  try {
    await makeSet(fresh, set)
    await mkdir(join(fresh, `.made-${digest}`))
    await rm(folder, { recursive: true, force: true })
    await rename(fresh, folder)
  } finally {
    await rm(fresh, { recursive: true, force: true })
  }
  log.info({ headers: set.name }, 'headers are compiled ahead')
}

async function makeSet(folder: string, set: HeaderSet): Promise<void> {
  for (const header of set.headers) {
    const target = join(folder, `${header}.gch`)
    await mkdir(dirname(target), { recursive: true, mode: 0o755 })
    await run('nice', ['-n', '10', set.compiler, ...set.flags, '-x', 'c++-header', await whereIs(set, header), '-o', target], { timeout: timeoutMs })
  }
}

/** The file that `#include <header>` means to this compiler. */
async function whereIs(set: HeaderSet, header: string): Promise<string> {
  const preprocessing = run(set.compiler, [...set.flags, '-M', '-x', 'c++', '-'])
  preprocessing.child.stdin?.end(`#include <${header}>\n`)
  const { stdout } = await preprocessing
  const path = stdout.split(/[\s\\]+/).find((each) => each.endsWith(`/${header}`))
  if (!path) throw new Error(`${set.compiler} does not find <${header}>`)
  return path
}

const compilerSize = async (compiler: string) => {
  const { size, mtimeMs } = await stat(compiler)
  return [size, mtimeMs]
}
