/** The filters of a history live in the address, so that a page can be kept, sent and gone back to. Pure: the address in, the question to the server out. */
import type { ProblemKind, Verdict } from '#contracts/common'

export type HistoryFilter = {
  /** An id, or `practice`: outside any contest. */
  readonly contest?: string
  readonly problem?: string
  readonly verdict?: Verdict
  readonly language?: string
  readonly kind?: ProblemKind
  /** `YYYY-MM-DD`, days of this device, both included. */
  readonly from?: string
  readonly until?: string
}
export const verdicts: readonly Verdict[] = ['AC', 'PARTIAL', 'WA', 'TLE', 'MLE', 'OLE', 'RE', 'CE']
export const kinds: readonly ProblemKind[] = ['choice', 'numeric', 'program']
const names = ['contest', 'problem', 'verdict', 'language', 'kind', 'from', 'until'] as const satisfies readonly (keyof HistoryFilter)[]

const isId = (text: string) => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text)
const isDay = (text: string) => /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text))
const isFit: Readonly<Record<(typeof names)[number], (text: string) => boolean>> = {
  contest: (text) => text === 'practice' || isId(text),
  problem: isId,
  verdict: (text) => verdicts.some((each) => each === text),
  language: (text) => /^[a-z0-9]{1,20}$/.test(text),
  kind: (text) => kinds.some((each) => each === text),
  from: isDay,
  until: isDay,
}

/** What an address says; what it says wrongly is left out, as somebody may have typed it. */
export function filterOf(search: URLSearchParams): HistoryFilter {
  const said = names.flatMap((name) => {
    const text = search.get(name) ?? ''
    return text !== '' && isFit[name](text) ? [[name, text]] : []
  })
  return Object.fromEntries(said) as HistoryFilter
}

export const searchOf = (filter: HistoryFilter): Record<string, string> =>
  Object.fromEntries(names.flatMap((name) => (filter[name] === undefined || filter[name] === '' ? [] : [[name, filter[name]]])))

export const isNarrowed = (filter: HistoryFilter) => Object.keys(searchOf(filter)).length > 0

/** @param startOf the moment a day begins on this device */
export function queryOf({ contest, problem, from, until, ...rest }: HistoryFilter, startOf: (day: string) => string = startOfDay) {
  return {
    ...rest,
    ...(contest === 'practice' ? { practice: true } : contest !== undefined && { contestId: contest }),
    ...(problem !== undefined && { problemId: problem }),
    ...(from !== undefined && { from: startOf(from) }),
    ...(until !== undefined && { until: startOf(dayAfter(until)) }),
  }
}

const dayAfter = (day: string) => new Date(Date.parse(`${day}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10)
const startOfDay = (day: string) => new Date(`${day}T00:00:00`).toISOString()
