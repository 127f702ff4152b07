import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { formatNumber } from '../../lib/format.ts'
import { Icon } from '../../ui/icons.tsx'
import { contrast, isText, type Pair, pairs } from './contrast.ts'

/** Each colour on what it stands on, as it is now, with the contrast measured and the one that is needed. */
export function Colours() {
  const { t } = useTranslation()
  const colours = useMemo(() => {
    const style = getComputedStyle(document.documentElement)
    return (name: string) => style.getPropertyValue(`--${name}`).trim()
  }, [])
  return (
    <section className="card" aria-labelledby="design-colours">
      <h2 id="design-colours">{t('design.colours')}</h2>
      <p className="muted">{t('design.coloursLead')}</p>
      <ul className="plain-list design-colours">
        {pairs.map((pair) => (
          <Swatch key={`${pair.front} ${pair.back}`} pair={pair} colourOf={colours} />
        ))}
      </ul>
    </section>
  )
}

function Swatch({ pair: { front, back, atLeast }, colourOf }: { readonly pair: Pair; readonly colourOf: (name: string) => string }) {
  const { t, i18n } = useTranslation()
  const ratio = contrast(colourOf(front), colourOf(back))
  const isEnough = ratio >= atLeast
  const told = (value: number) => formatNumber(value, i18n.language, { maximumFractionDigits: 1 })
  return (
    <li className="design-swatch">
      <span className="design-chip" style={{ background: `var(--${back})`, color: `var(--${front})` }} aria-hidden="true">
        {isText(atLeast) ? 'Aa' : <Icon name="star" size={26} />}
      </span>
      <span className="small">
        <code>{front}</code> {t('design.on')} <code>{back}</code>
        <span className="block number">
          <Icon name={isEnough ? 'check' : 'cross'} size={14} /> {t(isEnough ? 'design.enough' : 'design.weak', { ratio: told(ratio), least: told(atLeast) })}
        </span>
      </span>
    </li>
  )
}
