/** What a teacher sees of a lesson, from the facts of the monitor, who has the page open, and names. Pure: the page only draws it. */
import type { Monitor } from '#contracts/submission'

export type Presence = ReadonlyMap<string, { readonly here: boolean; readonly seenAt: string }>
export type Names = ReadonlyMap<string, { readonly name: string; readonly school: string }>
/** When somebody counts as stuck: so many wrong tries at one problem, or so many minutes without handing in anything. */
export type Patience = { readonly tries: number; readonly minutes: number }
export const usualPatience: Patience = { tries: 3, minutes: 15 }

export type Cell = Monitor['participants'][number]['cells'][number]
export type LessonStatus = 'absent' | 'stuck' | 'slow' | 'working' | 'done'
export type LessonRow = {
  readonly userId: string
  readonly name: string
  readonly school: string
  readonly status: LessonStatus
  /** Unknown while nobody can say: the service that knows does not answer. */
  readonly here: boolean | undefined
  readonly seenAt: string | undefined
  readonly solved: number
  readonly pending: number
  readonly lastAt: string | undefined
  /** Labels of the problems that were tried too often. */
  readonly stuckAt: readonly string[]
  /** In the order of the contest's problems; undefined: not tried. */
  readonly cells: readonly (Cell | undefined)[]
}

const minuteMs = 60_000

type Facts = {
  readonly monitor: Monitor
  /** Undefined: not known. */
  readonly presence: Presence | undefined
  readonly names: Names
  readonly patience: Patience
  readonly nowMs: number
  /** After the end nobody is absent or slow. */
  readonly isOver: boolean
}

export function lessonRows({ monitor, presence, names, patience, nowMs, isOver }: Facts): readonly LessonRow[] {
  return monitor.participants.map((participant) => {
    const byProblem = new Map(participant.cells.map((cell) => [cell.problemId, cell]))
    const cells = monitor.problems.map(({ problemId }) => byProblem.get(problemId))
    const stuckAt = monitor.problems.flatMap(({ label }, at) => {
      const cell = cells[at]
      return cell && !cell.solved && cell.wrong >= patience.tries ? [label] : []
    })
    const solved = cells.filter((cell) => cell?.solved).length
    const lastAt = participant.cells
      .map((cell) => cell.lastAt)
      .sort()
      .at(-1)
    const seen = presence?.get(participant.userId)
    const here = presence && (seen?.here ?? false)
    const endsMs = participant.endsAt === undefined ? Number.POSITIVE_INFINITY : Date.parse(participant.endsAt)
    const quietMs = nowMs - Math.max(Date.parse(lastAt ?? participant.startedAt), Date.parse(participant.startedAt))
    const status = statusOf({
      isDone: monitor.problems.length > 0 && solved === monitor.problems.length,
      isOver: isOver || nowMs >= endsMs,
      here,
      isStuck: stuckAt.length > 0,
      isSlow: quietMs >= patience.minutes * minuteMs,
    })
    return {
      userId: participant.userId,
      name: names.get(participant.userId)?.name ?? participant.userId.slice(-8),
      school: names.get(participant.userId)?.school ?? '',
      status,
      here,
      seenAt: seen?.seenAt,
      solved,
      pending: participant.cells.reduce((sum, cell) => sum + cell.pending, 0),
      lastAt,
      stuckAt,
      cells,
    }
  })
}

type Signs = { isDone: boolean; isOver: boolean; here: boolean | undefined; isStuck: boolean; isSlow: boolean }
function statusOf({ isDone, isOver, here, isStuck, isSlow }: Signs): LessonStatus {
  if (isDone) return 'done'
  if (!isOver && here === false) return 'absent'
  if (isStuck) return 'stuck'
  return !isOver && isSlow ? 'slow' : 'working'
}

export type LessonFilter = 'all' | LessonStatus
/** Who needs the teacher first: the stuck, then who is not there, then who has been quiet; within that by name. */
const urgency: Readonly<Record<LessonStatus, number>> = { stuck: 0, absent: 1, slow: 2, working: 3, done: 4 }

export function shownRows(rows: readonly LessonRow[], filter: LessonFilter, query: string): readonly LessonRow[] {
  const wanted = query.trim().toLowerCase()
  return rows
    .filter((row) => (filter === 'all' || row.status === filter) && (wanted === '' || `${row.name} ${row.school}`.toLowerCase().includes(wanted)))
    .sort((a, b) => urgency[a.status] - urgency[b.status] || a.name.localeCompare(b.name) || (a.userId < b.userId ? -1 : 1))
}

export function countByStatus(rows: readonly LessonRow[]): Readonly<Record<LessonStatus, number>> {
  const counts = { absent: 0, stuck: 0, slow: 0, working: 0, done: 0 }
  for (const { status } of rows) counts[status] += 1
  return counts
}
