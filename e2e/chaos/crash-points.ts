/**
 * How a submission is led to each declared crash point. Where a step writes to a table, that table is held, so that the step has begun and cannot commit;
 * where it speaks to the bus, the bus is. The rest are windows of some ten milliseconds, looked for by asking the database again and again.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import type pg from 'pg'
import type { Ground } from './ground.ts'
import { type Hold, holdTable, openEye } from './hold.ts'
import type { CrashPoint } from './plan.ts'
import type { Accepted, Ledger, Pupil } from './pupils.ts'
import { type Place, type Planned, rightAnswer, slowProgram } from './work.ts'

export type Scene = { readonly ground: Ground; readonly ledger: Ledger; readonly prober: Pupil; readonly place: Place }
type Approach = Scene & {
  readonly key: string
  readonly eye: pg.Client
  hand(planned: Planned): Promise<Accepted>
  hold(service: string, table: string): Promise<Hold>
  holdBus(): Promise<void>
}
type Way = {
  readonly kills: 'submission' | 'leaderboard' | 'notifications' | 'workers'
  /** @returns whether the submission was seen there. */
  come(approach: Approach): Promise<boolean>
}

const sleepSeconds = 0.6
const comesWithinMs = 8_000

const ways: Readonly<Record<CrashPoint, Way>> = {
  'accepted, not published': {
    kills: 'submission',
    async come(approach) {
      await approach.holdBus()
      approach.hand(rightAnswer(approach.place, approach.key))
      return until(() => asks(approach, `select ${isUnmarked('submission.queued.%')}`))
    },
  },
  'published, not marked': {
    kills: 'submission',
    async come(approach) {
      approach.hand(rightAnswer(approach.place, approach.key))
      return until(() => asks(approach, `select ${isJudged} and ${isUnmarked('submission.queued.%')}`))
    },
  },
  'taken, not judged': { kills: 'workers', come: (approach) => isRunning(approach) },
  'judged, result not published': {
    kills: 'workers',
    async come(approach) {
      if (!(await isRunning(approach))) return false
      await approach.holdBus()
      await sleep(2_000 * sleepSeconds) // its program has ended by then
      return asks(approach, `select not ${isJudged}`)
    },
  },
  'result published, not stored': {
    kills: 'submission',
    async come(approach) {
      const judgements = await approach.hold('submission', 'submission.judgements')
      approach.hand(rightAnswer(approach.place, approach.key))
      return until(() => judgements.isWaitedFor())
    },
  },
  'stored, not told': {
    kills: 'submission',
    async come(approach) {
      const judgements = await approach.hold('submission', 'submission.judgements')
      approach.hand(rightAnswer(approach.place, approach.key))
      const isHeld = await until(() => judgements.isWaitedFor())
      await approach.holdBus()
      await judgements.release()
      return isHeld && until(() => asks(approach, `select ${isJudged} and ${isUnmarked('submission.judged.v1')}`))
    },
  },
  'stored, job not acknowledged': {
    kills: 'workers',
    async come(approach) {
      approach.hand(rightAnswer(approach.place, approach.key))
      return until(() => asks(approach, `select ${isJudged}`))
    },
  },
  'told, not on the board': {
    kills: 'leaderboard',
    async come(approach) {
      const log = await approach.hold('leaderboard', 'leaderboard.log')
      approach.hand(rightAnswer(approach.place, approach.key))
      return until(async () => (await asks(approach, `select ${isJudged}`)) && (await log.isWaitedFor()))
    },
  },
  'told, not in the inbox': {
    kills: 'notifications',
    async come(approach) {
      const messages = await approach.hold('notifications', 'notifications.messages')
      approach.hand(rightAnswer(approach.place, approach.key))
      return until(async () => (await asks(approach, `select ${isJudged}`)) && (await messages.isWaitedFor()))
    },
  },
  'on the board, not pushed': {
    kills: 'leaderboard',
    async come(approach) {
      approach.hand(rightAnswer(approach.place, approach.key))
      const isUnpushed = `exists (select from leaderboard.contests where pushed_revision < public_revision)`
      return until(() =>
        asks(approach, `select exists (select from leaderboard.log where kind = 'judged' and fact ->> 'submissionId' = ${ownId}) and ${isUnpushed}`),
      )
    },
  },
  'in the inbox, not pushed': {
    kills: 'notifications',
    async come(approach) {
      const { id } = await approach.hand(rightAnswer(approach.place, approach.key))
      const isThere = await until(() => asks(approach, `select exists (select from notifications.messages where params ->> 'submissionId' = ${ownId})`))
      return isThere && !approach.prober.listener.has(id)
    },
  },
}

/** Of the submission with key $1; by the log's index on time. */
const ownId = `(select id::text from submission.submissions where idempotency_key = $1)`
const isJudged = `exists (select from submission.judgements where submission_id::text = ${ownId})`
const isUnmarked = (topics: string) => `exists (select from submission.outbox
  where occurred_at > now() - interval '1 minute' and topic like '${topics}' and payload ->> 'submissionId' = ${ownId} and published_at is null)`

/** Leads a submission to the point, kills there and has what was killed back. @returns whether the submission was seen there. */
export async function crashAt(name: CrashPoint, key: string, scene: Scene): Promise<boolean> {
  const { ground, prober } = scene
  const { kills, come } = ways[name]
  const letGo: (() => Promise<void>)[] = []
  const handing: Promise<Accepted>[] = []
  const victims = (kills === 'workers' ? ground.targets.workers : [ground.hostOf(kills)]).map((victim) => ground.victims[victim])
  let isSeen = false
  await flows(scene, `${key}-before`)
  try {
    const eye = await openEye(ground.readerUrl())
    letGo.push(() => eye.end().catch(() => undefined))
    isSeen = await come({
      ...scene,
      key,
      eye,
      hand: (planned) => {
        const handed = prober.handIn(planned)
        handed.catch(() => undefined) // awaited below
        handing.push(handed)
        return handed
      },
      hold: async (service, table) => {
        const held = await holdTable(ground.dbUrlOf(service), table)
        letGo.push(held.release)
        return held
      },
      holdBus: async () => void letGo.push(await ground.holdBus()),
    })
    await Promise.all(victims.map((victim) => victim?.kill()))
  } finally {
    for (const step of letGo.reverse()) await step()
  }
  await Promise.all(victims.map((victim) => victim?.revive()))
  await Promise.all(handing)
  return isSeen
}

/** Waits, for a while, until a submission goes all the way: what was struck before this may still be on its way back. */
async function flows({ prober, place }: Scene, key: string): Promise<void> {
  const { id } = await prober.handIn(rightAnswer(place, key))
  await until(async () => prober.listener.has(id))
}

/** A slow program that is being run; told of by its author's socket. */
async function isRunning(approach: Approach): Promise<boolean> {
  const heard = new Set<string>()
  const hear = ({ id }: { id: string }) => void heard.add(id)
  approach.ledger.progress.add(hear)
  try {
    const { id } = await approach.hand(slowProgram(approach.place, approach.key, sleepSeconds))
    return await until(async () => heard.has(id))
  } finally {
    approach.ledger.progress.delete(hear)
  }
}

async function asks({ eye, key }: Approach, sql: string): Promise<boolean> {
  const { rows } = await eye.query<Record<string, boolean>>(sql, [key])
  return Object.values(rows[0] ?? {})[0] ?? false
}

/** @returns false when it does not become true in time. */
async function until(isSo: () => Promise<boolean>): Promise<boolean> {
  for (const giveUpAt = Date.now() + comesWithinMs; Date.now() < giveUpAt; await sleep(1)) if (await isSo()) return true
  return false
}
