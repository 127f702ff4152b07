import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Subscription } from '#contracts/billing'
import type { Answer } from '../../lib/api-client.ts'
import { api } from '../../lib/arena.ts'
import { formatDay } from '../../lib/format.ts'
import { keys } from '../../lib/query-keys.ts'
import { useAction } from '../../lib/use-action.ts'
import { Button } from '../../ui/button.tsx'
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx'
import { CopyButton } from '../../ui/copy-button.tsx'
import { Empty, FormError, Shown } from '../../ui/states.tsx'

type Props = { readonly subscription: Subscription }
type Member = Answer<'GET /api/subscriptions/:id/members'>['members'][number]

/** The code by which pupils join, for the holder only. */
export function SchoolCode({ subscription: { id, joinCode, seats, memberCount } }: Props) {
  const { t } = useTranslation()
  const client = useQueryClient()
  const [asks, setAsks] = useState(false)
  const renew = useAction({
    mutationFn: () => api.call('POST /api/subscriptions/:id/code', { params: { id } }),
    onSuccess: () => {
      setAsks(false)
      void client.invalidateQueries({ queryKey: keys.subscriptions() })
    },
  })
  return (
    <section aria-labelledby={`code-${id}`}>
      <h3 id={`code-${id}`}>{t('billing.code')}</h3>
      <p>{t('billing.codeLead')}</p>
      {joinCode && (
        <p className="row">
          <code className="code-shown">{joinCode}</code>
          <CopyButton text={joinCode} label={t('billing.copyCode')} />
        </p>
      )}
      {seats !== null && <p className="small muted">{t('billing.seatsTaken', { count: memberCount, seats })}</p>}
      <Button small onPress={() => setAsks(true)}>
        {t('billing.newCode')}
      </Button>
      {asks && (
        <ConfirmDialog
          title={t('billing.newCodeTitle')}
          confirm={t('billing.newCode')}
          busy={renew.isPending}
          onConfirm={() => renew.mutate()}
          onCancel={() => setAsks(false)}
        >
          <p>{t('billing.newCodeWhy')}</p>
          <FormError error={renew.error} />
        </ConfirmDialog>
      )}
    </section>
  )
}

/** Fetched once it is opened: a school may have thousands. */
export function SchoolMembers({ subscription: { id, memberCount } }: Props) {
  const { t } = useTranslation()
  const [isShown, setShown] = useState(false)
  return (
    <details onToggle={(event) => setShown(event.currentTarget.open)} style={{ marginTop: '0.8rem' }}>
      <summary>{t('billing.members', { count: memberCount })}</summary>
      {isShown && <Members subscriptionId={id} />}
    </details>
  )
}

function Members({ subscriptionId }: { readonly subscriptionId: string }) {
  const { t } = useTranslation()
  const [asked, setAsked] = useState<Member>()
  const read = useInfiniteQuery({
    queryKey: keys.members(subscriptionId),
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      api.call(
        'GET /api/subscriptions/:id/members',
        { params: { id: subscriptionId }, query: { limit: 50, ...(pageParam && { after: pageParam }) } },
        { signal },
      ),
    getNextPageParam: (page) => page.next,
  })
  return (
    <>
      <Shown read={read}>
        {(data) => {
          const members = data.pages.flatMap((page) => page.members)
          return members.length === 0 ? <Empty icon="people">{t('billing.noMembers')}</Empty> : <MemberList members={members} onRemove={setAsked} />
        }}
      </Shown>
      {read.hasNextPage && (
        <Button small busy={read.isFetchingNextPage} onPress={() => void read.fetchNextPage()}>
          {t('action.more')}
        </Button>
      )}
      {asked && <RemoveMember subscriptionId={subscriptionId} member={asked} onDone={() => setAsked(undefined)} />}
    </>
  )
}

function MemberList({ members, onRemove }: { readonly members: readonly Member[]; readonly onRemove: (member: Member) => void }) {
  const { t, i18n } = useTranslation()
  return (
    <ul className="plain-list">
      {members.map((member) => (
        <li key={member.userId} className="row row-between member-row">
          <span className="grow">
            {member.name} <span className="small muted">{t('billing.since', { when: formatDay(member.joinedAt, i18n.language) })}</span>
          </span>
          <Button small tone="quiet" label={t('billing.removeName', { name: member.name })} onPress={() => onRemove(member)}>
            {t('action.remove')}
          </Button>
        </li>
      ))}
    </ul>
  )
}

type RemoveProps = { readonly subscriptionId: string; readonly member: Member; readonly onDone: () => void }

function RemoveMember({ subscriptionId, member, onDone }: RemoveProps) {
  const { t } = useTranslation()
  const client = useQueryClient()
  const remove = useAction({
    mutationFn: () => api.call('DELETE /api/subscriptions/:id/members/:userId', { params: { id: subscriptionId, userId: member.userId } }),
    onSuccess: () => {
      onDone()
      void client.invalidateQueries({ queryKey: keys.billing() })
    },
  })
  return (
    <ConfirmDialog
      title={t('billing.removeTitle', { name: member.name })}
      confirm={t('action.remove')}
      danger
      busy={remove.isPending}
      onConfirm={() => remove.mutate()}
      onCancel={onDone}
    >
      <p>{t('billing.removeWhy')}</p>
      <FormError error={remove.error} />
    </ConfirmDialog>
  )
}
