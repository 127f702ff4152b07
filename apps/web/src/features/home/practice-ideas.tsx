import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import type { Subject } from '#contracts/common'
import { practiceQuery, progressQuery } from '../../lib/queries.ts'
import { SubjectMark } from '../../ui/subject.tsx'
import { ideasFor } from './ideas-for.ts'

/** A few problems one has not solved. Not worth a word when they cannot be fetched: the page is about contests. */
export function PracticeIdeas({ subject }: { readonly subject: Subject | undefined }) {
  const { t, i18n } = useTranslation()
  const problems = useQuery(practiceQuery(subject ? { subject } : {}))
  const progress = useQuery(progressQuery)
  if (!problems.data || problems.data.length === 0 || !progress.data) return null
  const ideas = ideasFor(problems.data, { solved: progress.data.solved, language: i18n.language })
  return (
    <section className="contest-group" aria-labelledby="group-ideas">
      <h2 id="group-ideas">{t('discover.ideas')}</h2>
      <p className="muted">{ideas.length > 0 ? t('discover.ideasLead') : t('discover.ideasDone')}</p>
      {ideas.length > 0 && (
        <ul className="plain-list idea-grid">
          {ideas.map((problem) => (
            <li key={problem.id} className="idea">
              <SubjectMark subject={problem.subject} />
              <div className="grow">
                <Link href={`/practice/${problem.id}`}>{problem.title}</Link>
                <div className="small muted">{t(`kind.${problem.kind}`)}</div>
              </div>
            </li>
          ))}
        </ul>
      )}
      <p>
        <Link href="/practice">{t('discover.ideasAll')}</Link>
      </p>
    </section>
  )
}
