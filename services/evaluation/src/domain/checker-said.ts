import { printable } from './printable.ts'
import type { Given } from './score-groups.ts'

/**
 * What an author's program has said of an output, by the rules under which it was called (`AuthorProtocol`). What it says by mistake, by crashing or in
 * garbage is a fault of the problem, never a verdict: nobody loses a run by it.
 */
export type Said =
  | { readonly isAccepted: true; readonly given: Given | undefined; readonly message: string }
  | { readonly isAccepted: false; readonly message: string }
  | { readonly fault: string }

/** Messages are the author's for staff: printable and short, whatever is in them. */
const longestMessage = 1000
export const messageOf = (content: Uint8Array | string): string =>
  (typeof content === 'string' ? content : printable(content)).trim().slice(0, longestMessage).toWellFormed()

// ---- Kattis: exit codes 42 and 43, files in a folder --------------------------------------------------------------------

export type Feedback = ReadonlyMap<string, Uint8Array>
/** What is read of the feedback folder, and how much of each. */
export const feedbackFiles = ['score.txt', 'score_multiplier.txt', 'judgemessage.txt', 'teammessage.txt'] as const
export const longestFeedback = 4096

/** @param isScored points are of no account where tests have none. */
export function readKattis(exitCode: number, feedback: Feedback, { stderr, isScored }: { readonly stderr: Uint8Array; readonly isScored: boolean }): Said {
  const message = messageOf(feedback.get('judgemessage.txt') ?? feedback.get('teammessage.txt') ?? new Uint8Array())
  if (exitCode === 43) return { isAccepted: false, message }
  if (exitCode !== 42) return { fault: `it ended with ${exitCode}, where 42 accepts and 43 rejects${saying(message === '' ? messageOf(stderr) : message)}` }
  const given = isScored ? givenIn(feedback) : undefined
  return given !== undefined && 'fault' in given ? given : { isAccepted: true, given, message }
}

function givenIn(feedback: Feedback): Given | { readonly fault: string } | undefined {
  const [score, share] = [feedback.get('score.txt'), feedback.get('score_multiplier.txt')]
  if (score !== undefined && share !== undefined) return { fault: 'it wrote score.txt and score_multiplier.txt' }
  if (score !== undefined) {
    const milli = milliOf(messageOf(score))
    return milli === undefined ? { fault: `its score.txt is no number of points: ${JSON.stringify(messageOf(score).slice(0, 80))}` } : { milli }
  }
  if (share === undefined) return undefined
  const shareMilli = milliOf(messageOf(share))
  const isShare = shareMilli !== undefined && shareMilli >= 0 && shareMilli <= 1000
  return isShare ? { shareMilli } : { fault: `its score_multiplier.txt is no number from 0 to 1: ${JSON.stringify(messageOf(share).slice(0, 80))}` }
}

// ---- testlib: exit codes and a message on stderr ------------------------------------------------------------------------

const [ok, fail, points] = [0, 3, 7]
/** WA, PE; DIRT and an unexpected end of file; 5 is WA where a checker was compiled for ejudge. */
const rejections = [1, 2, 4, 5, 8]

/** @param language some runtimes end with 1, which is WA, when the checker itself has crashed; their last words tell the two apart. */
export function readTestlib(exitCode: number, stderr: Uint8Array, language: string): Said {
  const message = messageOf(stderr)
  if (exitCode === ok) return { isAccepted: true, given: undefined, message }
  if (exitCode === fail) return { fault: `it failed${saying(message)}` }
  if (exitCode === points) return pointsIn(message)
  const share = /^partially correct \((\d{1,3})\)/.exec(message)?.[1]
  // its exit code is that share, or 50 more than it: as good as any other, unless the message says so too
  if (share !== undefined && [Number(share), 50 + Number(share)].includes(exitCode)) return partly(Math.min(1000, 10 * Number(share)), message)
  if (!rejections.includes(exitCode)) return { fault: `it ended with ${exitCode}, which means nothing${saying(message)}` }
  const crash = crashes[language]
  return crash?.test(message) ? { fault: `it crashed${saying(message)}` } : { isAccepted: false, message }
}

function pointsIn(message: string): Said {
  const number = /^(?:points\s+)?(\S+)/.exec(message)?.[1] ?? ''
  const milli = milliOf(number)
  if (milli === undefined) return { fault: `it gave points and no number of them${saying(message)}` }
  return milli > 0 ? { isAccepted: true, given: { milli }, message } : { isAccepted: false, message }
}
const partly = (shareMilli: number, message: string): Said =>
  shareMilli > 0 ? { isAccepted: true, given: { shareMilli }, message } : { isAccepted: false, message }

const python = /^Traceback \(most recent call last\):|^(?:Syntax|Indentation|Tab)Error: /m
const node = /^Node\.js v\d/m
const crashes: Readonly<Record<string, RegExp>> = {
  python,
  pypy: python,
  java: /^Exception in thread |^Error: /m,
  javascript: node,
  typescript: node,
}

// ---- both ---------------------------------------------------------------------------------------------------------------

const decimal = /^[+-]?(?:\d{1,12}(?:\.\d{0,20})?|\.\d{1,20})(?:[eE][+-]?\d{1,2})?$/
const mostMilli = 1_000_000_000

/** Thousandths, rounded. Infinity, nan, hexadecimal, two numbers, nothing: undefined. */
function milliOf(text: string): number | undefined {
  if (!decimal.test(text)) return undefined
  const milli = Math.round(Number(text) * 1000)
  return Math.abs(milli) <= mostMilli ? milli + 0 : undefined
}

const saying = (message: string) => (message === '' ? '' : `: ${message}`)
