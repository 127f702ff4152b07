import type { ProblemKind } from '#contracts/common'
import type { NewContest } from '#contracts/contest'
import type { ApiFailure } from '#contracts/errors'
import { fail, ok, type Result } from '#kernel/result'
import type { Place } from './contest.ts'

type PlaceInput = NewContest['problems'][number]
type PlacesFailure = ApiFailure<'PROBLEM_NOT_FOUND' | 'PROBLEM_TWICE'>

export const defaultPoints = 100
/** Quizzes would otherwise be solved by trying all answers; null: no bound. */
export const defaultAttempts: Readonly<Record<ProblemKind, number | null>> = { choice: 1, numeric: 3, program: null }

/** A, B, … Z, AA, AB, … */
export function letterLabel(index: number): string {
  const last = String.fromCharCode(65 + (index % 26))
  return index < 26 ? last : letterLabel(Math.floor(index / 26) - 1) + last
}

/**
 * The contest's problems in the order given. Labels left out are letters by position, passing over those given by hand.
 * @param usable kinds of the problems that the caller may use, by id; what is not in it does not exist.
 */
export function planPlaces(inputs: readonly PlaceInput[], usable: ReadonlyMap<string, ProblemKind>): Result<Place[], PlacesFailure> {
  const given = inputs.flatMap(({ label }) => (label === undefined ? [] : [label.toUpperCase()]))
  if (new Set(given).size < given.length || new Set(inputs.map(({ problemId }) => problemId)).size < inputs.length) return fail({ code: 'PROBLEM_TWICE' })
  const taken = new Set(given)
  let next = 0
  const places: Place[] = []
  for (const { problemId, label, points, maxAttempts } of inputs) {
    const kind = usable.get(problemId)
    if (!kind) return fail({ code: 'PROBLEM_NOT_FOUND', details: { problemId } })
    if (label === undefined) while (taken.has(letterLabel(next))) next++
    places.push({ problemId, label: label ?? letterLabel(next++), points: points ?? defaultPoints, maxAttempts: maxAttempts ?? defaultAttempts[kind] })
  }
  return ok(places)
}
