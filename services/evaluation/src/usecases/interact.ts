import { languageById } from '#contracts/languages'
import { bytes, type Ms, mebibytes, ms, seconds } from '#kernel/units'
import type { Pair, RunResult, Talk } from '#ports/sandbox'
import { feedbackFiles, longestFeedback, messageOf, readKattis, readTestlib, type Said } from '../domain/checker-said.ts'
import { classify } from '../domain/classify.ts'
import { JudgeFault, ProblemFault } from '../domain/faults.ts'
import { readFeedback } from '../domain/feedback-frames.ts'
import { decideInteraction, type InteractionVerdict, interactorOf, isNearMissOfTalk, participantOf } from '../domain/interaction.ts'
import { type TestLimits, testLimits } from '../domain/limits.ts'
import { printable } from '../domain/printable.ts'
import { authorLimits, type Built, buildAuthorProgram } from './author-program.ts'
import { buildProgram, type Program, toolchainVersion } from './build-program.ts'
import { type Checking, openChecking } from './checking.ts'
import type { Work } from './evaluate-program.ts'
import { compileError, type Finding, findingOf, type Judged, type JudgeTest, judgeTests } from './judge-tests.ts'
import type { HeldTest } from './judging-data.ts'
import { readWhole } from './read-whole.ts'
import { timed } from './stages.ts'

/**
 * Interactive problems. The participant's program and the interactor have a box each and talk through the kernel alone (`Sandbox.openPair`); input and answer
 * enter the interactor's box only. What the talk comes to is `domain/interaction.ts`. Where the problem has a checker besides (testlib), it judges what the
 * interactor wrote of a talk that it accepted.
 */
export async function evaluateInteractive(work: Work): Promise<Judged & { readonly toolchain: string }> {
  const { sandbox, judging, job, holding, times, signal } = work
  const language = languageById(job.language ?? '')
  if (language === undefined) throw new ProblemFault(`the judge does not know the language ${job.language}`)
  if (judging.interactor === undefined) throw new ProblemFault('the problem has no interactor')
  if (sandbox.openPair === undefined) throw new JudgeFault('this judge cannot let two programs talk: it needs root and a C compiler, or Docker')
  toolchainVersion(sandbox, language)
  const interactorImage = languageById(judging.interactor.program.language)?.image ?? language.image
  const fetching = timed(times, 'fetchMs', () => holding.tests(judging.tests))
  fetching.catch(() => undefined) // it is awaited once the compilers have done; until then its failure waits
  const checking = openChecking(work, judging)
  let pair: Pair | undefined
  try {
    pair = await sandbox.openPair({ image: language.image, interactorImage, signal })
    work.progress('compiling', 0, judging.tests.length)
    const building = { sandbox, box: pair.participant, language, source: work.text, artefacts: work.artefacts, signal }
    const program = await timed(times, 'compileMs', () => buildProgram(building))
    if (!program.failed && (program.cached || language.onlyChecks)) times.compileMs = 0 // nothing was compiled
    const tests = await fetching
    if (program.failed) return { ...compileError(judging, program.log), toolchain: program.toolchain }
    const built = await buildInteractor(work, pair)
    const judge = judgeTalks({ work, pair, program, built, checking, limitsFor: (held) => testLimits(judging.limits, language, held.test.outputBytes) })
    return { ...(await judgeTests(tests, work, judge)), toolchain: program.toolchain }
  } finally {
    await fetching.catch(() => undefined) // its failure was thrown above, or something before it was
    await Promise.all([pair?.close(), checking.close()])
  }
}

type Interactor = NonNullable<Work['judging']['interactor']>
type Talking = {
  readonly work: Work
  readonly pair: Pair
  readonly program: Program
  readonly built: Built & { readonly interactor: Interactor }
  readonly checking: Checking
  readonly limitsFor: (held: HeldTest) => TestLimits
}

async function buildInteractor(work: Work, { interactor: box }: Pair): Promise<Talking['built']> {
  const { interactor } = work.judging
  if (interactor === undefined) throw new ProblemFault('the problem has no interactor')
  const sandbox = { ...work.sandbox, open: async () => box } // it is built where it will run
  return { ...(await timed(work.times, 'compileMs', () => buildAuthorProgram({ ...work, sandbox }, 'interactor', interactor.program))), interactor }
}

