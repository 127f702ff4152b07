import { memberChanged } from '#contracts/billing'
import type { ApiFailure } from '#contracts/errors'
import { networkOf } from '#kernel/network'
import { fail, ok, type Result } from '#kernel/result'
import { toIso } from '#kernel/time'
import type { Deps, UserCaller } from '#kit/define-service'
import { readCode } from '../domain/join-code.ts'
import { factsOf } from '../domain/subscription.ts'
import { isOver, standingAt } from '../domain/timeline.ts'
import { deleteMember, findIdByCode, findWhole, insertMember, isMember, listMembers } from '../store-subscriptions.ts'
import { lockUser } from '../store-users.ts'
import { budgets, spend } from './budgets.ts'
import { keepStanding } from './keep-standing.ts'
import { type Answer, answerOf } from './read-subscriptions.ts'

type MemberDeps = Pick<Deps, 'db' | 'clock' | 'ids' | 'outbox' | 'cache'>
type JoinCode = 'JOIN_CODE_WRONG' | 'NO_SEATS_LEFT' | 'SUBSCRIPTION_OVER' | 'TOO_MANY_REQUESTS'

/** By the school's code. Who is a member, or the holder, is answered the same and nothing changes. */
export async function join(
  deps: MemberDeps,
  { code: text, caller, ip }: { code: string; caller: UserCaller; ip: string },
): Promise<Result<Answer, ApiFailure<JoinCode>>> {
  const admitted = await spend(deps, [`join:user:${caller.userId}`, budgets.joinByUser], [`join:network:${networkOf(ip)}`, budgets.joinByAddress])
  if (!admitted.ok) return admitted
  const code = readCode(text)
  const id = code === undefined ? undefined : await findIdByCode(deps.db, code)
  if (id === undefined) return fail({ code: 'JOIN_CODE_WRONG' })
  const joined = await deps.db.transaction(async (tx): Promise<Result<null, ApiFailure<JoinCode>>> => {
    await lockUser(tx, caller.userId, caller.name) // so that the holder's list has a name, whichever event is late
    const whole = await findWhole(tx, id, 'update')
    // renewed in between
    if (!whole || whole.record.joinCode !== code) return fail({ code: 'JOIN_CODE_WRONG' })
    const now = deps.clock.now()
    const standing = standingAt(factsOf(whole), now)
    if (isOver(standing.status)) return fail({ code: 'SUBSCRIPTION_OVER' })
    if (whole.record.holderId === caller.userId || (await isMember(tx, id, caller.userId))) return ok(null)
    const seats = standing.terms.seats ?? 0
    if (whole.memberCount >= seats) return fail({ code: 'NO_SEATS_LEFT', details: { seats } })
    if (await insertMember(tx, id, caller.userId, now))
      await deps.outbox.add(tx, memberChanged, { subscriptionId: id, userId: caller.userId, isMember: true, at: toIso(now) })
    await keepStanding(tx, deps, id)
    return ok(null)
  })
  return joined.ok ? ok(await answerOf(deps, id, { viewerId: caller.userId })) : joined
}

type Page = { readonly after?: string; readonly limit?: number }
export async function readMembers({ db }: Pick<Deps, 'db'>, id: string, { caller, query }: { caller: UserCaller; query: Page }) {
  const whole = await findWhole(db, id)
  if (!whole || (whole.record.holderId !== caller.userId && caller.role !== 'admin')) return fail({ code: 'SUBSCRIPTION_NOT_FOUND' as const })
  const limit = query.limit ?? 100
  const rows = await listMembers(db, id, { after: query.after, limit })
  const members = rows.slice(0, limit)
  const last = members.at(-1)
  return ok({ members, ...(rows.length > limit && last ? { next: last.userId } : {}) })
}

/** By the holder, an admin, or the member. Who is none any more: the same answer. */
export const removeMember = (deps: Omit<MemberDeps, 'cache'>, { id, userId, caller }: { id: string; userId: string; caller: UserCaller }) =>
  deps.db.transaction(async (tx): Promise<Result<null, ApiFailure<'SUBSCRIPTION_NOT_FOUND'>>> => {
    const whole = await findWhole(tx, id, 'update')
    const isHolderOrAdmin = whole?.record.holderId === caller.userId || caller.role === 'admin'
    const isOwn = userId === caller.userId && (await isMember(tx, id, userId))
    if (!whole || !(isHolderOrAdmin || isOwn)) return fail({ code: 'SUBSCRIPTION_NOT_FOUND' })
    if (await deleteMember(tx, id, userId))
      await deps.outbox.add(tx, memberChanged, { subscriptionId: id, userId, isMember: false, at: toIso(deps.clock.now()) })
    return ok(null)
  })
