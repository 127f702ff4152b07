import { createHash } from 'node:crypto'
import type { Judging, NewProblem, Problem, ProblemChange } from '#contracts/contest'
import { contestUpdated, problemUpdated } from '#contracts/contest'
import type { ApiFailure } from '#contracts/errors'
import { fail, ok, type Result } from '#kernel/result'
import type { Instant } from '#kernel/time'
import type { Deps, UserCaller } from '#kit/define-service'
import type { Tx } from '#ports/db'
import type { Files } from '#ports/files'
import { type Contest, hasStarted } from '../domain/contest.ts'
import { renderMarkdown } from '../domain/markdown.ts'
import { sampleGroup } from '../domain/package-groups.ts'
import type { StatementAsset, StoredPackage, Translation } from '../domain/package-stored.ts'
import { planProblem, planProblemChange } from '../domain/plan-problem.ts'
import {
  type Content,
  type Draft,
  judgingOf,
  needsNewVersion,
  type ProblemFields,
  problemSnapshot,
  renderProblem,
  type StoredProblem,
  sorted,
  type TestEntry,
  urlsOf,
} from '../domain/problem.ts'
import { contestSnapshot } from '../domain/snapshot.ts'
import { isStorable } from '../domain/storable.ts'
import { mayEdit, maySeeProblem, type Viewer } from '../domain/visibility.ts'
import { countRegistrations, keepVersion, listPlaces, lockContestsWith, saveContest } from '../store-contests.ts'
import { insertPackage, insertPackageFiles } from '../store-packages.ts'
import { findProblem, insertProblem, insertVersion, listUses, lockProblem, updateProblem } from '../store-problems.ts'
import { answerFor } from './read-problem.ts'
import { beginVerification } from './run-verification.ts'

type Needs = Pick<Deps, 'db' | 'files' | 'clock' | 'ids' | 'outbox'>
type Answer<Code extends ApiFailure['code']> = Result<{ problem: Problem }, ApiFailure<Code | 'VALIDATION_FAILED' | 'FORBIDDEN'>>

export const notStorable = (where: string) => fail({ code: 'VALIDATION_FAILED' as const, details: { where, problem: 'holds a character that is no text' } })

export async function createProblem(deps: Needs, input: NewProblem, caller: UserCaller): Promise<Answer<'PROBLEM_INVALID'>> {
  if (!isStorable(input)) return notStorable('body')
  const plan = planProblem(input)
  if (!plan.ok) return plan
  const content = await storeContent(deps.files, plan.value.draft)
  const problem = await addProblem(deps, { fields: plan.value.fields, content, ownerId: caller.userId, warnings: [] })
  return ok({ problem: await answerFor(deps.db, problem, caller) })
}

type NewStored = {
  readonly fields: ProblemFields
  readonly content: Content
  readonly ownerId: string
  readonly warnings: readonly string[]
  readonly brought?: Brought
}
/** What comes with a package. */
export type Brought = {
  readonly language: string | null
  readonly translations: readonly Omit<Translation, 'html'>[]
  readonly files: readonly StatementAsset[]
  readonly kept: StoredPackage
}
/** Version 1, told; the test data is in the Files port already. */
export function addProblem({ db, ids, clock, outbox }: Needs, { fields, content, ownerId, warnings, brought }: NewStored): Promise<StoredProblem> {
  return db.transaction(async (tx) => {
    const id = ids.next()
    const files = brought?.files ?? []
    const urlOf = urlsOf(id, files)
    const view = renderProblem(fields.statement, content, urlOf)
    const problem: StoredProblem = {
      ...fields,
      id,
      ownerId,
      version: 1,
      revision: 1,
      content,
      view,
      warnings,
      language: brought?.language ?? null,
      translations: (brought?.translations ?? []).map((each) => ({ ...each, html: renderMarkdown(each.statement, urlOf) })),
      files,
      deleted: false,
      updatedAt: clock.now(),
    }
    await insertProblem(tx, problem)
    await insertVersion(tx, { problemId: problem.id, version: 1, judging: withDigest(content), now: problem.updatedAt })
    if (brought) {
      await insertPackage(tx, id, brought.kept)
      await insertPackageFiles(tx, id, blobsOfPackage(brought))
      if (brought.kept.solutions.length > 0) await beginVerification(tx, { id: ids.next(), problem, kept: brought.kept, now: problem.updatedAt })
    }
    await outbox.add(tx, problemUpdated, problemSnapshot(problem))
    return problem
  })
}

