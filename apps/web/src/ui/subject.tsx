import type { Subject } from '#contracts/common'
import { Icon } from './icons.tsx'

export const subjects: readonly Subject[] = ['physics', 'mathematics', 'computer-science', 'mixed']

export function SubjectMark({ subject }: { readonly subject: Subject }) {
  return (
    <span className={`subject-mark subject-${subject}`}>
      <Icon name={subject} size={24} />
    </span>
  )
}
