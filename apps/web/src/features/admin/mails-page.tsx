import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useParams } from 'wouter'
import { type Answer, ApiError } from '../../lib/api-client.ts'
import { api } from '../../lib/arena.ts'
import { formatDateTime } from '../../lib/format.ts'
import { keys } from '../../lib/query-keys.ts'
import { withoutStyles } from '../../lib/safe-styles.ts'
import { Button } from '../../ui/button.tsx'
import { Icon } from '../../ui/icons.tsx'
import { usePageTitle } from '../../ui/page-title.ts'
import { Empty, Note, Shown } from '../../ui/states.tsx'
import { linkParts } from './link-parts.ts'

type Mails = Answer<'GET /api/mails'>['mails']
type Mail = Answer<'GET /api/mails/:name'>['mail']

/** What a development machine would have sent: kept in a folder, and read here. */
export function MailsPage() {
  const { t } = useTranslation()
  usePageTitle(t('mails.title'))
  const read = useQuery({
    queryKey: keys.mails(),
    queryFn: async ({ signal }) => (await api.call('GET /api/mails', undefined, { signal })).mails,
    refetchInterval: 5_000,
  })
  const isAway = read.error instanceof ApiError && read.error.code === 'NOT_FOUND'
  return (
    <>
      <h1>{t('mails.title')}</h1>
      <p className="muted">{t('mails.lead')}</p>
      {isAway ? (
        <Note>
          <p>{t('mails.away')}</p>
        </Note>
      ) : (
        <Shown read={read}>{(mails) => <MailList mails={mails} />}</Shown>
      )}
    </>
  )
}

function MailList({ mails }: { readonly mails: Mails }) {
  const { t, i18n } = useTranslation()
  if (mails.length === 0) return <Empty>{t('mails.none')}</Empty>
  return (
    <ul className="plain-list">
      {mails.map((mail) => (
        <li key={mail.name} className="card contest-line">
          <Link href={`/admin/mails/${mail.name}`}>{mail.subject}</Link>
          <div className="small muted">
            {mail.to} · {formatDateTime(mail.at, i18n.language)}
          </div>
        </li>
      ))}
    </ul>
  )
}

export function MailPage() {
  const { t } = useTranslation()
  const { name = '' } = useParams<{ name: string }>()
  const read = useQuery({
    queryKey: [...keys.mails(), name],
    queryFn: async ({ signal }) => (await api.call('GET /api/mails/:name', { params: { name } }, { signal })).mail,
    staleTime: Number.POSITIVE_INFINITY,
  })
  usePageTitle(read.data?.subject ?? t('mails.title'))
  return (
    <>
      <p>
        <Link href="/admin/mails" className="button button-quiet button-small">
          <Icon name="left" />
          {t('mails.title')}
        </Link>
      </p>
      <Shown read={read}>{(mail) => <OneMail mail={mail} />}</Shown>
    </>
  )
}

function OneMail({ mail }: { readonly mail: Mail }) {
  const { t, i18n } = useTranslation()
  const [asText, setAsText] = useState(false)
  return (
    <article className="card" aria-labelledby="mail-subject">
      <h1 id="mail-subject">{mail.subject}</h1>
      <p className="small muted">
        {t('mails.to', { address: mail.to })} · {formatDateTime(mail.at, i18n.language)}
      </p>
      {mail.html !== undefined && (
        <div className="row" style={{ marginBottom: '0.8rem' }}>
          <Button small tone={asText ? 'plain' : 'primary'} onPress={() => setAsText(false)}>
            {t('mails.html')}
          </Button>
          <Button small tone={asText ? 'primary' : 'plain'} onPress={() => setAsText(true)}>
            {t('mails.text')}
          </Button>
        </div>
      )}
      {mail.html !== undefined && !asText ? <MailFrame title={mail.subject} html={mail.html} /> : <MailText text={mail.text} />}
    </article>
  )
}

/**
 * Sandboxed: no script, no form, no link leads out of it. It shares our origin so that this page can put on the styles of its elements, which the content
 * policy does not take from attributes.
 */
function MailFrame({ title, html }: { readonly title: string; readonly html: string }) {
  const dress = ({ currentTarget }: { readonly currentTarget: HTMLIFrameElement }) => {
    const styled = currentTarget.contentDocument?.querySelectorAll<HTMLElement>('[data-style]') ?? []
    for (const each of styled) each.style.cssText = each.dataset.style ?? ''
  }
  return <iframe title={title} sandbox="allow-same-origin" srcDoc={withoutStyles(html)} onLoad={dress} className="mail-frame" />
}

/** As a mail program shows it: addresses of the web can be followed. */
function MailText({ text }: { readonly text: string }) {
  return (
    <pre className="code-block compile-log mail-text">
      {linkParts(text).map((part, at) =>
        part.isLink ? (
          <a key={at} href={part.text} rel="noreferrer">
            {part.text}
          </a>
        ) : (
          part.text
        ),
      )}
    </pre>
  )
}