const blobsOfPackage = ({ files, kept }: Brought): string[] => [
  ...[...files, ...kept.files].map(({ digest }) => digest),
  ...kept.solutions.flatMap((solution) => solution.files.map(({ digest }) => digest)),
]

/** Test data is written before the transaction (it may be megabytes); a change that came in between starts this one over. */
export async function changeProblem(
  deps: Needs,
  id: string,
  change: ProblemChange,
  caller: UserCaller,
): Promise<Answer<'PROBLEM_NOT_FOUND' | 'PROBLEM_INVALID' | 'UNAVAILABLE'>> {
  if (!isStorable(change)) return notStorable('body')
  for (let tries = 0; tries < 5; tries++) {
    const old = editable(await findProblem(deps.db, id), caller)
    if (!old.ok) return old
    const plan = planProblemChange(old.value, change)
    if (!plan.ok) return plan
    const content = await storeContent(deps.files, plan.value.draft, old.value.content)
    const saved = await deps.db.transaction(async (tx) => {
      const now = await lockProblem(tx, id)
      return now?.revision === old.value.revision ? saveChange(tx, { ...now, ...plan.value.fields, content }, now, deps) : undefined
    })
    if (saved) return ok({ problem: await answerFor(deps.db, saved, caller) })
  }
  return fail({ code: 'UNAVAILABLE' })
}

/**
 * Contests that show its title or are judged by its version get a new revision with it. One that has begun keeps the version it has, until its staff switch
 * (switch-version.ts): nobody's verdict depends on the moment at which somebody mended a test.
 */
async function saveChange(tx: Tx, next: StoredProblem, old: StoredProblem, { clock, outbox }: Needs): Promise<StoredProblem> {
  const isNewVersion = needsNewVersion(old.content, next.content)
  const problem: StoredProblem = {
    ...next,
    view: renderProblem(next.statement, next.content, urlsOf(next.id, next.files)),
    version: old.version + (isNewVersion ? 1 : 0),
    revision: old.revision + 1,
    updatedAt: clock.now(),
  }
  await updateProblem(tx, problem)
  if (isNewVersion) await insertVersion(tx, { problemId: problem.id, version: problem.version, judging: withDigest(problem.content), now: problem.updatedAt })
  await outbox.add(tx, problemUpdated, problemSnapshot(problem))
  if (!isNewVersion && problem.title === old.title) return problem
  const contests = await lockContestsWith(tx, problem.id)
  const begun = isNewVersion ? await begunOf(tx, contests, problem.updatedAt) : new Set<string>()
  await keepVersion(tx, problem.id, { contestIds: [...begun], old: old.version })
  for (const contest of contests) {
    if (begun.has(contest.id) && problem.title === old.title) continue // nothing that it shows or does has changed
    const grown = { ...contest, revision: contest.revision + 1 }
    await saveContest(tx, grown)
    await outbox.add(tx, contestUpdated, contestSnapshot(grown, await listPlaces(tx, contest.id)))
  }
  return problem
}

async function begunOf(tx: Tx, contests: readonly Contest[], now: Instant): Promise<ReadonlySet<string>> {
  const begun = new Set<string>()
  for (const contest of contests) if (hasStarted(contest, await countRegistrations(tx, contest.id), now)) begun.add(contest.id)
  return begun
}

