import type { Language } from '#contracts/contest'
import type { EvaluationStatus } from '#contracts/evaluation'
import { languages } from '#contracts/languages'
import type { Instant } from '#kernel/time'

/** What the workers last said of themselves, and which languages follow from it. */
export type Heard = { readonly status: EvaluationStatus; readonly at: Instant }
type Judge = { state: 'ready' | 'waiting'; reason?: string }

/** Three missed broadcasts: the worker is gone. */
const aliveMs = 15_000

/** The languages some living worker can judge, with their versions; while none is heard, all the arena knows, without a version. */
export function languagesNow(heard: readonly Heard[], now: Instant): { languages: Language[]; judge: Judge } {
  const alive = heard.filter(({ at }) => now - at < aliveMs).map(({ status }) => status)
  const judging = alive.filter((status) => status.sandbox !== null)
  const versions = new Map(judging.flatMap((status) => Object.entries(status.toolchains)))
  const known = languages.map((language) => shown(language, versions.get(language.id)))
  if (versions.size === 0) return { languages: known, judge: { state: 'waiting', reason: whyWaiting(alive) } }
  return { languages: known.filter((language) => versions.has(language.id)), judge: { state: 'ready' } }
}

function whyWaiting(alive: readonly EvaluationStatus[]): string {
  const told = alive.find((status) => status.reason !== null)?.reason
  if (told != null) return told
  return alive.length === 0 ? 'no judge is running' : 'the judge has no compiler or interpreter'
}

function shown({ id, name, compile, run, timeFactor }: (typeof languages)[number], version = ''): Language {
  return { id, name, version, ...(compile ? { compile: compile.join(' ') } : {}), run: run.join(' '), timeFactor }
}
