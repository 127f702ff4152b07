/**
 * What is done to an arena, and when: pure, so that a seed means the same on every machine. When is counted in accepted submissions, never in time.
 * A plan deals from a deck of all faults there are: first one of each kind, then whole decks, so that a long run meets every fault at least once.
 */

/**
 * The declared crash points: moments on a submission's way between one durable step and the next, each with a process that is killed there
 * (crash-points.ts says how it is led there).
 */
export const crashPointNames = [
  'accepted, not published',
  'published, not marked',
  'taken, not judged',
  'judged, result not published',
  'result published, not stored',
  'stored, not told',
  'stored, job not acknowledged',
  'told, not on the board',
  'told, not in the inbox',
  'on the board, not pushed',
  'in the inbox, not pushed',
] as const
export type CrashPoint = (typeof crashPointNames)[number]

export type Fault = { /** Struck when so many submissions were accepted. */ readonly after: number } & Card
export type Card =
  /** `kill -9`; what does not come back by itself is started again. */
  | { readonly kind: 'kill'; readonly target: string }
  /** Ended in order (SIGTERM) and started again. */
  | { readonly kind: 'restart'; readonly target: string }
  /** SIGSTOP, and SIGCONT after so long. */
  | { readonly kind: 'pause'; readonly target: string; readonly forMs: number }
  /** Every connection over a link is reset. */
  | { readonly kind: 'reset'; readonly target: string }
  /** A server loses all it holds: Redis flushed, the broker begun anew without its disk. */
  | { readonly kind: 'empty'; readonly target: string }
  /** A process killed at a named point of a submission's way. */
  | { readonly kind: 'crash'; readonly target: CrashPoint }

/** What an arena of some size has to be struck. */
export type Targets = {
  /** Processes and servers, by name. */
  readonly processes: readonly string[]
  /** Those of `processes` that can be ended in order. */
  readonly orderly: readonly string[]
  /** Those of `processes` whose work another takes over when they are silent for long. */
  readonly workers: readonly string[]
  readonly links: readonly string[]
  readonly emptied: readonly string[]
  readonly crashPoints: readonly CrashPoint[]
}
export type PlanOptions = { readonly targets: Targets; readonly faults: number; readonly submissions: number; readonly random: () => number }

const shortPauseMs = [200, 2_500] as const
/** Longer than any lease: whoever is silent for so long has lost its work to another. */
const longPauseMs = 12_000

export function planFaults({ targets, faults, submissions, random }: PlanOptions): readonly Fault[] {
  const deck = deckOf(targets, random)
  const dealt = [...oneOfEachKind(shuffled(deck, random))]
  while (dealt.length < faults) dealt.push(...shuffled(deck, random))
  const chosen = shuffled(dealt.slice(0, faults), random)
  // the first and the last tenth are left for what comes up and for what settles
  const step = (submissions * 0.8) / faults
  return chosen.map((card, index) => ({ ...card, after: Math.floor(submissions * 0.1 + (index + random() * 0.9) * step) }))
}

function deckOf({ processes, orderly, workers, links, emptied, crashPoints }: Targets, random: () => number): readonly Card[] {
  const [shortest, longest] = shortPauseMs
  return [
    ...processes.map((target) => ({ kind: 'kill', target }) as const),
    ...orderly.map((target) => ({ kind: 'restart', target }) as const),
    ...processes.map((target) => ({ kind: 'pause', target, forMs: Math.round(shortest + random() * (longest - shortest)) }) as const),
    ...workers.map((target) => ({ kind: 'pause', target, forMs: longPauseMs }) as const),
    ...links.map((target) => ({ kind: 'reset', target }) as const),
    ...emptied.map((target) => ({ kind: 'empty', target }) as const),
    ...crashPoints.map((target) => ({ kind: 'crash', target }) as const),
  ]
}

/** Each server that can be emptied, and one card of every other kind. */
function oneOfEachKind(cards: readonly Card[]): readonly Card[] {
  const kinds = [...new Set(cards.map(({ kind }) => kind))]
  return kinds.flatMap((kind) => {
    const all = cards.filter((card) => card.kind === kind)
    return kind === 'empty' ? all : all.slice(0, 1)
  })
}

function shuffled<T>(items: readonly T[], random: () => number): readonly T[] {
  return items
    .map((item) => ({ item, at: random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ item }) => item)
}

export const tellFault = (fault: Card): string => `${fault.kind} ${fault.target}${fault.kind === 'pause' ? ` for ${fault.forMs} ms` : ''}`
