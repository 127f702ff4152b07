import { globSync, readdirSync, readFileSync } from 'node:fs'

/**
 * What programs, or a closed sandbox, have left on this machine, one line each. Of this process's sandbox only: other arenas may judge beside us.
 */
export function strayProcesses(): readonly string[] {
  const ours = `arena-${process.pid}-`
  const parents = new Map<number, number>()
  const programs: { pid: number; name: string }[] = []
  for (const pid of readdirSync('/proc').map(Number).filter(Boolean)) {
    const status = textOf(`/proc/${pid}/status`)
    const field = (name: string) => new RegExp(`^${name}:\\s*(.*)$`, 'm').exec(status)?.[1] ?? ''
    parents.set(pid, Number(field('PPid')))
    const uid = Number(field('Uid').split('\t')[0])
    if (uid >= firstProgramUid && uid <= lastProgramUid) programs.push({ pid, name: field('Name') })
  }
  const descendsFromUs = (pid: number): boolean => {
    for (let at: number | undefined = pid, steps = 0; at && steps < 1000; at = parents.get(at), steps++) if (at === process.pid) return true
    return false
  }
  return programs
    .filter(({ pid }) => descendsFromUs(pid) || textOf(`/proc/${pid}/cgroup`).includes(ours))
    .map(({ pid, name }) => `process ${pid} (${name}) of a program still runs`)
}
/** Those of the native sandbox's tests and compilers. */
const firstProgramUid = 60_000
const lastProgramUid = 60_511

/** What must be gone when this process's sandbox is closed. */
export function leftBySandbox(): readonly string[] {
  const ours = `arena-${process.pid}-`
  const mounts = textOf('/proc/self/mountinfo')
    .split('\n')
    .map((line) => line.split(' ')[4] ?? '')
    .filter((at) => at.includes(`/${ours}`))
  const groups = globSync([`/sys/fs/cgroup/${ours}*`, `/sys/fs/cgroup/*/${ours}*`])
  return [...strayProcesses(), ...mounts.map((at) => `${at} is still mounted`), ...groups.map((group) => `the control group ${group} is left`)]
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return '' // it ended while we looked
  }
}
