import { bytes, mebibytes, ms, seconds } from '#kernel/units'
import { type RunLimits, type RunResult, SandboxFault } from '#ports/sandbox'
import { runIn } from './box.ts'
import type { Slot } from './host.ts'

/** What was promised is tried before the first contestant's program runs: uid, privileges, network, memory and CPU limits. About 0.1 s. */
const limits: RunLimits = {
  cpu: seconds(2),
  wall: seconds(10),
  memory: mebibytes(64),
  processes: 8,
  output: bytes(65_536),
  stderr: bytes(4096),
  files: mebibytes(1),
}

export async function selfCheck(slot: Slot): Promise<void> {
  const shell = (script: string, tighter: Partial<RunLimits> = {}) =>
    runIn(slot, { argv: ['/bin/sh', '-c', script], limits: { ...limits, ...tighter }, keepFiles: false })
  const looked = await shell('cat /proc/self/status; echo; cat /proc/net/dev; test -e /etc/shadow && echo SHADOW; exit 7').catch((error: unknown) => {
    throw new SandboxFault(`a box cannot be made here (${(error as Error).message.trim()})${cure(slot)}`, 'later', error)
  })
  const problem = findProblem(slot, looked)
  if (problem !== undefined) throw new SandboxFault(`the sandbox does not hold: ${problem}`, 'later')
  const eater = await shell('head -c 200000000 /dev/zero | tail -n 1 | wc -c', { memory: mebibytes(16) })
  if (eater.outcome !== 'memoryExceeded')
    throw new SandboxFault(`the sandbox does not hold: a program took more memory than its limit (${eater.outcome})`, 'later')
  const spinner = await shell('while :; do :; done', { cpu: ms(30) })
  if (spinner.outcome !== 'cpuExceeded')
    throw new SandboxFault(`the sandbox does not hold: a program took more CPU than its limit (${spinner.outcome})`, 'later')
}

const cure = (slot: Slot) =>
  slot.host.asRoot
    ? '; in a container run it with --privileged'
    : '; user namespaces must be allowed (sysctl kernel.apparmor_restrict_unprivileged_userns=0), or start the arena as root'

function findProblem(slot: Slot, looked: RunResult): string | undefined {
  if (looked.outcome !== 'exited' || looked.exitCode !== 7) return `a tiny program ended with ${looked.outcome} ${looked.exitCode ?? looked.signal ?? ''}`
  const text = Buffer.from(looked.stdout).toString()
  const field = (name: string) => new RegExp(`^${name}:\\s*(.*)$`, 'm').exec(text)?.[1]?.trim()
  if (
    field('Uid')
      ?.split(/\s+/)
      .some((uid) => uid !== String(slot.uid))
  )
    return `it runs as uid ${field('Uid')}`
  for (const name of ['CapInh', 'CapPrm', 'CapEff', 'CapBnd', 'CapAmb'])
    if (/[1-9a-f]/.test(field(name) ?? 'f')) return `it has capabilities (${name} ${field(name)})`
  if (field('NoNewPrivs') !== '1') return 'it may gain privileges'
  if (slot.host.seccompFile !== undefined && field('Seccomp') !== '2') return 'the system call filter is not in force'
  if (/^\s*(?!lo:)\w+:/m.test(text.slice(text.indexOf('Inter-|')))) return 'it sees a network'
  if (text.includes('SHADOW')) return 'it sees the host’s /etc'
  return undefined
}
