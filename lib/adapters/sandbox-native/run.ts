import { bytes, ms } from '#kernel/units'
import { type RunResult, type RunSpec, SandboxFault } from '#ports/sandbox'
import { startCell } from './cell.ts'
import type { Slot } from './host.ts'
import { decideEnding, type Ran } from './outcome.ts'
import { emptied, removed } from './processes.ts'
import { runAlone } from './run-alone.ts'
import { runInCell } from './run-in-cell.ts'

/**
 * One run from beginning to end: a control group, the program in it (by the runner of the slot's cell, or in a bubblewrap of its own), the
 * counters, the decision how it ended.
 */
let runNumber = 0

export async function runIn(slot: Slot, spec: RunSpec): Promise<RunResult> {
  spec.signal?.throwIfAborted()
  const { host } = slot
  const hasRunner = host.runner !== undefined
  const name = String(++runNumber)
  // Without the runner the wrapper is a member too; where the system lacks setpriv's early exit, it is one process beside the program.
  const group = slot.groups.create(name, { memoryBytes: spec.limits.memory, processes: spec.limits.processes + (hasRunner ? 0 : 1) })
  try {
    const ran = hasRunner ? await runInCell(slot, spec, { name, group }) : await runAlone(slot, spec, group)
    spec.signal?.throwIfAborted()
    if (!hasRunner) await emptied(group) // the runner has waited for the last process itself
    const usage = group.usage()
    const ending = decideEnding({ ...ran, ...usage, cpuMs: Math.floor(usage.cpuMs), mayKillWrapper: !host.asRoot }, spec.limits)
    if ('fault' in ending) throw new SandboxFault(`${ending.fault}: ${describeFault(ran)}`, 'now')
    return {
      ...ending,
      cpu: ms(Math.round(usage.cpuMs)),
      wall: ms(Math.round(ran.wallMs)),
      memory: bytes(usage.peakBytes),
      stdout: ran.stdout,
      stderr: ran.stderr,
    }
  } finally {
    await removed(group)
  }
}

const describeFault = (ran: Ran) => [ran.said, Buffer.from(ran.stderr).subarray(0, 300).toString()].filter(Boolean).join('; ').trim()

/** Starts what the slot's next run will need, so that no box waits for it. */
export function prepare(slot: Slot): void {
  if (slot.host.runner !== undefined && (slot.cell === undefined || slot.cell.isDead())) slot.cell = startCell(slot)
}
