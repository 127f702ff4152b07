/** Lines of a history as a chart draws them: one list of minutes for all, and for each line how its score stood at each of them. */
import type { BoardHistory } from '#contracts/leaderboard'

export type Series = { readonly minutes: readonly number[]; readonly scores: readonly (readonly number[])[] }

/** Each line begins at nothing and stands on to the last minute of all. */
export function seriesOf(lines: BoardHistory['lines']): Series {
  const minutes = [...new Set([0, ...lines.flatMap(({ steps }) => steps.map(({ minute }) => minute))])].sort((a, b) => a - b)
  const scores = lines.map(({ steps }) => {
    let next = 0
    let score = 0
    return minutes.map((minute) => {
      for (let step = steps[next]; step !== undefined && step.minute <= minute; step = steps[++next]) score = step.score
      return score
    })
  })
  return { minutes, scores }
}

/** Names of colours in the styles, and dashes: no two of the eleven lines share both, and neighbours share neither. */
const colours = ['--brand', '--physics', '--good', '--mathematics', '--gold', '--teal', '--bad', '--wait'] as const
const dashes: readonly (readonly number[])[] = [[], [7, 4], [2, 3], [11, 4, 2, 4]]
export const lookOf = (line: number): { readonly colour: (typeof colours)[number]; readonly dash: readonly number[] } => ({
  colour: colours[line % colours.length] ?? '--brand',
  dash: dashes[(line + Math.floor(line / colours.length)) % dashes.length] ?? [],
})
