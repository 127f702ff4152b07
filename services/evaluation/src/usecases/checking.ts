import { open } from 'node:fs/promises'
import type { Compare } from '#contracts/common'
import { type Bytes, bytes, mebibytes } from '#kernel/units'
import type { RunResult } from '#ports/sandbox'
import { feedbackFiles, longestFeedback, readKattis, readTestlib, type Said } from '../domain/checker-said.ts'
import { classify } from '../domain/classify.ts'
import { openComparison } from '../domain/compare.ts'
import type { Difference } from '../domain/compare-place.ts'
import { JudgeFault, ProblemFault } from '../domain/faults.ts'
import { readFeedback } from '../domain/feedback-frames.ts'
import type { Held } from '../test-data.ts'
import { type AuthorWork, authorLimits, type Built, buildAuthorProgram } from './author-program.ts'
import type { HeldTest, ProgramJudging } from './judging-data.ts'
import { readWhole } from './read-whole.ts'

/**
 * Is an output right? By the rules of comparison, out here; or by the problem's checker, in a box of its own, which the first test to be checked opens and
 * all tests of a submission share. What a checker writes during one test is gone before the next, as with any program.
 */
export type Checking = {
  check(test: HeldTest, output: Uint8Array): Promise<Exclude<Said, { fault: string }>>
  /** An output of more than this cannot be checked. */
  mostOutput(test: HeldTest): Bytes
  close(): Promise<void>
}

export function openChecking(work: AuthorWork, judging: ProgramJudging): Checking {
  const { checker } = judging
  if (checker === undefined) {
    const check: Checking['check'] = async ({ test, output: wanted }, given) => {
      const difference = await compareWith(wanted, given, test.compare ?? judging.compare)
      return difference.equal ? { isAccepted: true, given: undefined, message: '' } : { isAccepted: false, message: difference.detail }
    }
    return { check, mostOutput: () => bytes(Number.MAX_SAFE_INTEGER), close: async () => undefined }
  }
  let building: Promise<Built> | undefined
  return {
    async check(held, output) {
      building ??= buildAuthorProgram(work, 'checker', checker.program)
      const said = await runChecker({ work, judging, checker, built: await building }, held, output)
      if ('fault' in said) throw new ProblemFault(`the checker, at test ${held.test.index}: ${said.fault}`)
      return said
    },
    mostOutput({ test }) {
      const left = mostInBox - test.inputBytes - test.outputBytes
      if (left < leastLeft) throw new ProblemFault(`test ${test.index} is too large for a checker: input and output may have ${mostInBox / mebibytes(1)} MiB`)
      return bytes(left)
    },
    async close() {
      await (await building?.catch(() => undefined))?.box.close()
    },
  }
}

/** A box holds 256 MiB of files: the program, input, expected output, and what is to be checked. */
const mostInBox = mebibytes(192)
const leastLeft = mebibytes(8)

const [input, answer, output] = ['judge.in', 'judge.ans', 'team.out']
/** What a checker prints is nobody's; its last word is its exit code, which the sandbox tells. */
const silently = 'exec "$@" > /dev/null'
/**
 * A Kattis validator also leaves files, which are gone when its run is over: so they are told as the run's output, each as `name bytes`, a line end and the
 * content, after the exit code. Only the validator, which might as well have written them, could disturb that.
 */
const andTellFiles = `
mkdir feedback || exit 70
"$@" > /dev/null
echo "code $?"
for name in ${feedbackFiles.join(' ')}; do
  if [ -f "feedback/$name" ]; then
    head -c ${longestFeedback} "feedback/$name" > told || exit 70
    echo "$name $(wc -c < told)"
    cat told
  fi
done`

type Checking1 = {
  readonly work: AuthorWork
  readonly judging: ProgramJudging
  readonly checker: NonNullable<ProgramJudging['checker']>
  readonly built: Built
}

async function runChecker({ work, judging, checker, built }: Checking1, held: HeldTest, given: Uint8Array): Promise<Said> {
  const { box, program, language } = built
  const { heap, ...limits } = authorLimits(checker, language)
  const isKattis = checker.protocol === 'kattis'
  await box.put(input, await readWhole(held.input))
  await box.put(answer, await readWhole(held.output))
  if (!isKattis) await box.put(output, given)
  const args = held.test.checkerArgs ?? checker.args
  const named = isKattis ? [input, answer, 'feedback/'] : [input, output, answer]
  const argv = ['/bin/sh', '-c', isKattis ? andTellFiles : silently, 'checker', ...program.argv(heap), ...named, ...args]
  const ran = await box.run({ argv, ...(isKattis ? { stdin: given } : {}), limits, keepFiles: false, signal: work.signal })
  const stopped = endOf(ran)
  if (stopped !== undefined) return { fault: stopped }
  if (!isKattis) return readTestlib(ran.exitCode ?? -1, ran.stderr, language.id)
  const told = readFeedback(ran.stdout)
  if (ran.exitCode !== 0 || told === undefined) return { fault: 'it disturbed how its feedback is read' }
  return readKattis(told.exitCode, told.files, { stderr: ran.stderr, isScored: judging.groups !== undefined })
}

/** Why it came to no end of its own. */
function endOf(ran: RunResult): string | undefined {
  if (ran.outcome === 'exited') return ran.exitCode === undefined ? 'it ended without an exit code' : undefined
  const said = classify(ran)
  if (said === 'checkable' || 'judgeFault' in said) throw new JudgeFault(`the checker's run came to an unknown end: ${ran.outcome}`)
  return `it was stopped: ${said.detail}`
}

const pieceBytes = 128 * 1024

/** A large expected output is read as far as it is needed, in one buffer that is used again and again; other work has its turn between two pieces. */
async function compareWith(expected: Held, given: Uint8Array, options: Compare): Promise<Difference> {
  const comparison = openComparison(given, options)
  if (expected.content !== undefined) return comparison.push(expected.content) ?? comparison.end()
  const file = await open(expected.path)
  try {
    const buffer = Buffer.allocUnsafe(pieceBytes)
    for (;;) {
      const { bytesRead } = await file.read(buffer, 0, pieceBytes)
      if (bytesRead === 0) return comparison.end()
      const found = comparison.push(buffer.subarray(0, bytesRead))
      if (found !== undefined) return found
    }
  } finally {
    await file.close()
  }
}