function judgeTalks(talking: Talking): JudgeTest {
  const { work, program, checking } = talking
  let isFirst = true
  return async (held) => {
    const { talk, said, decided } = await timed(work.times, 'runMs', () => talkOnce(talking, held))
    const ran = talk.participant
    const unfit = isFirst ? await timed(work.times, 'compileMs', () => program.checkAfter(ran)) : undefined
    isFirst = false
    if (unfit !== undefined) return { compileLog: unfit.log }
    const found = await findingFor({ talk, said, decided }, held, work, checking)
    return { ...found, used: { cpuMs: ran.cpu, wallMs: ran.wall, memoryBytes: ran.memory } }
  }
}

async function findingFor({ said, decided, talk }: Talked, held: HeldTest, work: Work, checking: Checking): Promise<Finding> {
  if (decided.by === 'nobody') throw new ProblemFault(`the interactor, at test ${held.test.index}: ${decided.problemFault}`)
  if (decided.by === 'participant') {
    const lastWords = wordsOf(talk.participant)
    return { verdict: decided.verdict, detail: lastWords === '' ? decided.detail : `${decided.detail}\n${lastWords}` }
  }
  const word = said.word
  if ('fault' in word) throw new JudgeFault(`an interactor's fault was taken for its verdict: ${word.fault}`)
  if (!word.isAccepted || work.judging.checker === undefined) return findingOf(word)
  if (said.left.length > mostLeft) throw new ProblemFault(`the interactor wrote more than a checker may be given, at test ${held.test.index}`)
  return findingOf(await timed(work.times, 'checkMs', () => checking.check(held, said.left)))
}

/** The other's turns take wall time from each: both are on one core. */
const beside = seconds(2)
/** The interactor hears of the participant's end before its own patience is over. */
const longer = seconds(10)

/**
 * A limit that was missed narrowly, or for the machine's or the interactor's sake, is tried again, as with any other test (`runTest`). An interactor that
 * computes without end meets its own limit then.
 */
async function talkOnce(talking: Talking, held: HeldTest): Promise<Talked> {
  const limits = talking.limitsFor(held)
  const wall = ms(limits.run.wall + beside)
  const first = await talkWithin(wall, limits, talking, held)
  const { participant, interactor } = first.talk
  if (!isLate(first) || !isNearMissOfTalk(participant, interactor.cpu, limits.cpu)) return first
  const second = await talkWithin(ms(2 * wall + authorLimits(talking.built.interactor, talking.built.language).cpu), limits, talking, held)
  return isLate(second) ? first : second
}
const isLate = ({ decided }: Talked) => decided.by === 'participant' && decided.verdict === 'TLE'

type Talked = { readonly talk: Talk; readonly said: InteractorSaid; readonly decided: InteractionVerdict }

async function talkWithin(wall: Ms, limits: TestLimits, { work, pair, program, built }: Talking, held: HeldTest): Promise<Talked> {
  const { heap, ...own } = authorLimits(built.interactor, built.language)
  const { index, inputBytes, outputBytes } = held.test
  if (inputBytes + outputBytes > mostInBox)
    throw new ProblemFault(`test ${index} is too large for an interactor, which may have ${mostInBox / mebibytes(1)} MiB`)
  const hasChecker = work.judging.checker !== undefined
  await pair.interactor.put(input, await readWhole(held.input))
  await pair.interactor.put(answer, await readWhole(held.output))
  const command = [...built.program.argv(heap), ...argumentsOf(built.interactor, held)]
  const talk = await pair.talk({
    participant: { argv: program.argv(limits.memory), limits: { ...limits.run, wall }, keepFiles: false },
    interactor: {
      argv: ['/bin/sh', '-c', script(hasChecker), 'interactor', ...command],
      limits: { ...own, wall: ms(wall + Math.max(longer, own.wall)), stderr: bytes(leastTold + (hasChecker ? mostLeft : 0)) },
      keepFiles: false,
    },
    endsParticipant: (ran) => !isAccepted(readInteractor(ran, built, work).word), // what it does from here on changes nothing
    signal: work.signal,
  })
  const said = readInteractor(talk.interactor, built, work)
  return { talk, said, decided: decide(talk, said, limits) }
}

