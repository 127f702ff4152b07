import type { UserSnapshot } from '#contracts/user'
import type { Queryable, Tx } from '#ports/db'

/** Users as far as billing needs them: what they are called on a receipt, where a provider may write to, whether the account is shut. */
export type KnownUser = { readonly userId: string; readonly name: string; readonly email: string | undefined; readonly disabled: boolean }
type UserRecord = { user_id: string; name: string; email: string | null; disabled: boolean }
const userOf = (row: UserRecord): KnownUser => ({ userId: row.user_id, name: row.name, email: row.email ?? undefined, disabled: row.disabled })

/** The newest wins, in whatever order they come. */
export async function saveUser(tx: Tx, user: UserSnapshot): Promise<void> {
  await tx.query(
    `insert into users (user_id, revision, name, email, disabled) values ($1, $2, $3, $4, $5)
     on conflict (user_id) do update set revision = excluded.revision, name = excluded.name, email = excluded.email, disabled = excluded.disabled
     where users.revision < excluded.revision`,
    [user.userId, user.revision, user.name, user.email ?? null, user.disabled],
  )
}
/** Locks the user until the transaction ends: what one user does at once is decided one after another. Their event may not have come yet. */
export async function lockUser(tx: Tx, userId: string, name: string): Promise<KnownUser> {
  await tx.query('insert into users (user_id, revision, name) values ($1, 0, $2) on conflict do nothing', [userId, name])
  const { rows } = await tx.query<UserRecord>('select user_id, name, email, disabled from users where user_id = $1 for update', [userId])
  if (!rows[0]) throw new Error(`user ${userId} is gone between two statements`)
  return userOf(rows[0])
}
export async function findUser(q: Queryable, userId: string): Promise<KnownUser | undefined> {
  const { rows } = await q.query<UserRecord>('select user_id, name, email, disabled from users where user_id = $1', [userId])
  return rows[0] && userOf(rows[0])
}
