/** A contest in plain words, before it is made: which sentences, and what fills them. The page has the words. */
import { fromLocalInput } from '../../lib/format.ts'
import type { ContestForm } from './contest-form.ts'

export type Sentence =
  | { readonly say: 'window'; readonly start: string; readonly end: string; readonly minutes: number }
  | { readonly say: 'personal'; readonly start: string; readonly end: string; readonly count: number }
  | { readonly say: 'untimed' | 'timeless' | 'noProblems' | 'resultsNow' | 'resultsLater' | 'premium' | 'free' }
  | { readonly say: 'problems'; readonly count: number; readonly points: number }
  | { readonly say: 'problemsIcpc'; readonly count: number }
  | { readonly say: 'freeze'; readonly count: number }
  | { readonly say: 'penalty'; readonly count: number }

/** What a problem is worth where nothing is said. */
const usualPoints = 100
const whole = (text: string) => (/^\d+$/.test(text.trim()) ? Number(text) : undefined)

export function summaryOf(form: ContestForm): readonly Sentence[] {
  return [clockOf(form), problemsOf(form), ...rulesOf(form), { say: form.premium ? 'premium' : 'free' }]
}

function clockOf(form: ContestForm): Sentence {
  if (form.timing === 'untimed') return { say: 'untimed' }
  const [start, end] = [fromLocalInput(form.startsAt), fromLocalInput(form.endsAt)]
  if (!start || !end) return { say: 'timeless' }
  if (form.timing === 'personal') return { say: 'personal', start, end, count: whole(form.durationMinutes) ?? 0 }
  return { say: 'window', start, end, minutes: Math.round((Date.parse(end) - Date.parse(start)) / 60_000) }
}

function problemsOf({ problems, format }: ContestForm): Sentence {
  const count = problems.length
  if (count === 0) return { say: 'noProblems' }
  if (format === 'icpc') return { say: 'problemsIcpc', count }
  return { say: 'problems', count, points: problems.reduce((sum, { points }) => sum + (whole(points) ?? usualPoints), 0) }
}

function rulesOf(form: ContestForm): readonly Sentence[] {
  const [freeze, penalty] = [whole(form.freezeMinutes) ?? 0, whole(form.penaltyMinutes) ?? 0]
  return [
    { say: form.feedback === 'now' ? 'resultsNow' : 'resultsLater' },
    ...(form.format === 'icpc' && penalty > 0 ? [{ say: 'penalty' as const, count: penalty }] : []),
    // with results after the end the board stands still from the start, so a freeze adds nothing
    ...(form.timing !== 'untimed' && form.feedback === 'now' && freeze > 0 ? [{ say: 'freeze' as const, count: freeze }] : []),
  ]
}
