import type { Board, BoardRow } from '#contracts/leaderboard'

/** A board as a table for spreadsheets: a participant a row, and three columns a problem. Pure: how it is written is csv.ts and xlsx.ts. */
export type TableCell = string | number | undefined
export type TableRow = readonly TableCell[]

export type TableLanguage = 'en' | 'fr' | 'rw'
type Words = Readonly<Record<'rank' | 'name' | 'school' | 'id' | 'solved' | 'points' | 'penalty' | 'score' | 'attempts' | 'minute', string>> & {
  /** What the last row says where not all participants are in the file. */
  readonly cut: (kept: number, total: number) => string
}
const words: Readonly<Record<TableLanguage, Words>> = {
  en: {
    rank: 'Rank',
    name: 'Name',
    school: 'School',
    id: 'Account id',
    solved: 'Solved',
    points: 'Points',
    penalty: 'Penalty',
    score: 'points',
    attempts: 'attempts',
    minute: 'minute',
    cut: (kept, total) => `Only the first ${kept} of ${total} participants are in this file.`,
  },
  fr: {
    rank: 'Rang',
    name: 'Nom',
    school: 'École',
    id: 'Identifiant du compte',
    solved: 'Résolus',
    points: 'Points',
    penalty: 'Pénalité',
    score: 'points',
    attempts: 'essais',
    minute: 'minute',
    cut: (kept, total) => `Ce fichier ne contient que les ${kept} premiers des ${total} participants.`,
  },
  rw: {
    rank: 'Umwanya',
    name: 'Izina',
    school: 'Ishuri',
    id: 'Nomero ya konti',
    solved: 'Ibyakemuwe',
    points: 'Amanota',
    penalty: 'Igihano',
    score: 'amanota',
    attempts: 'inshuro',
    minute: 'umunota',
    cut: (kept, total) => `Muri iyi dosiye harimo gusa abanyarushanwa ${kept} ba mbere muri ${total}.`,
  },
}

type Shown = { readonly head: Pick<Board, 'format' | 'problems'>; readonly total: number; readonly rows: Iterable<BoardRow>; readonly language: TableLanguage }

/** Header, then a row a participant in the board's order. What was not tried is empty, and so is the minute of what was not solved. */
export function* resultsTable({ head, total, rows, language }: Shown): Generator<TableRow> {
  const said = words[language]
  const isIcpc = head.format === 'icpc'
  const perProblem = head.problems.flatMap(({ label }) => [`${label} ${said.score}`, `${label} ${said.attempts}`, `${label} ${said.minute}`])
  yield [said.rank, said.name, said.school, isIcpc ? said.solved : said.points, ...(isIcpc ? [said.penalty] : []), ...perProblem, said.id]
  let count = 0
  for (const row of rows) {
    count += 1
    const cells = row.cells.flatMap((cell): TableCell[] =>
      cell.attempts + cell.pending === 0 ? [undefined, undefined, undefined] : [cell.score, cell.attempts + cell.pending, cell.minute],
    )
    yield [row.rank, row.name, row.school, row.score, ...(isIcpc ? [row.penalty] : []), ...cells, row.userId]
  }
  if (count < total) yield [undefined, said.cut(count, total)]
}
