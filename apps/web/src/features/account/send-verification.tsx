import { useTranslation } from 'react-i18next'
import { ApiError } from '../../lib/api-client.ts'
import { api, session } from '../../lib/arena.ts'
import { errorText } from '../../lib/error-text.ts'
import { useAction } from '../../lib/use-action.ts'
import { Button } from '../../ui/button.tsx'

/** Sends the mail that proves one's address again. */
export function SendVerification() {
  const { t } = useTranslation()
  const send = useAction({
    mutationFn: () => api.call('POST /api/email/send-verification'),
    onError: (error) => {
      // Proven meanwhile, in another tab or on the phone where the mail was read.
      const now = session.get()
      if (!(error instanceof ApiError && error.code === 'EMAIL_VERIFIED') || now.status !== 'signed-in') return
      session.set({ status: 'signed-in', user: { ...now.user, emailVerified: true } })
    },
  })
  return (
    <>
      <Button small busy={send.isPending} disabled={send.isSuccess} onPress={() => send.mutate()}>
        {t('verify.send')}
      </Button>
      <span role="status" className="small">
        {send.isSuccess && ` ${t('verify.sent', { email: send.data.email })}`}
        {send.isError && ` ${errorText(t, send.error)}`}
      </span>
    </>
  )
}
