import { type Instant, instantOf, toDate } from '#kernel/time'
import type { Queryable, Tx } from '#ports/db'
import type { TokenFacts, TokenKind } from './domain/account-tokens.ts'

/** Links that were given out (domain/account-tokens.ts) and addresses that asked for a new password. Write and use tokens under the account's lock only. */
type TokenRow = { user_id: string; kind: TokenKind; email: string | null; expires_at: Date }
export type KeptToken = TokenFacts & { readonly userId: string }

/** Takes the place of the account's token of the same kind. */
export async function saveToken(tx: Tx, token: KeptToken, hash: Uint8Array): Promise<void> {
  await tx.query(
    `insert into account_tokens (user_id, kind, hash, email, expires_at) values ($1, $2, $3, $4, $5)
     on conflict (user_id, kind) do update set hash = excluded.hash, email = excluded.email, expires_at = excluded.expires_at`,
    [token.userId, token.kind, hash, token.email ?? null, toDate(token.expiresAt)],
  )
}

export async function findToken(q: Queryable, hash: Uint8Array): Promise<KeptToken | undefined> {
  const { rows } = await q.query<TokenRow>('select user_id, kind, email, expires_at from account_tokens where hash = $1', [hash])
  const [row] = rows
  return row && { userId: row.user_id, kind: row.kind, email: row.email ?? undefined, expiresAt: instantOf(row.expires_at) }
}

/** Ends one token by its use. */
export async function removeToken(tx: Tx, hash: Uint8Array): Promise<void> {
  await tx.query('delete from account_tokens where hash = $1', [hash])
}
export async function removeTokensOf(tx: Tx, userId: string): Promise<void> {
  await tx.query('delete from account_tokens where user_id = $1', [userId])
}
export async function purgeTokens(q: Queryable, now: Instant): Promise<void> {
  await q.query('delete from account_tokens where expires_at <= $1', [toDate(now)])
}

export async function insertForgotten(q: Queryable, asked: { id: string; email: string; at: Instant }): Promise<void> {
  await q.query('insert into forgotten_passwords (id, email, asked_at) values ($1, $2, $3)', [asked.id, asked.email, toDate(asked.at)])
}
/** Takes the oldest away; of several replicas each gets another. */
export async function takeForgotten(tx: Tx): Promise<string | undefined> {
  const { rows } = await tx.query<{ email: string }>(
    `delete from forgotten_passwords
     where id = (select id from forgotten_passwords order by asked_at limit 1 for update skip locked) returning email`,
  )
  return rows[0]?.email
}
