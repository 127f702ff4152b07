import type { Role } from '#contracts/common'
import { instantOf, toDate } from '#kernel/time'
import { DbError, type Queryable, type Row, type Tx } from '#ports/db'
import type { Account, Language } from './domain/account.ts'
import type { LoginName } from './domain/login-name.ts'

/** Accounts. Sessions, tokens and devices are in session-store.ts, signing keys in keyring.ts. */
const columns = 'id, email, username, password_hash, name, school, role, language, disabled, revision, sessions_valid_from, created_at, email_verified'

const accountOf = (row: Row): Account => ({
  id: String(row.id),
  email: (row.email as string | null) ?? undefined,
  username: (row.username as string | null) ?? undefined,
  emailVerified: row.email_verified === true,
  passwordHash: String(row.password_hash),
  name: String(row.name),
  school: String(row.school),
  role: row.role as Role,
  language: row.language as Language,
  disabled: row.disabled === true,
  revision: Number(row.revision),
  sessionsValidFrom: instantOf(row.sessions_valid_from as Date),
  createdAt: instantOf(row.created_at as Date),
})
const firstOf = ({ rows }: { rows: Row[] }) => (rows[0] ? accountOf(rows[0]) : undefined)

/** `lock`: `share` keeps the account as it is until the transaction ends, `update` also keeps others from reading it so. */
export async function findAccount(q: Queryable, id: string, lock: 'none' | 'share' | 'update' = 'none'): Promise<Account | undefined> {
  return firstOf(await q.query(`select ${columns} from users where id = $1 ${lock === 'none' ? '' : `for ${lock}`}`, [id]))
}

export async function findAccountByLogin(q: Queryable, { kind, value }: LoginName, lock: 'none' | 'update' = 'none'): Promise<Account | undefined> {
  return firstOf(await q.query(`select ${columns} from users where ${kind} = $1 ${lock === 'none' ? '' : 'for update'}`, [value]))
}

/** @throws DbError 23505 when a login name is taken; see `takenName`. */
export async function insertAccount(tx: Tx, account: Account): Promise<void> {
  await tx.query(`insert into users (${columns}) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`, valuesOf(account))
}

/** Writes the whole account, which the transaction has locked, under the next revision. @throws like `insertAccount`. */
export async function saveAccount(tx: Tx, account: Account): Promise<Account> {
  const next = { ...account, revision: account.revision + 1 }
  await tx.query(
    `update users set email = $2, username = $3, password_hash = $4, name = $5, school = $6, role = $7, language = $8, disabled = $9,
       revision = $10, sessions_valid_from = $11, created_at = $12, email_verified = $13 where id = $1`,
    valuesOf(next),
  )
  return next
}
const valuesOf = (account: Account) => [
  account.id,
  account.email ?? null,
  account.username ?? null,
  account.passwordHash,
  account.name,
  account.school,
  account.role,
  account.language,
  account.disabled,
  account.revision,
  toDate(account.sessionsValidFrom),
  toDate(account.createdAt),
  account.emailVerified,
]

const UNIQUE_VIOLATION = '23505'
/** Which login name a write failed on; undefined: it failed on something else. */
export function takenName(cause: unknown): 'EMAIL_TAKEN' | 'USERNAME_TAKEN' | undefined {
  if (!(cause instanceof DbError) || cause.code !== UNIQUE_VIOLATION) return undefined
  if (cause.constraint === 'users_email_unique') return 'EMAIL_TAKEN'
  return cause.constraint === 'users_username_unique' ? 'USERNAME_TAKEN' : undefined
}

/**
 * Locks every enabled admin, always in the same order, so that of two demotions at once the second sees what the first has left.
 * @returns their ids. Few rows, by an index of their own.
 */
export async function lockEnabledAdmins(tx: Tx): Promise<string[]> {
  const { rows } = await tx.query<{ id: string }>(`select id from users where role = 'admin' and not disabled order by id for update`)
  return rows.map((row) => row.id)
}

/** Newest first (ids are ordered by time); one more than `limit` when there are more. `text` is any part of a name, e-mail, username or school. */
export async function listAccounts(q: Queryable, { text, limit, after }: { text: string; limit: number; after: string | undefined }): Promise<Account[]> {
  const pattern = text === '' ? null : `%${text.replace(/[\\%_]/g, '\\$&')}%`
  const { rows } = await q.query(
    `select ${columns} from users
     where ($1::text is null or name ilike $1 or email ilike $1 or username ilike $1 or school ilike $1) and ($2::uuid is null or id < $2)
     order by id desc limit $3`,
    [pattern, after ?? null, limit + 1],
  )
  return rows.map(accountOf)
}

export async function lockFirstAdmin(tx: Tx): Promise<void> {
  await tx.query(`select pg_advisory_xact_lock(hashtext('competa-arena user first admin'))`)
}
