import { readFileSync } from 'node:fs'
import { setTimeout as after } from 'node:timers/promises'
import { SandboxFault } from '#ports/sandbox'
import type { RunCgroup, SlotGroups } from './cgroup.ts'

const emptyingDeadlineMs = 10_000
/** How often the CPU clock is read, at most and at least: a run that has much left needs no close watch. */
const watchMs = { least: 4, most: 50 }
/** Runs may use all cores at once, so the clock can advance this much faster than the wall. */
const assumedCores = 4

/** Tells once when the group has used more than `limitMs`. @returns how to stop watching. */
export function watchCpu(group: RunCgroup, limitMs: number, over: () => void): () => void {
  const pause = (left: number) => Math.min(watchMs.most, Math.max(watchMs.least, left / assumedCores))
  const look = () => {
    const left = limitMs - group.cpuMs()
    if (left < 0) over()
    else timer = setTimeout(look, pause(left))
  }
  let timer = setTimeout(look, pause(limitMs))
  return () => clearTimeout(timer)
}

/** The namespace's end kills all; the kernel may need a moment for many processes. */
export async function emptied(group: RunCgroup): Promise<void> {
  const deadline = performance.now() + emptyingDeadlineMs
  for (;;) {
    const pids = group.members()
    if (pids.length === 0) return
    for (const pid of pids) killQuietly(pid)
    if (performance.now() > deadline) throw new SandboxFault(`processes of a run cannot be killed: ${pids.slice(0, 5).join(', ')}`, 'later')
    await after(1)
  }
}

export function killQuietly(pid: number) {
  if (pid <= 1) return // 0 stands for a process of a foreign namespace, and as an argument for our own group
  try {
    process.kill(pid, 'SIGKILL')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}

const stopWithinMs = 20

/** Kills a process and what it has started so far; stopped first, and seen to have stopped, so that it starts no more meanwhile. */
export function killWithChildren(pid: number) {
  try {
    process.kill(pid, 'SIGSTOP')
    const deadline = performance.now() + stopWithinMs
    while (!/\) [TtZX] /.test(readFileSync(`/proc/${pid}/stat`, 'latin1')) && performance.now() < deadline);
    for (const child of readFileSync(`/proc/${pid}/task/${pid}/children`, 'latin1').split(' ')) killQuietly(Number(child))
  } catch (error) {
    if (!['ESRCH', 'ENOENT'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error // it has ended by itself, or the kernel keeps no such list
  }
  killQuietly(pid)
}

/** Removes the groups of a runner that has ended, and its last processes with them. */
export async function cleared(groups: SlotGroups): Promise<void> {
  const deadline = performance.now() + emptyingDeadlineMs
  while (!groups.clear()) {
    if (performance.now() > deadline) throw new SandboxFault('the control groups of a box cannot be removed', 'later')
    await after(1)
  }
}

export async function removed(group: RunCgroup): Promise<void> {
  const deadline = performance.now() + emptyingDeadlineMs
  while (!group.remove()) {
    for (const pid of group.members()) killQuietly(pid)
    if (performance.now() > deadline) throw new SandboxFault('the control group of a run cannot be removed', 'later')
    await after(1)
  }
}
