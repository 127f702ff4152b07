import { keepPreviousData, useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Role } from '#contracts/common'
import type { UserForAdmin } from '#contracts/user'
import { api } from '../../lib/arena.ts'
import { useUser } from '../../lib/use-session.ts'
import { Button } from '../../ui/button.tsx'
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx'
import { TextField } from '../../ui/field.tsx'
import { usePageTitle } from '../../ui/page-title.ts'
import { Empty, FormError, Shown } from '../../ui/states.tsx'
import { toast } from '../../ui/toasts.tsx'
import { PasswordLink } from './password-link.tsx'

type Change = { readonly user: UserForAdmin; readonly role?: Role; readonly disabled?: boolean }
const roles: readonly Role[] = ['student', 'teacher', 'admin']

export function UsersPage() {
  const { t } = useTranslation()
  usePageTitle(t('admin.tab.users'))
  const [text, setText] = useState('')
  const query = text.trim()
  const users = useInfiniteQuery({
    queryKey: ['users', query],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      api.call('GET /api/users', { query: { limit: 50, ...(query && { query }), ...(pageParam && { after: pageParam }) } }, { signal }),
    getNextPageParam: (page) => page.next,
    placeholderData: keepPreviousData,
  })
  const [asked, setAsked] = useState<Change>()
  const [locked, setLocked] = useState<UserForAdmin>()
  return (
    <>
      <h1>{t('admin.tab.users')}</h1>
      <TextField label={t('admin.findUser')} type="search" value={text} onText={setText} maxLength={100} />
      <Shown read={users}>
        {(data) => {
          const list = data.pages.flatMap((page) => page.users)
          return list.length === 0 ? <Empty icon="people">{t('admin.noUsers')}</Empty> : <UserTable users={list} onAsk={setAsked} onLink={setLocked} />
        }}
      </Shown>
      {users.hasNextPage && (
        <Button busy={users.isFetchingNextPage} onPress={() => void users.fetchNextPage()}>
          {t('action.more')}
        </Button>
      )}
      {asked && <ConfirmChange change={asked} onDone={() => setAsked(undefined)} />}
      {locked && <PasswordLink user={locked} onDone={() => setLocked(undefined)} />}
    </>
  )
}

type TableProps = {
  readonly users: readonly UserForAdmin[]
  readonly onAsk: (change: Change) => void
  readonly onLink: (user: UserForAdmin) => void
}

function UserTable({ users, onAsk, onLink }: TableProps) {
  const { t } = useTranslation()
  const me = useUser()
  return (
    <table className="table table-cards">
      <thead>
        <tr>
          <th scope="col">{t('admin.name')}</th>
          <th scope="col">{t('admin.login')}</th>
          <th scope="col">{t('admin.school')}</th>
          <th scope="col">{t('admin.role')}</th>
          <th scope="col">{t('admin.account')}</th>
        </tr>
      </thead>
      <tbody>
        {users.map((user) => (
          <UserRow key={user.id} user={user} isMe={user.id === me?.id} onAsk={onAsk} onLink={onLink} />
        ))}
      </tbody>
    </table>
  )
}

type RowProps = Omit<TableProps, 'users'> & { readonly user: UserForAdmin; readonly isMe: boolean }

function UserRow({ user, isMe, onAsk, onLink }: RowProps) {
  const { t } = useTranslation()
  return (
    <tr>
      <td>
        <strong>{user.name}</strong>
        {user.disabled && <span className="badge tone-bad"> {t('admin.disabled')}</span>}
      </td>
      <td data-label={t('admin.login')}>{[user.username, user.email].filter(Boolean).join(' · ')}</td>
      <td data-label={t('admin.school')}>{user.school || '–'}</td>
      <td data-label={t('admin.role')}>
        <select
          className="input"
          style={{ width: 'auto' }}
          aria-label={t('admin.roleOf', { name: user.name })}
          value={user.role}
          disabled={isMe}
          onChange={(event) => {
            const role = event.currentTarget.value as Role
            // Shows what is, until the server has agreed.
            event.currentTarget.value = user.role
            onAsk({ user, role })
          }}
        >
          {roles.map((role) => (
            <option key={role} value={role}>
              {t(`role.${role}`)}
            </option>
          ))}
        </select>
      </td>
      <td data-label={t('admin.account')}>
        <span className="row" style={{ gap: '0.4rem' }}>
          <Button
            small
            tone={user.disabled ? 'plain' : 'danger'}
            disabled={isMe}
            label={user.disabled ? t('admin.enableName', { name: user.name }) : t('admin.disableName', { name: user.name })}
            onPress={() => onAsk({ user, disabled: !user.disabled })}
          >
            {user.disabled ? t('admin.enable') : t('admin.disable')}
          </Button>
          {!user.disabled && !isMe && (
            <Button small label={t('admin.linkName', { name: user.name })} onPress={() => onLink(user)}>
              {t('admin.link')}
            </Button>
          )}
        </span>
      </td>
    </tr>
  )
}

function ConfirmChange({ change, onDone }: { readonly change: Change; readonly onDone: () => void }) {
  const { t } = useTranslation()
  const client = useQueryClient()
  const { user, role, disabled } = change
  const save = useMutation({
    mutationFn: () =>
      api.call('PATCH /api/users/:id', { params: { id: user.id }, body: { ...(role && { role }), ...(disabled !== undefined && { disabled }) } }),
    onSuccess: () => {
      toast(t('admin.changed', { name: user.name }))
      onDone()
    },
    onSettled: () => void client.invalidateQueries({ queryKey: ['users'] }),
  })
  const what = role
    ? t('admin.askRole', { name: user.name, role: t(`role.${role}`) })
    : disabled
      ? t('admin.askDisable', { name: user.name })
      : t('admin.askEnable', { name: user.name })
  return (
    <ConfirmDialog
      title={t('admin.askTitle')}
      confirm={t('admin.confirm')}
      danger={disabled === true}
      busy={save.isPending}
      onConfirm={() => save.mutate()}
      onCancel={onDone}
    >
      <p>{what}</p>
      <p className="hint">{t('admin.endsSessions')}</p>
      <FormError error={save.error} />
    </ConfirmDialog>
  )
}
