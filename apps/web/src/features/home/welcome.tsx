import { Suspense } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { Icon, type IconName } from '../../ui/icons.tsx'
import { lazyPageWithTexts } from '../../ui/lazy-page.ts'
import { Loading } from '../../ui/states.tsx'

const Samples = lazyPageWithTexts(() => import('./sample-questions.tsx'), 'SampleQuestions', 'own')

/** After what everybody sees first, since it is read second. Its place is kept, so that nothing jumps when it comes. */
export function SampleQuestions() {
  return (
    <div id="try" className="samples-place">
      <Suspense fallback={<Loading lines={6} />}>
        <Samples />
      </Suspense>
    </div>
  )
}

const subjects: readonly IconName[] = ['physics', 'mathematics', 'computer-science']

/** What this is, in one screen of a small phone. */
export function Welcome() {
  const { t } = useTranslation()
  return (
    <section className="welcome">
      <p className="welcome-place">{t('home.place')}</p>
      <h1>{t('home.title')}</h1>
      <p className="welcome-lead">{t('home.lead')}</p>
      <ul className="plain-list row welcome-points">
        {subjects.map((subject) => (
          <li key={subject} className={`subject-${subject}`}>
            <Icon name={subject} />
            {t(`subject.${subject as 'physics'}`)}
          </li>
        ))}
      </ul>
      <div className="row">
        <Link href="/register" className="button button-primary">
          {t('home.start')}
        </Link>
        <a href="#try" className="button">
          {t('home.try')}
        </a>
        <Link href="/login" className="welcome-login">
          {t('home.haveAccount')}
        </Link>
      </div>
      <ul className="plain-list welcome-facts small">
        <Fact>{t('home.fact.free')}</Fact>
        <Fact>{t('home.fact.line')}</Fact>
        <Fact>{t('home.fact.languages')}</Fact>
      </ul>
    </section>
  )
}

function Fact({ children }: { readonly children: string }) {
  return (
    <li>
      <Icon name="check" size={15} />
      {children}
    </li>
  )
}
