import type { Language } from '#contracts/contest'
import type { EvaluationStatus } from '#contracts/evaluation'
import { languages } from '#contracts/languages'
import type { Instant } from '#kernel/time'
import { mebibytes } from '#kernel/units'

/** What the workers last said of themselves, and which languages follow from it. */
export type Heard = { readonly status: EvaluationStatus; readonly at: Instant }
type Judge = { state: 'ready' | 'waiting'; reason?: string }

/** Three missed broadcasts: the worker is gone. */
const aliveMs = 15_000

/**
 * The languages some living worker can judge, with their versions. While none can, those that could be judged a while ago (a worker being started anew does not
 * change what a pupil may choose); when nothing was ever heard, all the arena knows, without a version.
 */
export function languagesNow(heard: readonly Heard[], now: Instant): { languages: Language[]; judge: Judge } {
  const alive = heard.filter(({ at }) => now - at < aliveMs).map(({ status }) => status)
  const versions = versionsOf(alive.filter((status) => status.sandbox !== null))
  if (versions.size > 0) return { languages: withVersions(versions), judge: { state: 'ready' } }
  const earlier = versionsOf(heard.map(({ status }) => status))
  return {
    languages: earlier.size > 0 ? withVersions(earlier) : languages.map((language) => shown(language)),
    judge: { state: 'waiting', reason: whyWaiting(alive) },
  }
}

const versionsOf = (told: readonly EvaluationStatus[]): ReadonlyMap<string, string> => new Map(told.flatMap(({ toolchains }) => Object.entries(toolchains)))
const withVersions = (versions: ReadonlyMap<string, string>): Language[] =>
  languages.flatMap((language) => (versions.has(language.id) ? [shown(language, versions.get(language.id))] : []))

function whyWaiting(alive: readonly EvaluationStatus[]): string {
  const told = alive.find((status) => status.reason !== null)?.reason
  if (told != null) return told
  return alive.length === 0 ? 'no judge is running' : 'the judge has no compiler or interpreter'
}

function shown({ id, name, sourceFile, compile, run, timeFactor, memoryBesideMiB }: (typeof languages)[number], version = ''): Language {
  return {
    id,
    name,
    version,
    ...(compile ? { compile: commandLine(compile, sourceFile) } : {}),
    run: commandLine(run, sourceFile),
    timeFactor,
    ...(memoryBesideMiB === undefined ? {} : { memoryBesideBytes: mebibytes(memoryBesideMiB) }),
  }
}

/** As one would type it; a script of several lines among the arguments is left out. Memory and Java's class stay as they are named in the row. */
const commandLine = (argv: readonly string[], sourceFile: string) =>
  argv
    .map((part) => (part.includes('\n') ? "'…'" : /\s/.test(part) ? `'${part}'` : part))
    .join(' ')
    .replaceAll('{source}', sourceFile)