function decide(talk: Talk, { stopped, exitCode, lastWords, word }: InteractorSaid, limits: TestLimits): InteractionVerdict {
  const { participant: ran, participantLeftFirst } = talk
  const classified = classify(ran, limits)
  const participant = talk.participantWasEnded ? ({ end: 'left' } as const) : participantOf(ran, classified, wordsOf(ran))
  if (participant === undefined) throw new JudgeFault(`the program came to an unknown end: ${JSON.stringify(classified)}`)
  const interactor = interactorOf({ stopped, exitCode, lastWords, participantLeftFirst }, word)
  return decideInteraction({ interactor, participant, participantLeftFirst, wroteTooMuch: talk.participantWrote > limits.run.output })
}

const wordsOf = (ran: RunResult) => printable(ran.stderr).trim().slice(-1000).toWellFormed()

// ---- the interactor ------------------------------------------------------------------------------------------------

/** A box holds 256 MiB of files: the program, input, answer. */
const mostInBox = mebibytes(192)
const [input, answer, left] = ['judge.in', 'judge.ans', 'talk.out']
const argumentsOf = ({ protocol, args }: Interactor, { test }: HeldTest): readonly string[] => [
  ...(protocol === 'kattis' ? [input, answer, 'feedback/'] : [input, left, answer]),
  ...(test.checkerArgs ?? args),
]

/** What a checker may be given of a talk. */
const mostLeft = mebibytes(8)
/** The other files, and the lines before each. */
const leastTold = mebibytes(1) / 16

/**
 * Around the interactor: its descriptors 0 and 1 are the talk's, and the shell lets go of them at once, so that each side hears of the other's end. Then the
 * shell tells the exit code and the files on stderr, as it does for checkers (`checking.ts`); what the interactor says on its own stderr is one of them.
 */
const script = (tellsLeft: boolean) => `
mkdir feedback || exit 70
exec 3<&0 4>&2 < /dev/null 2> /dev/null
"$@" <&3 3<&- 4>&- 2> said &
exec 3<&- > /dev/null
wait $!
echo "code $?" >&4
tell() {
  [ -f "$1" ] || return 0
  head -c "$3" "$1" > told || exit 70
  echo "$2 $(wc -c < told)" >&4
  cat told >&4
}
tell said said ${longestFeedback}
for name in ${feedbackFiles.join(' ')}; do tell "feedback/$name" "$name" ${longestFeedback}; done
${tellsLeft ? `tell ${left} ${left} ${mostLeft + 1}` : ''}
exit 0`

type InteractorSaid = {
  readonly word: Said
  readonly exitCode: number
  readonly stopped: string | undefined
  readonly lastWords: string
  /** For the checker. */
  readonly left: Uint8Array
}
const isAccepted = (word: Said) => 'isAccepted' in word && word.isAccepted
const nothing = { exitCode: -1, lastWords: '', left: new Uint8Array() }

function readInteractor(ran: RunResult, { interactor, language }: Talking['built'], { judging }: Work): InteractorSaid {
  const classified = classify(ran)
  if (classified !== 'checkable' && 'judgeFault' in classified) throw new JudgeFault(`the interactor: ${classified.judgeFault}`)
  if (classified !== 'checkable' && ran.outcome !== 'exited') return { ...nothing, word: { fault: classified.detail }, stopped: classified.detail }
  const told = readFeedback(ran.stderr)
  if (ran.exitCode !== 0 || told === undefined) return { ...nothing, word: { fault: 'it disturbed how its feedback is read' }, stopped: undefined }
  const { exitCode, files } = told
  const stderr = files.get('said') ?? new Uint8Array()
  const word =
    interactor.protocol === 'kattis'
      ? readKattis(exitCode, files, { stderr, isScored: judging.groups !== undefined })
      : readTestlib(exitCode, stderr, language.id)
  return { word, exitCode, stopped: undefined, lastWords: messageOf(stderr), left: files.get(left) ?? new Uint8Array() }
}
