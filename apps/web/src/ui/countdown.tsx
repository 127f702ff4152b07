import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { announceAt, countdownParts, secondsLeft } from '../lib/countdown.ts'
import { useNow } from '../lib/use-now.ts'

/** Time left by the server's clock. `onOver` once, when it reaches zero (the page then asks the server, which alone decides). */
export function Countdown({ until, label, onOver }: { readonly until: string; readonly label: string; readonly onOver?: () => void }) {
  const { t } = useTranslation()
  const seconds = secondsLeft(Date.parse(until), useNow())
  const told = useRef(seconds === 0)
  useEffect(() => {
    if (seconds > 0) {
      told.current = false
      return
    }
    if (told.current) return
    told.current = true
    onOver?.()
  }, [seconds, onOver])
  const { days, clock } = countdownParts(seconds)
  const text = days > 0 ? t('countdown.days', { count: days, clock }) : clock
  return (
    <span className="countdown">
      <span className="muted">{label}</span>{' '}
      <strong className={`number ${seconds <= 300 ? 'countdown-soon' : ''}`} role="timer">
        {text}
      </strong>
      <span className="sr-only" aria-live="polite">
        {announceAt.includes(seconds) ? `${label} ${text}` : ''}
      </span>
    </span>
  )
}
