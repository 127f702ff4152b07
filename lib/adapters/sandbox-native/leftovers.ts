import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Log } from '#ports/log'
import type { Cgroups } from './cgroup.ts'
import { killQuietly } from './processes.ts'

/** Folders and control groups carry the pid and start time of the process they belong to: a pid alone is given out again. */
const tagPattern = /^arena-(\d+)-(\d+)/

/** In clock ticks since boot. @returns undefined when there is no such process. */
export function startTimeOf(pid: number): string | undefined {
  const file = `/proc/${pid}/stat`
  if (!existsSync(file)) return undefined
  const text = readFileSync(file, 'utf8')
  return text.slice(text.lastIndexOf(')') + 2).split(' ')[19]
}
export const tagOf = (pid: number) => `arena-${pid}-${startTimeOf(pid) ?? 0}`

const isDead = (name: string) => {
  const match = tagPattern.exec(name)
  return match !== null && startTimeOf(Number(match[1])) !== match[2]
}

/** Removes what dead runs of the arena left: their processes (bubblewrap's --die-with-parent has killed them already), groups, mounts, folders. */
export function removeLeftovers(workRoot: string, cgroups: Cgroups, log: Log): void {
  for (const name of cgroups.list('arena-').filter(isDead)) {
    const group = cgroups.open(name)
    group.members().forEach(killQuietly)
    if (!group.remove()) log.warn({ group: name }, 'a control group of an earlier run cannot be removed yet')
  }
  for (const name of readdirSync(workRoot).filter(isDead)) {
    removeWithMounts(join(workRoot, name))
    log.info({ folder: name }, 'removed the boxes of an earlier run that had not ended properly')
  }
}

export function removeWithMounts(folder: string): void {
  const below = mountPoints().filter((at) => at.startsWith(`${folder}/`))
  for (const at of below.reverse()) execFileSync('umount', ['-l', at], { stdio: 'pipe' })
  if (mountPoints().some((at) => at.startsWith(`${folder}/`))) throw new Error(`something is still mounted below ${folder}`)
  rmSync(folder, { recursive: true, force: true })
}

/** Of this process, in the order in which they were mounted. */
export const mountPoints = (): readonly string[] =>
  readFileSync('/proc/self/mountinfo', 'utf8')
    .split('\n')
    .flatMap((line) => line.split(' ')[4] ?? [])
    .map((at) => at.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8))))
