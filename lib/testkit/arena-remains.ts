/** What an arena of the tests leaves when it did not end in order, found by its data folder alone, and removed: processes, control groups, mounts, folders. */
import { execFileSync } from 'node:child_process'
import { existsSync, globSync, readdirSync, readFileSync, realpathSync, rmdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Ends by force whatever runs on `dataDir`, and removes its runtime folders; with `folder` that goes too. Idempotent. */
export function clearRemains(dataDir: string, folder?: string): void {
  const runtime = runtimeFolders(dataDir)
  const pids = processesOn(dataDir)
  for (const pid of pids) killGroup(pid)
  for (const pid of processesOn(dataDir)) killGroup(pid) // what was begun while the first were killed
  if (folder !== undefined) removeArenaFolder(folder)
  for (const each of runtime) rmSync(each, { recursive: true, force: true })
  for (const pid of pids) removeControlGroups(pid)
}

/** Services and worker carry the folder in their environment, the database in its command. */
function processesOn(dataDir: string): number[] {
  const isOn = (pid: number) =>
    pid !== process.pid && (textOf(`/proc/${pid}/environ`).includes(`ARENA_DATA_DIR=${dataDir}`) || textOf(`/proc/${pid}/cmdline`).includes(`-D\0${dataDir}/`))
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => pid > 0 && isOn(pid))
}
function runtimeFolders(dataDir: string): string[] {
  const { runtimeDir = '' } = JSON.parse(textOf(join(dataDir, 'running.json')) || '{}') as { runtimeDir?: string }
  const sockets = textOf(join(dataDir, 'postgres', 'sockets')).trim()
  return [runtimeDir, sockets].filter((path) => path.startsWith(join(tmpdir(), 'arena-')))
}
const textOf = (path: string): string => {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return '' // a process that has just ended, a file that never was
  }
}

function killGroup(pid: number): void {
  for (const target of [-pid, pid]) {
    try {
      process.kill(target, 'SIGKILL')
    } catch {
      // it is gone already, or leads no group
    }
  }
}

/** A data folder, or one that holds it, with the mounts of boxes that a killed worker left. */
function removeArenaFolder(folder: string): void {
  const real = existsSync(folder) ? realpathSync(folder) : folder
  for (const at of mountsBelow(real).reverse()) execFileSync('umount', ['-l', at], { stdio: 'pipe' })
  // a server that was just killed may still be writing its last file
  rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 })
}
export const mountsBelow = (folder: string): string[] =>
  readFileSync('/proc/self/mountinfo', 'utf8')
    .split('\n')
    .map((line) => line.split(' ')[4] ?? '')
    .filter((at) => at.startsWith(`${folder}/`))

/** Control groups of boxes are named after the worker that made them. */
export const controlGroupsOf = (pid: number): string[] => globSync(`/sys/fs/cgroup/**/arena-${pid}-*`)
function removeControlGroups(pid: number): void {
  for (const group of controlGroupsOf(pid)) {
    try {
      rmdirSync(group)
    } catch {
      // somebody is still in it; the next arena of this machine removes it
    }
  }
}
