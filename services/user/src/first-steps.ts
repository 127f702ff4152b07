import type { Db } from '#ports/db'

/**
 * What is done once for an empty arena, by whichever replica comes first: claimed for a minute, finished for ever. A claim is renewed by claiming again; one
 * whose holder died runs out. By the database's clock.
 */
const claimFor = '60 seconds'
export type Claim = 'mine' | 'taken' | 'done'

/** `holdsIt`: this process has the claim already, or is the only one there can be. */
export async function claimFirstStep({ db }: { readonly db: Db }, name: string, holdsIt: boolean): Promise<Claim> {
  const claimed = await db.query(
    `insert into first_steps (name, claimed_until) values ($1, now() + interval '${claimFor}')
     on conflict (name) do update set claimed_until = excluded.claimed_until
     where first_steps.done_at is null and ($2 or first_steps.claimed_until < now())`,
    [name, holdsIt],
  )
  if (claimed.rowCount === 1) return 'mine'
  const { rows } = await db.query<{ done: boolean }>('select done_at is not null as done from first_steps where name = $1', [name])
  return rows[0]?.done ? 'done' : 'taken'
}

export async function finishFirstStep({ db }: { readonly db: Db }, name: string): Promise<void> {
  await db.query('update first_steps set done_at = now() where name = $1', [name])
}
