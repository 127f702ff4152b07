import type { ContestSnapshot } from '#contracts/contest'
import type { Instant } from '#kernel/time'
import type { Queryable } from '#ports/db'
import { type BoardRules, type Fact, rulesOf } from './domain/facts.ts'
import { type BoardPhase, cutOf } from './domain/phase.ts'

/** Words of a name or a school, and words of a school; each word is the beginning of one. Of `domain/words.ts`, so nothing in them means anything to SQL. */
export type Wanted = { readonly anywhere: readonly string[]; readonly school: readonly string[] }

/**
 * Participants whose words fit, the first `limit` of the public board's order (ties as good as equal: the caller asks the ranked view where they stand).
 * By the index over all users' words, then each one's row by its key: what it costs grows with how many fit, not with the board.
 */
export async function searchParticipants(db: Queryable, contestId: string, { anywhere, school }: Wanted, limit: number): Promise<string[]> {
  const query = [...anywhere.map((word) => `${word}:*`), ...school.map((word) => `${word}:*B`)].join(' & ')
  const { rows } = await db.query<{ user_id: string }>(
    `select r.user_id from users u join board_rows r using (user_id)
     where r.contest_id = $1 and u.words @@ to_tsquery('simple', $2)
     order by (public_row ->> 'score')::bigint desc, (public_row ->> 'penalty')::bigint, (public_row ->> 'lastMinute')::bigint, u.name collate "C", r.user_id
     limit $3`,
    [contestId, query, limit],
  )
  return rows.map((row) => row.user_id)
}

export type PublicFacts = { readonly revision: number; readonly rules: BoardRules; readonly cut: Instant | undefined; readonly facts: readonly Fact[] }

/** Facts of these participants, with what the public may know of them, all of one moment. */
export async function loadPublicFacts(db: Queryable, contestId: string, userIds: readonly string[]): Promise<PublicFacts | undefined> {
  const { rows } = await db.query<{ snapshot: ContestSnapshot; phase: BoardPhase; public_revision: string; facts: Fact[] | null }>(
    `select snapshot, phase, public_revision, (select json_agg(fact) from log where contest_id = $1 and user_id = any($2::uuid[])) as facts
     from contests where contest_id = $1 and snapshot is not null`,
    [contestId, userIds],
  )
  const [row] = rows
  return row && { revision: Number(row.public_revision), rules: rulesOf(row.snapshot), cut: cutOf(row.snapshot, row.phase), facts: row.facts ?? [] }
}
