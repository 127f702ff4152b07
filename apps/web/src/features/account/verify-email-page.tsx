import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { ApiError } from '../../lib/api-client.ts'
import { api, session } from '../../lib/arena.ts'
import { useAction } from '../../lib/use-action.ts'
import { useUser } from '../../lib/use-session.ts'
import { Button } from '../../ui/button.tsx'
import { usePageTitle } from '../../ui/page-title.ts'
import { FormError, Loading, Note } from '../../ui/states.tsx'
import { useFragmentToken } from './fragment-token.ts'
import { SendVerification } from './send-verification.tsx'

/** The link of the mail was opened: its token proves the address, once. */
export function VerifyEmailPage() {
  const { t } = useTranslation()
  usePageTitle(t('verify.title'))
  const token = useFragmentToken()
  const user = useUser()
  const verify = useAction({
    mutationFn: (proof: string) => api.call('POST /api/email/verify', { body: { token: proof } }),
    onSuccess: ({ email }) => {
      const now = session.get()
      if (now.status === 'signed-in' && now.user.email === email) session.set({ status: 'signed-in', user: { ...now.user, emailVerified: true } })
    },
  })
  const { mutate } = verify
  useEffect(() => {
    if (token) mutate(token)
  }, [token, mutate])
  const isKnown = !verify.isSuccess && user?.emailVerified === true
  const isOver = verify.error instanceof ApiError && verify.error.code === 'TOKEN_INVALID'
  return (
    <section className="card card-narrow">
      <h1>{t('verify.title')}</h1>
      {verify.isPending && <Loading lines={2} />}
      {(verify.isSuccess || isKnown) && (
        <Note tone="good" live>
          <p>{t('verify.done', { email: verify.data?.email ?? user?.email ?? '' })}</p>
        </Note>
      )}
      {!isKnown && <FormError error={verify.error} />}
      {!isKnown && verify.isError && !isOver && token && <Button onPress={() => mutate(token)}>{t('action.tryAgain')}</Button>}
      {!token && !isKnown && (
        <Note tone="gold">
          <p>{t('verify.noToken')}</p>
        </Note>
      )}
      {(isOver || !token) && !isKnown && user?.email && <SendVerification />}
      <p style={{ marginTop: '1rem' }}>
        <Link href="/">{t('notFound.home')}</Link>
      </p>
    </section>
  )
}
