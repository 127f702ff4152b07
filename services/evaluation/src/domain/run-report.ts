import type { Limits } from '#contracts/common'
import { type RunEnding, type RunReport, runOutputBytes, runStderrBytes } from '#contracts/runs'
import { bytes, mebibytes, seconds } from '#kernel/units'
import { classify } from './classify.ts'
import { type TestLimits, testLimits } from './limits.ts'

/**
 * What a run with an input of the author's own may use, and what is told of it. It runs as a test would, so that what is seen here is what the judge will
 * see; only very long limits are cut short, since a run stands in the way of somebody's submission.
 */
export const longestRun = seconds(10)
/** Held in memory as it comes, of which `runOutputBytes` are shown: a program that prints too much should be seen to end, or to be stopped, as in a test. */
const mostOutput = mebibytes(16)

export function runLimits(limits: Pick<Limits, 'cpuMs' | 'memoryBytes' | 'outputBytes'>, language: Parameters<typeof testLimits>[1]): TestLimits {
  const cpuMs = Math.min(limits.cpuMs, Math.floor(longestRun / language.timeFactor))
  const test = testLimits({ ...limits, cpuMs }, language, 0)
  const output = bytes(Math.min(test.run.output, mostOutput))
  return { ...test, run: { ...test.run, output, stderr: bytes(runStderrBytes + 1) } } // one more than is shown: whether there was more
}

export type Ran = {
  readonly outcome: Exclude<RunEnding, 'compileFailed'>
  readonly exitCode?: number
  readonly signal?: number
  readonly cpu: number
  readonly wall: number
  readonly memory: number
  readonly stdout: Uint8Array
  readonly stderr: Uint8Array
}

/** @returns undefined when the sandbox told of an outcome that nobody knows: a fault of ours. */
export function reportOf(ran: Ran, limits: TestLimits): RunReport | undefined {
  const outcome = endingOf(ran, limits)
  if (outcome === undefined) return undefined
  const stdout = shownText(ran.stdout, runOutputBytes)
  const stderr = shownText(ran.stderr, runStderrBytes)
  return {
    outcome,
    ...(outcome === 'exited' && ran.exitCode !== undefined ? { exitCode: ran.exitCode } : {}),
    ...((outcome === 'signalled' || outcome === 'forbiddenSyscall') && ran.signal !== undefined ? { signal: ran.signal } : {}),
    stdout: stdout.text,
    stdoutTruncated: stdout.truncated,
    stderr: stderr.text,
    stderrTruncated: stderr.truncated,
    cpuMs: ran.cpu,
    wallMs: ran.wall,
    memoryBytes: ran.memory,
    limits: { cpuMs: limits.cpu, memoryBytes: limits.memory },
  }
}

export const compileFailed = (log: string, limits: TestLimits): RunReport => ({
  outcome: 'compileFailed',
  stdout: '',
  stdoutTruncated: false,
  stderr: '',
  stderrTruncated: false,
  cpuMs: 0,
  wallMs: 0,
  memoryBytes: 0,
  limits: { cpuMs: limits.cpu, memoryBytes: limits.memory },
  compileLog: log,
})

/** The sandbox's word, but where the judge would name a limit that the program missed without being stopped at it. */
function endingOf(ran: Ran, limits: TestLimits): RunEnding | undefined {
  const said = classify(ran, limits)
  if (said === 'checkable') return ran.outcome
  if ('judgeFault' in said) return undefined
  if (said.verdict === 'TLE') return ran.outcome === 'wallExceeded' ? 'wallExceeded' : 'cpuExceeded'
  if (said.verdict === 'MLE') return 'memoryExceeded'
  return said.verdict === 'OLE' ? 'outputExceeded' : ran.outcome
}

/** Bytes as text that can be stored and shown: cut to `limit` bytes between characters; what is no UTF-8, and control characters but tabs and line ends, replaced. */
export function shownText(content: Uint8Array, limit: number): { readonly text: string; readonly truncated: boolean } {
  const truncated = content.length > limit
  // when cut, half a character at the end is left out rather than replaced
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(content.subarray(0, limit), { stream: truncated })
  return { text: text.replace(/[^\P{Cc}\t\n\r]/gu, '\ufffd'), truncated }
}
