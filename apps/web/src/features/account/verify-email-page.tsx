import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { ApiError } from '../../lib/api-client.ts'
import { api, session } from '../../lib/arena.ts'
import { useAction } from '../../lib/use-action.ts'
import { useUser } from '../../lib/use-session.ts'
import { Button } from '../../ui/button.tsx'
import { usePageTitle } from '../../ui/page-title.ts'
import { FormError, Note } from '../../ui/states.tsx'
import { useFragmentToken } from './fragment-token.ts'
import { SendVerification } from './send-verification.tsx'

/**
 * The link of the mail was opened: its token proves the address, once. A press is asked for: programs that look into mails open links too, and run what is on
 * the page; they would prove an address that its owner never asked about, or use up the link before its owner comes.
 */
export function VerifyEmailPage() {
  const { t } = useTranslation()
  usePageTitle(t('verify.title'))
  const token = useFragmentToken()
  return <VerifyEmail key={token} token={token} />
}

function VerifyEmail({ token }: { readonly token: string | undefined }) {
  const { t } = useTranslation()
  const user = useUser()
  const verify = useAction({
    mutationFn: (proof: string) => api.call('POST /api/email/verify', { body: { token: proof } }),
    onSuccess: ({ email }) => {
      const now = session.get()
      if (now.status === 'signed-in' && now.user.email === email) session.set({ status: 'signed-in', user: { ...now.user, emailVerified: true } })
    },
  })
  const isOver = verify.error instanceof ApiError && verify.error.code === 'TOKEN_INVALID'
  const isUsable = token !== undefined && !verify.isSuccess && !isOver
  const isKnown = !isUsable && !verify.isSuccess && user?.emailVerified === true
  return (
    <section className="card card-narrow">
      <h1>{t('verify.title')}</h1>
      {(verify.isSuccess || isKnown) && (
        <Note tone="good" live>
          <p>{t('verify.done', { email: verify.data?.email ?? user?.email ?? '' })}</p>
        </Note>
      )}
      {!isKnown && <FormError error={verify.error} />}
      {isUsable && (
        <Button tone="primary" busy={verify.isPending} onPress={() => verify.mutate(token)}>
          {t(verify.isError ? 'action.tryAgain' : 'verify.bannerLabel')}
        </Button>
      )}
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
