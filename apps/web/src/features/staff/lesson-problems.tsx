import { useTranslation } from 'react-i18next'
import type { Contest } from '#contracts/contest'
import type { Monitor } from '#contracts/submission'
import { Html } from '../../ui/html.tsx'
import { Icon } from '../../ui/icons.tsx'
import { VerdictBadge } from '../../ui/verdict-badge.tsx'

type Watched = Monitor['problems'][number]
type Options = NonNullable<NonNullable<Contest['problems']>[number]['problem']['options']>

/** Each problem: how many tried and solved it, and what they answer. Where most go wrong is what the lesson is about. */
export function LessonProblems({ contest, monitor }: { readonly contest: Contest; readonly monitor: Monitor }) {
  const { t } = useTranslation()
  return (
    <section aria-labelledby="by-problem">
      <h2 id="by-problem">{t('monitor.byProblem')}</h2>
      <div className="lesson-problems">
        {monitor.problems.map((problem) => (
          <article key={problem.problemId} className="card">
            <h3>
              {problem.label}. {problem.title}
            </h3>
            <p className="small muted number">
              {t('monitor.triedSolved', { tried: problem.tried, solved: problem.solved, total: monitor.total })}
              {problem.pending > 0 && ` · ${t('monitor.pendingCount', { count: problem.pending })}`}
            </p>
            <meter
              className="lesson-meter"
              min={0}
              max={Math.max(1, monitor.total)}
              value={problem.solved}
              aria-label={t('monitor.solvedShare', { label: problem.label })}
            />
            <Answers problem={problem} options={contest.problems?.find(({ problemId }) => problemId === problem.problemId)?.problem.options ?? []} />
          </article>
        ))}
      </div>
    </section>
  )
}

function Answers({ problem, options }: { readonly problem: Watched; readonly options: Options }) {
  const { t } = useTranslation()
  if (problem.kind === 'program') {
    return (
      <ul className="plain-list lesson-answers">
        {problem.verdicts.map(({ verdict, count }) => (
          <li key={verdict} className="row row-between">
            <VerdictBadge verdict={verdict} />
            <span className="number">{count}</span>
          </li>
        ))}
      </ul>
    )
  }
  const most = Math.max(1, ...problem.answers.map(({ count }) => count))
  return (
    <ul className="plain-list lesson-answers" aria-label={t('monitor.answers')}>
      {problem.answers.map(({ answer, right, count }) => (
        <li key={JSON.stringify([answer, right])} className={right ? 'is-right' : ''}>
          <div className="row row-between">
            <span className="grow">
              <Icon name={right ? 'check' : 'cross'} size={14} />
              <span className="sr-only">{right ? t('verdict.AC') : t('verdict.WA')}: </span>
              {'choices' in answer ? (
                <Chosen choices={answer.choices} options={options} />
              ) : (
                <span>{[answer.value, answer.unit].filter(Boolean).join(' ')}</span>
              )}
            </span>
            <span className="number">{count}</span>
          </div>
          <meter className={`lesson-meter ${right ? '' : 'is-wrong'}`} min={0} max={most} value={count} aria-hidden="true" />
        </li>
      ))}
    </ul>
  )
}

function Chosen({ choices, options }: { readonly choices: readonly string[]; readonly options: Options }) {
  if (choices.length === 0) return <span>–</span>
  return (
    <>
      {choices.map((id, at) => {
        const option = options.find((each) => each.id === id)
        return (
          <span key={id}>
            {at > 0 && ' + '}
            {option ? <Html html={option.html} as="span" className="inline-html" /> : id}
          </span>
        )
      })}
    </>
  )
}
