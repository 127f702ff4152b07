import { keepPreviousData, useInfiniteQuery, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Link, useSearchParams } from 'wouter'
import type { Notification, NotificationTopic } from '#contracts/notifications'
import { api, clock } from '../../lib/arena.ts'
import { formatMoment } from '../../lib/format.ts'
import { keys } from '../../lib/query-keys.ts'
import { useAction } from '../../lib/use-action.ts'
import { Button } from '../../ui/button.tsx'
import { SelectField } from '../../ui/field.tsx'
import { usePageTitle } from '../../ui/page-title.ts'
import { Empty, FormError, Shown } from '../../ui/states.tsx'
import { MessageText } from './message-text.tsx'
import './messages.css'

const pageSize = 30
const topics: readonly NotificationTopic[] = ['submissions', 'contests', 'account', 'billing']
type Show = 'all' | 'unread' | NotificationTopic

const queryOf = (show: Show) => (show === 'all' ? {} : show === 'unread' ? { unread: true } : { topic: show })

/** All messages, page by page; which ones stands in the address. Unlike the bell, looking at them marks nothing: that is a press of its own. */
export function MessagesPage() {
  const { t } = useTranslation()
  usePageTitle(t('messages.title'))
  const [search, setSearch] = useSearchParams()
  const said = search.get('show')
  const show: Show = said === 'unread' ? said : (topics.find((topic) => topic === said) ?? 'all')
  const read = useInfiniteQuery({
    queryKey: keys.messages({ show }),
    initialPageParam: undefined as number | undefined,
    queryFn: ({ pageParam, signal }) =>
      api.call('GET /api/notifications', { query: { limit: pageSize, ...queryOf(show), ...(pageParam !== undefined && { before: pageParam }) } }, { signal }),
    getNextPageParam: (page) => page.next,
    placeholderData: keepPreviousData,
  })
  const options = [
    { value: 'all' as Show, label: t('messages.any') },
    { value: 'unread' as Show, label: t('messages.unread') },
    ...topics.map((topic) => ({ value: topic as Show, label: t(`messages.topic.${topic}`) })),
  ]
  // under a topic the newest shown is not the newest there is
  const newest = show === 'all' || show === 'unread' ? read.data?.pages[0]?.notifications[0]?.seq : undefined
  return (
    <div className="narrow">
      <h1>{t('messages.title')}</h1>
      <div className="row row-between messages-head">
        <SelectField
          label={t('messages.filter')}
          value={show}
          options={options}
          onPick={(next) => setSearch(next === 'all' ? {} : { show: next }, { replace: true })}
        />
        <MarkAll unread={read.data?.pages[0]?.unread ?? 0} newest={newest} />
      </div>
      <Shown read={read} lines={8}>
        {(data) => <Messages messages={data.pages.flatMap((page) => page.notifications)} isAll={show === 'all'} />}
      </Shown>
      {read.hasNextPage && (
        <Button busy={read.isFetchingNextPage} onPress={() => void read.fetchNextPage()}>
          {t('action.more')}
        </Button>
      )}
      <p>
        <Link href="/profile">{t('messages.preferences')}</Link>
      </p>
    </div>
  )
}

/** Up to the newest that this page shows: what comes in the meantime stays new. */
function MarkAll({ unread, newest }: { readonly unread: number; readonly newest: number | undefined }) {
  const { t } = useTranslation()
  const client = useQueryClient()
  const mark = useAction({
    mutationFn: (seq: number) => api.call('POST /api/notifications/read', { body: { seq } }),
    onSettled: () => client.invalidateQueries({ queryKey: keys.inbox() }),
  })
  if (unread === 0 || newest === undefined) return null
  return (
    <div>
      <FormError error={mark.error} />
      <Button icon="check" busy={mark.isPending} onPress={() => mark.mutate(newest)}>
        {t('messages.markAll')}
      </Button>
    </div>
  )
}

function Messages({ messages, isAll }: { readonly messages: readonly Notification[]; readonly isAll: boolean }) {
  const { t, i18n } = useTranslation()
  if (messages.length === 0) return <Empty icon="bell">{isAll ? t('messages.empty') : t('messages.none')}</Empty>
  return (
    <ul className="plain-list card message-list">
      {messages.map((message) => (
        <li key={message.seq} className={message.read ? 'message' : 'message is-unread'}>
          <div className="grow">
            <MessageText message={message} />
            <time className="small muted block" dateTime={message.at}>
              {formatMoment(message.at, i18n.language, clock.now())}
            </time>
          </div>
          {!message.read && <span className="badge tone-gold">{t('messages.isUnread')}</span>}
        </li>
      ))}
    </ul>
  )
}
