/** Everything the page is made of, in each state, to be looked at in each look: for those who build pages, and for whoever reviews them. */
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { wordsOf } from '../../lib/look.ts'
import { CheckField, RadioField } from '../../ui/field.tsx'
import { usePageTitle } from '../../ui/page-title.ts'
import { Badges } from './badges.tsx'
import { Colours } from './colours.tsx'
import { Controls } from './controls.tsx'
import { States } from './states.tsx'
import './design.css'

type Theme = 'light' | 'dark'

export function DesignPage() {
  const { t } = useTranslation()
  usePageTitle(t('design.title'))
  const [theme, setTheme] = useState<Theme>(() => (getComputedStyle(document.documentElement).colorScheme === 'dark' ? 'dark' : 'light'))
  const [contrast, setContrast] = useState(false)
  const [readable, setReadable] = useState(false)
  const words = wordsOf({ contrast, readable, size: 'normal', still: false })
  useTried(theme, words)
  return (
    <>
      <h1>{t('design.title')}</h1>
      <p className="muted">{t('design.lead')}</p>
      <section className="card design-look" aria-label={t('design.look')}>
        <RadioField
          label={t('theme.label')}
          value={theme}
          options={[
            { value: 'light', label: t('theme.light') },
            { value: 'dark', label: t('theme.dark') },
          ]}
          onPick={setTheme}
        />
        <div>
          <CheckField label={t('design.contrast')} checked={contrast} onCheck={setContrast} />
          <CheckField label={t('design.readable')} checked={readable} onCheck={setReadable} />
          <p className="hint">{t('design.tried')}</p>
        </div>
      </section>
      <Colours key={`${theme} ${words}`} />
      <Type />
      <Controls />
      <Badges />
      <States />
    </>
  )
}

/** A look on trial: the reader's own comes back when they leave. */
function useTried(theme: Theme, words: string): void {
  const [own] = useState(() => ({ theme: document.documentElement.dataset.theme, look: document.documentElement.dataset.look }))
  // before the colours are read, which happens in the effects of what is drawn below
  const { dataset } = document.documentElement
  dataset.theme = theme
  dataset.look = words
  useEffect(
    () => () => {
      for (const name of ['theme', 'look'] as const) {
        if (own[name] === undefined) delete dataset[name]
        else dataset[name] = own[name]
      }
    },
    [own, dataset],
  )
}

function Type() {
  const { t } = useTranslation()
  const sample = t('design.sample')
  return (
    <section className="card" aria-labelledby="design-type">
      <h2 id="design-type">{t('design.type')}</h2>
      <dl className="design-type">
        <dt>h1</dt>
        <dd className="design-h1">{sample}</dd>
        <dt>h2</dt>
        <dd className="design-h2">{sample}</dd>
        <dt>h3</dt>
        <dd className="design-h3">{sample}</dd>
        <dt>p</dt>
        <dd>{sample}</dd>
        <dt>.small</dt>
        <dd className="small">{sample}</dd>
        <dt>.muted</dt>
        <dd className="muted">{sample}</dd>
        <dt>code</dt>
        <dd>
          <code>{'print(sum(map(int, input().split())))'}</code>
        </dd>
        <dt>a</dt>
        <dd>
          <a href="#design-type">{sample}</a>
        </dd>
      </dl>
    </section>
  )
}
