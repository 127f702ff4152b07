import { Lane } from '#contracts/common'
import { type Instant, parseIso } from '#kernel/time'
import type { Check, Deps } from '#kit/define-service'
import { listWaiting } from './store-waiting.ts'

type Watch = Pick<Deps, 'db' | 'clock' | 'metrics'>

/** How the service tells what waits for a verdict, and how long its own parts of the way took. */
export function observeSubmissions({ db, clock, metrics }: Watch) {
  const waiting = async () => (await listWaiting(db)).map(({ since, ...each }) => ({ ...each, oldestSeconds: Math.max(0, clock.now() - since) / 1000 }))
  const stop = metrics.report(async () => {
    const found = new Map((await waiting()).map((each) => [each.lane, each]))
    return {
      arena_unjudged: Lane.enum.map((lane) => ({ labels: { lane }, value: found.get(lane)?.count ?? 0 })),
      arena_oldest_unjudged_seconds: Lane.enum.map((lane) => ({ labels: { lane }, value: found.get(lane)?.oldestSeconds ?? 0 })),
    }
  })
  const since = (at: Instant) => clock.now() - at
  return {
    accepted: (arrivedAt: Instant) => metrics.observe('arena_stage_seconds', { stage: 'accept' }, since(arrivedAt)),
    /** A result was stored that the judge told at `toldAt`. */
    stored(toldAt: string, submittedAt: Instant) {
      metrics.observe('arena_stage_seconds', { stage: 'store' }, since(parseIso(toldAt) ?? clock.now()))
      metrics.observe('arena_stage_seconds', { stage: 'whole' }, since(submittedAt))
    },
    /** For the operator's page. */
    async check(): Promise<Check> {
      const all = await waiting().catch(() => undefined) // the check of the database logs why
      if (all === undefined) return { ok: false, detail: 'what waits cannot be counted' }
      const unjudged = all.reduce((sum, { count }) => sum + count, 0)
      return { ok: true, figures: { unjudged, oldestUnjudgedSeconds: Math.round(Math.max(0, ...all.map(({ oldestSeconds }) => oldestSeconds))) } }
    },
    stop,
  }
}
