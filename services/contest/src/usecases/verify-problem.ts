import type { ApiFailure } from '#contracts/errors'
import type { Verification } from '#contracts/verification'
import { fail, ok, type Result } from '#kernel/result'
import type { Deps, UserCaller } from '#kit/define-service'
import { findPackage } from '../store-packages.ts'
import { lockProblem } from '../store-problems.ts'
import { findVerification } from '../store-verifications.ts'
import { beginVerification, verificationShown } from './run-verification.ts'
import { editable } from './save-problem.ts'

type Answer = Result<{ verification: Verification }, ApiFailure<'PROBLEM_NOT_FOUND' | 'PROBLEM_INVALID' | 'FORBIDDEN'>>
/** Of the newest version, anew; while one runs, that one. */
export async function verifyProblem({ db, ids, clock }: Pick<Deps, 'db' | 'ids' | 'clock'>, problemId: string, caller: UserCaller): Promise<Answer> {
  return db.transaction(async (tx) => {
    const found = editable(await lockProblem(tx, problemId), caller)
    if (!found.ok) return found
    const problem = found.value
    const kept = await findPackage(tx, problemId)
    if (problem.content.kind !== 'program' || !kept?.solutions.length)
      return fail({ code: 'PROBLEM_INVALID', details: { problem: 'it has no solutions of its own that could be run' } })
    const running = await findVerification(tx, problemId, problem.version)
    if (running?.state !== 'running') await beginVerification(tx, { id: ids.next(), problem, kept, now: clock.now() })
    return ok({ verification: await verificationShown(tx, problem) })
  })
}
