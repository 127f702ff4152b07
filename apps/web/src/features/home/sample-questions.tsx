import { useQuery } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import type { SampleQuestion } from '#contracts/contest'
import { api } from '../../lib/arena.ts'
import { keys } from '../../lib/query-keys.ts'
import { Button } from '../../ui/button.tsx'
import { Icon } from '../../ui/icons.tsx'
import { Shown } from '../../ui/states.tsx'
import { SubjectMark } from '../../ui/subject.tsx'
import { SampleForm } from './sample-form.tsx'

/** Questions to answer without an account, one after the other. Where an arena has none, there is nothing to see. */
export function SampleQuestions() {
  const { t, i18n } = useTranslation()
  const language = i18n.language as 'en' | 'rw' | 'fr'
  const read = useQuery({
    queryKey: keys.samples(language),
    queryFn: async ({ signal }) => (await api.call('GET /api/samples', { query: { language } }, { signal })).samples,
    staleTime: 10 * 60_000,
  })
  if (read.data?.length === 0) return null
  return (
    <section className="card samples" aria-labelledby="samples-title">
      <h2 id="samples-title">{t('samples.title')}</h2>
      <p className="muted">{t('samples.lead')}</p>
      <Shown read={read} lines={5}>
        {(questions) => <Round key={language} questions={questions} />}
      </Shown>
    </section>
  )
}

function Round({ questions }: { readonly questions: readonly SampleQuestion[] }) {
  const { t } = useTranslation()
  const [at, setAt] = useState(0)
  const [solved, setSolved] = useState<ReadonlySet<string>>(new Set())
  const heading = useRef<HTMLHeadingElement>(null)
  const question = questions[at]
  const goTo = (next: number) => {
    setAt(next)
    heading.current?.focus()
  }
  const again = () => {
    setSolved(new Set())
    goTo(0)
  }
  return (
    <>
      <ol className="plain-list sample-dots" aria-hidden="true">
        {questions.map(({ id }, index) => (
          <li key={id} className={solved.has(id) ? 'is-solved' : index === at ? 'is-here' : ''} />
        ))}
      </ol>
      <h3 ref={heading} tabIndex={-1} className="row sample-title">
        {question && <SubjectMark subject={question.subject} />}
        <span className="grow">
          <span className="small muted block">
            {question ? t('samples.count', { index: at + 1, count: questions.length }) : t('samples.score', { right: solved.size, count: questions.length })}
          </span>
          {question?.title}
        </span>
      </h3>
      {question ? (
        <SampleForm key={question.id} question={question} onRight={() => setSolved(new Set([...solved, question.id]))} />
      ) : (
        <>
          <p>{t('samples.done')}</p>
          <div className="row">
            <Link href="/register" className="button button-primary">
              {t('home.start')}
            </Link>
            <Button onPress={again}>{t('samples.again')}</Button>
          </div>
        </>
      )}
      {question && (
        <p className="sample-next">
          <Button small tone={solved.has(question.id) ? 'primary' : 'quiet'} onPress={() => goTo(at + 1)}>
            {t('samples.next')}
            <Icon name="play" size={13} />
          </Button>
        </p>
      )}
    </>
  )
}
