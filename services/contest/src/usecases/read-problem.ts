import type { Judging, Problem, ProblemSummary, ProblemTitle } from '#contracts/contest'
import type { ApiFailure } from '#contracts/errors'
import { fail, ok, type Result } from '#kernel/result'
import { toIso } from '#kernel/time'
import type { Caller, Deps, UserCaller } from '#kit/define-service'
import { Ready } from '#kit/define-service'
import type { Queryable } from '#ports/db'
import type { Files } from '#ports/files'
import { phaseAt } from '../domain/contest.ts'
import { statementFileKey } from '../domain/package-stored.ts'
import { authoringOf, publicView, type StoredProblem } from '../domain/problem.ts'
import { isStorable } from '../domain/storable.ts'
import { mayEdit, maySeeProblem, sightOfProblems, type Viewer } from '../domain/visibility.ts'
import type { Entitlements, EntryFailure } from '../entitlement.ts'
import { listContestsWith } from '../store-contests.ts'
import { findPackage } from '../store-packages.ts'
import { findJudging, findProblem, isTestData, listProblems, listTitles, listUses, type ProblemsWanted } from '../store-problems.ts'
import { openProblems } from './open-problems.ts'
import { verificationShown } from './run-verification.ts'

type Needs = Pick<Deps, 'db' | 'clock' | 'files'>

/** The problem as this caller may see it: with `authoring` for its owner and admins. */
export async function answerFor(db: Queryable, problem: StoredProblem, viewer: Viewer, languages: readonly string[] = []): Promise<Problem> {
  const view = publicView(problem, toIso(problem.updatedAt), languages)
  if (!mayEdit(viewer, problem)) return view
  const kept = await findPackage(db, problem.id)
  const authoring = authoringOf(problem, await listUses(db, problem.id), kept)
  if (!kept?.solutions.length) return { ...view, authoring }
  return { ...view, authoring: { ...authoring, verification: await verificationShown(db, problem) } }
}

export async function readProblem(
  deps: Needs & { readonly entitlements: Entitlements },
  { id, languages }: { readonly id: string; readonly languages: readonly string[] },
  caller: UserCaller,
): Promise<Result<{ problem: Problem }, ApiFailure<'PROBLEM_NOT_FOUND'> | EntryFailure>> {
  const problem = await findProblem(deps.db, id)
  if (!problem) return fail({ code: 'PROBLEM_NOT_FOUND' })
  const seen = await sightOf(deps, problem, caller)
  return seen.ok ? ok({ problem: await answerFor(deps.db, problem, caller, languages) }) : seen
}

async function sightOf(
  deps: Needs & { readonly entitlements: Entitlements },
  problem: StoredProblem,
  caller: UserCaller,
): Promise<Result<true, ApiFailure<'PROBLEM_NOT_FOUND'> | EntryFailure>> {
  if (maySeeProblem(caller, problem)) return ok(true)
  const shown = await isShownByContest(deps, problem.id, caller)
  if (!shown.ok) return shown
  return shown.value ? ok(true) : fail({ code: 'PROBLEM_NOT_FOUND' })
}

type FileWanted = { readonly id: string; readonly name: string; readonly key: string | undefined; readonly setHeader: (name: string, value: string) => void }
/** A statement's picture or PDF. An author may have put anything into it, so whoever opens it alone opens it without scripts and without our origin. */
export async function readStatementFile(
  deps: Needs & { readonly entitlements: Entitlements },
  { id, name, key, setHeader }: FileWanted,
  caller: Caller | undefined,
): Promise<Result<Ready, ApiFailure<'NOT_FOUND'> | EntryFailure>> {
  const problem = await findProblem(deps.db, id)
  const file = problem?.files.find((each) => each.name === name)
  if (!problem || !file) return fail({ code: 'NOT_FOUND' })
  if (key !== statementFileKey(file.digest)) {
    const seen = caller?.kind === 'user' ? await sightOf(deps, problem, caller) : fail({ code: 'PROBLEM_NOT_FOUND' as const })
    if (!seen.ok) return seen.error.code === 'PROBLEM_NOT_FOUND' ? fail({ code: 'NOT_FOUND' }) : fail(seen.error)
  }
  const blob = await deps.files.get(file.digest)
  if (!blob) throw new Error(`statement file ${file.digest} is not in the files`)
  const isPicture = file.contentType.startsWith('image/')
  setHeader('content-type', file.contentType)
  setHeader('content-disposition', `${isPicture ? 'inline' : 'attachment'}; filename="${file.name}"`)
  setHeader('content-security-policy', "default-src 'none'; style-src 'unsafe-inline'; sandbox")
  setHeader('x-content-type-options', 'nosniff')
  setHeader('cache-control', 'private, max-age=86400')
  return ok(new Ready(blob))
}

