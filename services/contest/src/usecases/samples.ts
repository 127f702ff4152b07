import type { SampleQuestion } from '#contracts/contest'
import type { ApiFailure } from '#contracts/errors'
import type { Answer } from '#contracts/submission'
import { networkOf } from '#kernel/network'
import { fail, ok, type Result } from '#kernel/result'
import { minutes } from '#kernel/units'
import type { Deps } from '#kit/define-service'
import { checkSample, sampleView } from '../domain/sample.ts'
import { findSample, listSamples } from '../store-samples.ts'

type Needs = Pick<Deps, 'db' | 'clock' | 'cache'>

/** In the language asked for where there are some, else in English: a question that cannot be read is no invitation. */
export async function readSamples(
  { db, clock }: Needs,
  { language = 'en' }: { language?: string | undefined },
): Promise<Result<{ samples: SampleQuestion[] }, never>> {
  const now = clock.now()
  const own = await listSamples(db, language, now)
  const found = own.length > 0 || language === 'en' ? own : await listSamples(db, 'en', now)
  return ok({ samples: found.flatMap(sampleView) })
}

/** A school stands behind one address; what this bounds is a machine that guesses. */
const checks = { limit: 600, window: minutes(1) }

type Failure = ApiFailure<'PROBLEM_NOT_FOUND' | 'ANSWER_KIND_MISMATCH' | 'ANSWER_UNREADABLE' | 'TOO_MANY_REQUESTS'>
export async function answerSample(
  { db, clock, cache }: Needs,
  { id, answer, ip }: { readonly id: string; readonly answer: Answer; readonly ip: string },
): Promise<Result<{ right: boolean; explanationHtml?: string }, Failure>> {
  const wait = await cache.hit(`contest:samples:${networkOf(ip)}`, checks.limit, checks.window)
  if (wait > 0) return fail({ code: 'TOO_MANY_REQUESTS', details: { retryAfterSeconds: Math.ceil(wait / 1_000) } })
  const problem = await findSample(db, id, clock.now())
  return problem ? checkSample(problem, answer) : fail({ code: 'PROBLEM_NOT_FOUND' })
}
