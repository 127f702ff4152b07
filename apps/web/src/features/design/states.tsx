import { useTranslation } from 'react-i18next'
import { Empty, Failure, Loading, Note, type NoteTone } from '../../ui/states.tsx'

const tones: readonly NoteTone[] = ['info', 'good', 'gold', 'bad']
/** What a page says when there is nothing yet, nothing at all, or something went wrong. */
export function States() {
  const { t } = useTranslation()
  const sample = t('design.sample')
  return (
    <section className="card" aria-labelledby="design-states">
      <h2 id="design-states">{t('design.states')}</h2>
      {tones.map((tone) => (
        <Note key={tone} tone={tone}>
          <p>{sample}</p>
        </Note>
      ))}
      <div className="admin-grid">
        <div className="card">
          <Loading />
        </div>
        <div className="card">
          <Empty>{t('design.empty')}</Empty>
        </div>
        <div className="card">
          <Failure error={new TypeError('no line')} onRetry={() => undefined} />
        </div>
      </div>
    </section>
  )
}
