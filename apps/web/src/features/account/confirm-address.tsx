import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useLocation } from 'wouter'
import { useUser } from '../../lib/use-session.ts'
import { Button } from '../../ui/button.tsx'
import { SendVerification } from './send-verification.tsx'

/** Asks for the proof of an address, on top of each page until it is given or put off (until the page is loaded again). */
export function ConfirmAddress() {
  const { t } = useTranslation()
  const user = useUser()
  const [path] = useLocation()
  const [putOff, setPutOff] = useState<string>()
  if (!user?.email || user.emailVerified !== false || putOff === user.id || path === '/verify-email') return null
  return (
    <section className="strip" aria-label={t('verify.bannerLabel')}>
      {t('verify.banner', { email: user.email })} <SendVerification />{' '}
      <Button small tone="quiet" onPress={() => setPutOff(user.id)}>
        {t('verify.later')}
      </Button>
    </section>
  )
}
