import { SubmissionBadge } from '../../ui/verdict-badge.tsx'
import type { Judged } from './rejudging-form.ts'

/** A verdict, or that there is none because judging failed. */
export function OutcomeBadge({ outcome }: { readonly outcome: Judged }) {
  return <SubmissionBadge submission={outcome === 'fault' ? { status: 'fault' } : { status: 'judged', verdict: outcome }} />
}
