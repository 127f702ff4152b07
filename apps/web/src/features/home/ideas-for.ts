import type { ProblemSummary } from '#contracts/contest'
import { isInLanguage } from '../../lib/problem-language.ts'

const most = 4

/** What to practise next: not solved yet and readable, the subjects taking turns, as they come within each. */
export function ideasFor(
  problems: readonly ProblemSummary[],
  reader: { readonly solved: readonly string[]; readonly language: string },
): readonly ProblemSummary[] {
  const solved = new Set(reader.solved)
  const open = problems.filter((problem) => !solved.has(problem.id) && isInLanguage(problem.tags, reader.language))
  const turns = new Map<string, number>()
  const turnOf = ({ subject }: ProblemSummary) => {
    const turn = turns.get(subject) ?? 0
    turns.set(subject, turn + 1)
    return turn
  }
  return open
    .map((problem) => ({ problem, turn: turnOf(problem) }))
    .sort((a, b) => a.turn - b.turn)
    .slice(0, most)
    .map(({ problem }) => problem)
}