/** Removed from sight; its versions stay, since earlier submissions were judged by them. */
export function removeProblem(
  { db, clock, outbox }: Needs,
  id: string,
  caller: UserCaller,
): Promise<Result<null, ApiFailure<'PROBLEM_NOT_FOUND' | 'PROBLEM_IN_USE' | 'FORBIDDEN'>>> {
  return db.transaction(async (tx) => {
    const old = editable(await lockProblem(tx, id), caller)
    if (!old.ok) return old
    if ((await listUses(tx, id)).length > 0) return fail({ code: 'PROBLEM_IN_USE' })
    const removed = { ...old.value, deleted: true, revision: old.value.revision + 1, updatedAt: clock.now() }
    await updateProblem(tx, removed)
    await outbox.add(tx, problemUpdated, problemSnapshot(removed))
    return ok(null)
  })
}

/** A problem that the caller may see and not change is a 403, one they may not see is not there. */
export function editable(problem: StoredProblem | undefined, viewer: Viewer): Result<StoredProblem, ApiFailure<'PROBLEM_NOT_FOUND' | 'FORBIDDEN'>> {
  if (problem && mayEdit(viewer, problem)) return ok(problem)
  return fail({ code: problem && maySeeProblem(viewer, problem) ? 'FORBIDDEN' : 'PROBLEM_NOT_FOUND' })
}

/** Names the data by its content, whatever order the database keeps keys in. */
export function withDigest(content: Content): Judging {
  const judging = judgingOf(content)
  return {
    ...judging,
    dataDigest: createHash('sha256')
      .update(JSON.stringify(sorted(judging)))
      .digest('hex'),
  } as Judging
}

/** Puts the tests' texts into the Files port: samples first, since participants may know their results. Entries that do not change are kept. */
async function storeContent(files: Files, draft: Draft, old?: Content): Promise<Content> {
  if (draft.kind !== 'program') return draft
  const had = old?.kind === 'program' ? old : undefined
  // the very same list: not part of the change (an imported sample's data may be longer than what is shown of it)
  const isKept = had !== undefined && had.samples === draft.samples
  const kept = (had?.tests ?? []).map((test) => withoutStale(test, { hasRules: had?.compare !== draft.compare, hasGroups: draft.groups !== undefined }))
  const own = draft.groups ? { group: sampleGroup.name, points: { accept: 0, reject: 0 } } : {}
  const samples = isKept ? kept.filter((test) => test.sample) : (await storeTests(files, draft.samples, true)).map((test) => ({ ...test, ...own }))
  const hidden = draft.tests ? await storeTests(files, draft.tests, false) : kept.filter((test) => !test.sample)
  return { ...draft, tests: [...samples, ...hidden] }
}

/** New rules hold for all tests; without groups no test is in one. */
function withoutStale(
  { compare, checkerArgs, group, points, ...test }: TestEntry,
  { hasRules, hasGroups }: { hasRules: boolean; hasGroups: boolean },
): TestEntry {
  return {
    ...test,
    ...(!hasRules && compare && { compare }),
    ...(!hasRules && checkerArgs && { checkerArgs }),
    ...(hasGroups && group !== undefined && { group }),
    ...(hasGroups && points && { points }),
  }
}

const putsAtOnce = 8
async function storeTests(files: Files, texts: readonly { input: string; output: string; name?: string }[], sample: boolean): Promise<TestEntry[]> {
  const entries: TestEntry[] = []
  for (let from = 0; from < texts.length; from += putsAtOnce) {
    const some = texts.slice(from, from + putsAtOnce).map(async ({ input, output, name }, at): Promise<TestEntry> => {
      const [inFile, outFile] = [await files.put(Buffer.from(input)), await files.put(Buffer.from(output))]
      const title = name?.trim() || `${sample ? 'sample ' : ''}${from + at + 1}`
      return { name: title, sample, input: inFile.digest, inputBytes: inFile.size, output: outFile.digest, outputBytes: outFile.size }
    })
    entries.push(...(await Promise.all(some)))
  }
  return entries
}
