import { bytes, mebibytes, ms, seconds } from '#kernel/units'
import { type RunLimits, type RunResult, SandboxFault } from '#ports/sandbox'
import type { Session } from '../runner/session.ts'

/** What was promised is tried before the first contestant's program runs: uid, privileges, filter, network, memory and CPU limits. About 0.2 s. */
const limits: RunLimits = {
  cpu: seconds(2),
  wall: seconds(10),
  memory: mebibytes(64),
  processes: 8,
  output: bytes(65_536),
  stderr: bytes(4096),
  files: mebibytes(1),
}

export type Promised = { readonly testUid: number; readonly hasFilter: boolean }

/** @throws SandboxFault with what does not hold. */
export async function selfCheck(session: Session, promised: Promised): Promise<void> {
  const shell = (script: string, tighter: Partial<RunLimits> = {}) =>
    session.run({ argv: ['/bin/sh', '-c', script], limits: { ...limits, ...tighter }, keepFiles: false })
  const fault = (problem: string) => new SandboxFault(`the Docker sandbox does not hold: ${problem}`, 'later')

  const looked = await shell('cat /proc/self/status; echo; cat /proc/net/dev; touch /x /usr/x 2>/dev/null && echo WRITABLE; exit 7')
  const problem = findProblem(looked, promised)
  if (problem !== undefined) throw fault(problem)
  const eater = await shell('head -c 200000000 /dev/zero | tail -n 1 | wc -c', { memory: mebibytes(16) })
  if (eater.outcome !== 'memoryExceeded') throw fault(`a program took more memory than its limit (${eater.outcome})`)
  const spinner = await shell('while :; do :; done', { cpu: ms(50) })
  if (spinner.outcome !== 'cpuExceeded') throw fault(`a program took more CPU than its limit (${spinner.outcome})`)
}

export function findProblem(looked: RunResult, { testUid, hasFilter }: Promised): string | undefined {
  if (looked.outcome !== 'exited' || looked.exitCode !== 7) return `a tiny program ended with ${looked.outcome} ${looked.exitCode ?? looked.signal ?? ''}`
  const text = Buffer.from(looked.stdout).toString()
  const field = (name: string) => new RegExp(`^${name}:\\s*(.*)$`, 'm').exec(text)?.[1]?.trim()
  const uids = field('Uid')?.split(/\s+/)
  if (uids === undefined || uids.some((uid) => uid !== String(testUid))) return `it runs as uid ${uids?.join(' ')}`
  for (const name of ['CapInh', 'CapPrm', 'CapEff', 'CapBnd']) if (/[1-9a-f]/.test(field(name) ?? 'f')) return `it has capabilities (${name} ${field(name)})`
  // gVisor is a kernel of its own and shows neither of these; what they are for it does itself
  const isLinux = field('NoNewPrivs') !== undefined
  if (isLinux && field('NoNewPrivs') !== '1') return 'it may gain privileges'
  if (isLinux && hasFilter && field('Seccomp') !== '2') return 'the system call filter is not in force'
  if (/^\s*(?!lo:)[\w.@-]+:\s*\d/m.test(text.slice(text.indexOf('Inter-|')))) return 'it sees a network'
  if (text.includes('WRITABLE')) return 'it may write outside its folders'
  return undefined
}
