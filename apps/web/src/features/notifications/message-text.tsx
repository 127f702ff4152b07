import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import type { Notification } from '#contracts/notifications'
import { pushText } from '../../lib/error-text.ts'

/** The text of a message, leading to what it tells of. */
export function MessageText({ message }: { readonly message: Notification }) {
  const { t } = useTranslation()
  const text = pushText(t, message)
  const href = targetOf(message)
  return href === undefined ? text : <Link href={href}>{text}</Link>
}

function targetOf({ code, params }: Notification): string | undefined {
  const { contestId, problemId, subscriptionId } = params
  if (code === 'PROBLEM_FAULT' && typeof problemId === 'string') return `/teach/problems/${problemId}`
  if (typeof contestId === 'string') return code === 'SUBMISSION_JUDGED' ? `/contests/${contestId}/submissions` : `/contests/${contestId}`
  if (typeof problemId === 'string') return `/practice/${problemId}`
  return typeof subscriptionId === 'string' ? '/me/subscription' : undefined
}
