/** What staff choose for judging once more ⇄ the contract's body. Times are typed on their own clock and sent as UTC. */
import type { Verdict } from '#contracts/common'
import type { NewRejudging, Rejudging } from '#contracts/rejudging'
import { fromLocalInput } from '../../lib/format.ts'

/** How a submission is judged now; `fault`: it could not be. */
export type Judged = Verdict | 'fault'
/** In the order in which they are offered and shown. */
export const outcomes: readonly Judged[] = ['AC', 'PARTIAL', 'WA', 'TLE', 'MLE', 'OLE', 'RE', 'CE', 'fault']

/** Where one is: a contest of one's own, or a problem of one's own and what was practised of it. */
export type Scope = { readonly contestId: string } | { readonly problemId: string }

/** Empty means all. */
export type RejudgingForm = {
  readonly problemId: string
  readonly userId: string
  readonly languages: readonly string[]
  readonly verdicts: readonly Judged[]
  readonly from: string
  readonly to: string
  readonly reason: string
  readonly version: Rejudging['version']
}
export const emptyForm: RejudgingForm = { problemId: '', userId: '', languages: [], verdicts: [], from: '', to: '', reason: '', version: 'current' }

export type FormFault = 'reasonMissing' | 'spanBad'
export function formFaults({ reason, from, to }: RejudgingForm): readonly FormFault[] {
  const [start, end] = [fromLocalInput(from), fromLocalInput(to)]
  return [
    ...(reason.trim() === '' ? (['reasonMissing'] as const) : []),
    ...(start !== undefined && end !== undefined && Date.parse(end) <= Date.parse(start) ? (['spanBad'] as const) : []),
  ]
}

export function newRejudging(scope: Scope, form: RejudgingForm): NewRejudging {
  const [from, to] = [fromLocalInput(form.from), fromLocalInput(form.to)]
  return {
    filter: {
      ...(form.problemId && { problemId: form.problemId }),
      ...(form.userId && { userId: form.userId }),
      ...(form.languages.length > 0 && { languages: [...form.languages] }),
      ...(form.verdicts.length > 0 && { verdicts: [...form.verdicts] }),
      ...(from && { from }),
      ...(to && { to }),
      // last: a filter never leaves the page it was made on
      ...scope,
    },
    reason: form.reason.trim(),
    version: form.version,
  }
}

/** Puts in what is not there and takes out what is. */
export const toggled = <T>(list: readonly T[], item: T): readonly T[] => (list.includes(item) ? list.filter((each) => each !== item) : [...list, item])