/** One that shows it freely is enough; else a premium one is opened by it, as by looking at the contest. */
async function isShownByContest(
  deps: Needs & { readonly entitlements: Entitlements },
  problemId: string,
  viewer: Viewer,
): Promise<Result<boolean, EntryFailure>> {
  const now = deps.clock.now()
  const contests = (await listContestsWith(deps.db, problemId, viewer.userId)).map((seen) => ({
    seen,
    sight: sightOfProblems(seen.contest, { viewer, registration: seen.registration, now }),
  }))
  if (contests.some(({ sight }) => sight === 'shown')) return ok(true)
  const paid = contests.filter(({ sight }) => sight === 'for-subscribers')
  // the one that runs first: that is the one to be opened
  const [first] = paid.sort((a, b) => Number(phaseAt(a.seen.contest, now) === 'ended') - Number(phaseAt(b.seen.contest, now) === 'ended'))
  return first ? openProblems(deps, first.seen, { viewer, now }) : ok(false)
}

type Wanted = Omit<ProblemsWanted, 'viewer' | 'limit'> & { readonly limit?: number | undefined }
export async function readProblems(
  { db }: Needs,
  wanted: Wanted,
  caller: UserCaller,
): Promise<Result<{ problems: ProblemSummary[]; next?: string }, ApiFailure<'VALIDATION_FAILED'>>> {
  if (!isStorable(wanted)) return fail({ code: 'VALIDATION_FAILED', details: { where: 'query', problem: 'holds a character that is no text' } })
  const limit = wanted.limit ?? 100
  const found = await listProblems(db, { ...wanted, viewer: caller, limit: limit + 1 })
  const problems = found.slice(0, limit)
  const last = problems.at(-1)
  return ok({ problems, ...(found.length > limit && last ? { next: last.id } : {}) })
}

/** For lists of one's own submissions, which name problems of many contests. What the caller may not know of is left out. */
export async function readTitles({ db, clock }: Needs, ids: string, caller: UserCaller): Promise<Result<{ problems: ProblemTitle[] }, never>> {
  return ok({ problems: await listTitles(db, { ids: ids.split(','), viewer: caller, now: clock.now() }) })
}

type TestTexts = { input: string; output: string; cut: boolean }
const shownBytes = 64 * 1024
export async function readTest(
  { db, files }: Needs,
  { id, index }: { id: string; index: number },
  caller: UserCaller,
): Promise<Result<TestTexts, ApiFailure<'PROBLEM_NOT_FOUND' | 'FORBIDDEN' | 'NOT_FOUND'>>> {
  const problem = await findProblem(db, id)
  if (!problem || !mayEdit(caller, problem)) return fail({ code: problem && maySeeProblem(caller, problem) ? 'FORBIDDEN' : 'PROBLEM_NOT_FOUND' })
  const test = problem.content.kind === 'program' ? problem.content.tests[index - 1] : undefined
  if (!test) return fail({ code: 'NOT_FOUND' })
  const [input, output] = [await headOf(files, test.input), await headOf(files, test.output)]
  return ok({ input, output, cut: test.inputBytes > shownBytes || test.outputBytes > shownBytes })
}

/** The beginning of a blob as text, at most 64 KiB. */
async function headOf(files: Files, digest: string): Promise<string> {
  const blob = await files.get(digest)
  if (!blob) throw new Error(`test data ${digest} is not in the files`)
  const decoder = new TextDecoder()
  let text = ''
  let left = shownBytes
  for await (const chunk of blob) {
    const some = chunk.subarray(0, left)
    text += decoder.decode(some, { stream: true }) // the half of a character at the cut is left out
    left -= some.byteLength
    if (left <= 0) break
  }
  return text
}

export async function readJudging({ db }: Needs, { id, version }: { id: string; version: number }): Promise<Result<Judging, ApiFailure<'PROBLEM_NOT_FOUND'>>> {
  const judging = await findJudging(db, id, version)
  return judging ? ok(judging) : fail({ code: 'PROBLEM_NOT_FOUND' })
}

/** Only what some version's tests name: the folder of files holds other blobs too. */
export async function readTestData({ db, files }: Needs, digest: string): Promise<Result<Ready, ApiFailure<'NOT_FOUND'>>> {
  const blob = (await isTestData(db, digest)) ? await files.get(digest) : undefined
  return blob ? ok(new Ready(blob)) : fail({ code: 'NOT_FOUND' })
}
