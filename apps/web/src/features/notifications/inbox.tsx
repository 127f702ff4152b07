import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import type { Notification } from '#contracts/notifications'
import { api, clock } from '../../lib/arena.ts'
import { formatMoment } from '../../lib/format.ts'
import { keys } from '../../lib/query-keys.ts'
import { useLiveState } from '../../lib/use-live.ts'
import { Icon } from '../../ui/icons.tsx'
import { Menu } from '../../ui/menu.tsx'
import { Empty, Shown } from '../../ui/states.tsx'
import { MessageText } from './message-text.tsx'

function useInbox() {
  const live = useLiveState()
  return useQuery({
    queryKey: keys.inbox(),
    queryFn: ({ signal }) => api.call('GET /api/notifications', { query: { limit: 30 } }, { signal }),
    staleTime: 30_000,
    refetchInterval: live === 'ready' ? false : 60_000,
  })
}

export function Inbox() {
  const { t } = useTranslation()
  const client = useQueryClient()
  const read = useInbox()
  const unread = read.data?.unread ?? 0
  const markRead = async () => {
    const newest = read.data?.notifications[0]
    if (!newest || unread === 0) return
    try {
      await api.call('POST /api/notifications/read', { body: { seq: newest.seq } })
    } finally {
      void client.invalidateQueries({ queryKey: keys.inbox() })
    }
  }
  return (
    <Menu
      label={unread > 0 ? t('inbox.buttonUnread', { count: unread }) : t('inbox.button')}
      className="menu-inbox"
      face={
        <>
          <Icon name="bell" size={22} />
          {unread > 0 && (
            // drawn by the style sheet: the button's name says it in words, and a number beside those is no part of them
            <span className="bell-count" aria-hidden="true" data-count={unread > 99 ? '99+' : unread} />
          )}
        </>
      }
      onOpen={() => void markRead().catch(() => undefined)}
    >
      {() => (
        <section className="menu-panel inbox" aria-label={t('inbox.title')}>
          <Shown read={read}>
            {(data) => (data.notifications.length === 0 ? <Empty icon="bell">{t('inbox.empty')}</Empty> : <Messages messages={data.notifications} />)}
          </Shown>
          <Link href="/me/notifications" className="inbox-all">
            {t('inbox.all')}
          </Link>
        </section>
      )}
    </Menu>
  )
}

function Messages({ messages }: { readonly messages: readonly Notification[] }) {
  const { i18n } = useTranslation()
  return (
    <ul className="plain-list">
      {messages.map((message) => (
        <li key={message.seq} className={message.read ? '' : 'unread'}>
          <div>
            <MessageText message={message} />
          </div>
          <time className="small muted" dateTime={message.at}>
            {formatMoment(message.at, i18n.language, clock.now())}
          </time>
        </li>
      ))}
    </ul>
  )
}
