import { execFile } from 'node:child_process'
import { copyFileSync, linkSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { type RunSpec, SandboxFault } from '#ports/sandbox'
import { type Cell, environment, startCell } from './cell.ts'
import type { RunCgroup } from './cgroup.ts'
import { emptyFolder } from './folders.ts'
import { buildFolder, type Slot, workFolder } from './host.ts'
import type { Ran, StopReason } from './outcome.ts'
import { watchCpu } from './processes.ts'

const run = promisify(execFile)

/**
 * A run by the runner: the input is put where the runner alone can open it, the runner starts the program, relays, watches the wall clock and
 * cleans up; CPU of the whole tree is watched from here.
 */
export async function runInCell(slot: Slot, spec: RunSpec, { name, group }: { readonly name: string; readonly group: RunCgroup }): Promise<Ran> {
  const { limits } = spec
  const home = spec.keepFiles ? buildFolder : workFolder
  if (!spec.keepFiles && limits.files !== slot.testBytes) await resize(slot, limits.files)
  const cell = await cellOf(slot)
  spec.signal?.throwIfAborted()
  const input = join(slot.folder, 'in', name)
  let byUs: StopReason | 'abort' | undefined
  let unwatch = (): void => undefined
  let kill = (): void => undefined
  const stop = (reason: StopReason | 'abort') => {
    byUs ??= reason
    kill()
  }
  const abort = () => stop('abort')
  try {
    putInput(input, spec.stdin)
    spec.signal?.addEventListener('abort', abort, { once: true })
    const done = await cell.run(
      {
        name,
        argv: spec.argv,
        env: Object.entries(environment(spec, home)).map(([key, value]) => `${key}=${value}`),
        wallMs: limits.wall,
        stackBytes: limits.memory,
        fileBytes: limits.files,
        cpuSeconds: Math.ceil(limits.cpu / 1000) + 2,
        stdoutBytes: limits.output,
        stderrBytes: limits.stderr,
        keepFiles: spec.keepFiles,
        hasStdin: spec.stdin !== undefined,
      },
      {
        onKill: (how) => {
          kill = how
          if (byUs !== undefined) kill() // it was aborted before it began
          unwatch = watchCpu(group, limits.cpu, () => stop('cpu'))
        },
      },
    )
    return {
      stopped: done.stops.output ? 'output' : byUs === 'cpu' ? 'cpu' : done.stops.wall ? 'wall' : undefined,
      status: {
        started: true,
        ...(done.exitCode === undefined ? {} : { exitCode: done.exitCode }),
        ...(done.signal === undefined ? {} : { signal: done.signal }),
      },
      wallMs: done.wallMs,
      stdout: done.stdout,
      stderr: done.stderr,
      said: '',
    }
  } finally {
    unwatch()
    spec.signal?.removeEventListener('abort', abort)
    if (spec.stdin !== undefined) rmSync(input, { force: true })
  }
}

/** Where a cell has died, what its last run wrote is still there: the next finds empty folders all the same. */
async function cellOf(slot: Slot): Promise<Cell> {
  if (slot.cell?.isDead()) {
    await slot.cell.end()
    for (const name of ['test', 'tmp']) await emptyFolder(join(slot.folder, name))
    slot.cell = undefined
  }
  slot.cell ??= startCell(slot)
  return slot.cell
}

/** The program gets it open, read-only, and no path to it. */
function putInput(path: string, stdin: RunSpec['stdin']): void {
  if (stdin === undefined) return
  try {
    if (stdin instanceof Uint8Array) writeFileSync(path, stdin, { mode: 0o444 })
    else linkOrCopy(stdin.file, path)
  } catch (error) {
    throw new SandboxFault(`cannot start a run: ${(error as Error).message}`, 'later', error)
  }
}

/** A link costs nothing, whatever the size; across file systems it must be a copy. */
function linkOrCopy(from: string, to: string): void {
  try {
    linkSync(from, to)
  } catch (error) {
    if (!['EXDEV', 'EPERM', 'EMLINK', 'EOPNOTSUPP'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error
    copyFileSync(from, to)
  }
}

/** The file system in which tests write is as large as they may write; it is empty between runs. Tests of one kind have one size: this is rare. */
async function resize(slot: Slot, size: number): Promise<void> {
  try {
    await run('mount', ['-o', `remount,size=${Math.max(size, 4096)}`, join(slot.folder, 'test')])
  } catch (error) {
    throw new SandboxFault(`cannot bound the work folder: ${(error as Error).message}`, 'later', error)
  }
  slot.testBytes = size
}
