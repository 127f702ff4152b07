import type { TestVerdict } from '#contracts/common'

/** As the sandbox port names them; kept as data here since the domain knows no ports. The wiring does not compile when the two differ. */
export type Outcome = 'exited' | 'signalled' | 'cpuExceeded' | 'wallExceeded' | 'memoryExceeded' | 'outputExceeded' | 'forbiddenSyscall'

const byOutcome = {
  exited: 'checkable',
  signalled: 'RE',
  forbiddenSyscall: 'RE',
  cpuExceeded: 'TLE',
  wallExceeded: 'TLE',
  memoryExceeded: 'MLE',
  outputExceeded: 'OLE',
} as const satisfies Record<Outcome, TestVerdict | 'checkable'>

const isOutcome = (said: string): said is Outcome => Object.hasOwn(byOutcome, said)

export type Classified = { readonly verdict: TestVerdict; readonly detail: string } | 'checkable' | { readonly judgeFault: string }

type Ran = {
  readonly outcome: string
  readonly exitCode?: number
  readonly signal?: number
  readonly cpu?: number
  readonly stderr?: Uint8Array
}
/** The promised CPU limit in ms, and what the language's runtime says when it gives up for want of memory. */
type Promised = { readonly cpu: number; readonly outOfMemory?: string | undefined }

/**
 * What a run means before its output is looked at. An outcome nobody listed is a judge fault.
 *
 * The runtime's last words about memory are believed, though the program could say them too: they are read of a run that has failed, and make MLE of
 * RE, one rejection of another. Nobody earns anything by them.
 */
export function classify(ran: Ran, promised: Promised = { cpu: Infinity }): Classified {
  if (!isOutcome(ran.outcome)) return { judgeFault: `unknown sandbox outcome ${JSON.stringify(ran.outcome)}` }
  const verdict = byOutcome[ran.outcome]
  if ((verdict === 'checkable' || verdict === 'RE') && (ran.cpu ?? 0) > promised.cpu) return { verdict: 'TLE', detail: detailOf('cpuExceeded', undefined) }
  if (ran.outcome === 'exited' && ran.exitCode === undefined) return { judgeFault: 'the sandbox told of an exit without its code' }
  const failed = ran.outcome === 'signalled' || (ran.outcome === 'exited' && ran.exitCode !== 0)
  if (failed && saysOutOfMemory(ran.stderr, promised.outOfMemory)) return { verdict: 'MLE', detail: detailOf('memoryExceeded', undefined) }
  if (verdict !== 'checkable') return { verdict, detail: detailOf(ran.outcome, ran.signal) }
  return ran.exitCode === 0 ? 'checkable' : { verdict: 'RE', detail: `exit code ${ran.exitCode}` }
}

const saysOutOfMemory = (stderr: Uint8Array | undefined, words: string | undefined) =>
  stderr !== undefined && words !== undefined && new TextDecoder('latin1').decode(stderr).includes(words)

const signalNames: Readonly<Record<number, string>> = {
  4: 'SIGILL',
  6: 'SIGABRT',
  7: 'SIGBUS',
  8: 'SIGFPE',
  9: 'SIGKILL',
  11: 'SIGSEGV',
  25: 'SIGXFSZ',
  31: 'SIGSYS',
}
function detailOf(outcome: Outcome, signal: number | undefined): string {
  if (outcome === 'cpuExceeded') return 'too much CPU time'
  if (outcome === 'wallExceeded') return 'too much elapsed time (waiting or sleeping)'
  if (outcome === 'memoryExceeded') return 'too much memory'
  if (outcome === 'outputExceeded') return 'too much output'
  return outcome === 'forbiddenSyscall' ? 'a forbidden system call' : `killed by ${signalNames[signal ?? 0] ?? `signal ${signal}`}`
}
