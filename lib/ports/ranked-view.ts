/**
 * Boards in order, for reading: a view of rows that a database has computed, which can be thrown away at any time and built again. It knows no rules of
 * contests: a row brings the text it is ordered by. The suite in `suites/ranked-view.suite.ts` is the definition.
 *
 * A board is kept as of one `version` of one `epoch`. Whoever has read changes of the database gives them as a step from a version to a later one, and
 * the step is taken as a whole or not at all, so that writers may be many, slow, doubled or dead: a reader always sees the database as it was at some moment.
 * Cost of a step of one row and of a read of a few: logarithmic in the rows.
 */
export interface RankedView {
  /** Undefined: nothing, or nothing whole, is kept. */
  stand(board: string): Promise<Stand | undefined>
  /**
   * All rows that changed after `from` up to `version`, as of `version`; `from` −1: all rows there are. A row not newer than what is kept is left alone.
   * @returns true when the board now is that new, or newer; false when what lies before `from` is missing: read again from `stand`.
   */
  advance(board: string, step: Step): Promise<boolean>
  /** Builds a board of any size beside what is kept, which stays readable until `finish`. What an abandoned one has added goes by itself. */
  rebuild(board: string, epoch: number): Promise<Rebuild>
  /** @returns undefined as `stand` does. Head and rows are of one moment. */
  read(board: string, asked: Window): Promise<Ranked | undefined>
  /** The rows with these ids (at most `maxFindIds`), in order of the board; ids that are not there are left out. @returns undefined as `stand` does. */
  find(board: string, ids: readonly string[]): Promise<Ranked | undefined>
  drop(board: string): Promise<void>
}

/** `epoch` grows when the board was made anew from other facts: what an older one holds is nothing to go on from. Both are whole numbers from 0. */
export type Stand = { readonly epoch: number; readonly version: number }

export type RankedRow = {
  /** ASCII without control characters, at most 64. */
  readonly id: string
  /** The board's when the row last changed. */
  readonly version: number
  /** Rows are in order of this; equal ones share a place, and the next places stay empty. Printable ASCII, not empty, of one width in a board. */
  readonly rank: string
  /** Order of those that share a place, by code unit, then by id. No NUL; at most 1,000 characters. */
  readonly tie: string
  /** What belongs to it, given back as it is. */
  readonly body: string
}
export type Step = Stand & {
  readonly from: number
  /** What belongs to the board as a whole, given back as it is. */
  readonly head: string
  /** At most `maxStepRows`. */
  readonly rows: readonly RankedRow[]
}
export type Rebuild = {
  /** At most `maxStepRows` at a time; a row given twice counts as given last. */
  add(rows: readonly RankedRow[]): Promise<void>
  /** @returns false when what was added is lost: begin again. True also when something as new is kept, which then stays. */
  finish(end: { readonly version: number; readonly head: string }): Promise<boolean>
}
/** A step is taken at once, so it must be small. */
export const maxStepRows = 2_000

/** A search finds few, and each costs a look of its own. */
export const maxFindIds = 500

/**
 * `top` rows from position `from` on (from 0; default: the first ones), and `sides` rows before and behind the one with this id; in order, none twice.
 * An id that is not there asks for nothing, and so does a position behind the last row.
 */
export type Window = {
  readonly top: number
  readonly from?: number | undefined
  readonly around?: { readonly id: string; readonly sides: number } | undefined
}
export type PlacedRow = {
  /** From 0, each its own: rows that share a place are next to each other. */
  readonly at: number
  /** From 1: one more than there are rows with a better rank. */
  readonly place: number
  readonly id: string
  readonly body: string
}
export type Ranked = Stand & { readonly head: string; readonly total: number; readonly rows: readonly PlacedRow[] }
