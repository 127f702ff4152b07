import type { Compare, Limits } from '#contracts/common'
import type { AuthorProtocol, JudgingMode, TestGroup, TestPoints } from '#contracts/judging'
import type { SolutionExpectation } from '#contracts/packages'

/**
 * A problem package as it is understood, whatever format it came in: the readers of formats make it from the paths of the archive and its small texts, and
 * the import stores what it names. Paths are of the archive, below the folder that everything lies in.
 */
export type PackageFormat = 'legacy' | '2025-09' | 'polygon'

export type PlannedTest = {
  /** Below `data/sample` or `data/secret`, without its extension. */
  readonly name: string
  readonly sample: boolean
  readonly input: string
  readonly output: string
  /** What participants are shown of a sample; absent: its data, `none`: nothing. */
  readonly shown?: { readonly input: string; readonly output: string } | { readonly interaction: string } | 'none'
  readonly note?: { readonly path: string } | { readonly text: string }
  readonly compare?: Compare | undefined
  readonly group?: string
  readonly points?: TestPoints
  readonly checkerArgs?: readonly string[]
}
/** The first path is the one with `main`. */
export type PlannedProgram = { readonly language: string; readonly paths: readonly string[] }
export type PlannedCheck = {
  readonly protocol: AuthorProtocol
  readonly program: PlannedProgram
  readonly args: readonly string[]
  readonly limits?: CheckLimits
}
export type CheckLimits = { readonly cpuMs?: number; readonly memoryBytes?: number }
export type StatementPart = { readonly heading?: SectionName; readonly path: string; readonly format: 'markdown' | 'tex' | 'pdf' }
export type SectionName = 'input' | 'output' | 'interaction' | 'scoring' | 'notes'
export type PlannedStatement = { readonly language: string; readonly title: string | undefined; readonly parts: readonly StatementPart[] }
export type PlannedSolution = {
  /** Below `submissions`. */
  readonly path: string
  readonly paths: readonly string[]
  /** Id of a row of `languages.ts`; null: more than one file, or a language the arena does not have. */
  readonly language: string | null
  readonly expected: SolutionExpectation
}
/** A file that is kept for export, under its name in the format of 2025-09. */
export type KeptFile = { readonly path: string; readonly as: string }

export type PackagePlan = {
  readonly format: PackageFormat
  readonly title: string | undefined
  readonly tags: readonly string[]
  readonly limits: Limits
  readonly compare: Compare
  readonly languages: readonly string[] | null
  readonly mode: JudgingMode
  readonly checker: PlannedCheck | undefined
  readonly interactor: PlannedCheck | undefined
  /** By language id; the first file has `main`. */
  readonly graders: Readonly<Record<string, readonly string[]>> | undefined
  readonly groups: readonly TestGroup[] | undefined
  readonly tests: readonly PlannedTest[]
  readonly statements: readonly PlannedStatement[]
  /** Pictures and PDF files that statements name. */
  readonly statementFiles: readonly string[]
  readonly solutions: readonly PlannedSolution[]
  readonly kept: readonly KeptFile[]
  /** Settings the arena does not use and gives back: licence, credits and the like. */
  readonly meta: Readonly<Record<string, unknown>>
}

/** Everything that is wrong, not only the first of it; with a complaint nothing is imported. */
export type PackageReport = { readonly complaints: string[]; readonly warnings: string[]; readonly ignored: string[] }
export const openReport = (): PackageReport => ({ complaints: [], warnings: [], ignored: [] })

/** The small texts of an archive by path, CRLF as LF. What is not there was not read: too large, or no text that settings are in. */
export type PackageTexts = ReadonlyMap<string, string>

export const some = (names: readonly string[]): string => (names.length > 3 ? `${names.slice(0, 3).join(', ')} and ${names.length - 3} more` : names.join(', '))
/** By code units, as the formats say; the file system's language has no say. */
export const byName = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
export const baseName = (path: string): string => path.slice(path.lastIndexOf('/') + 1)
export const folderOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf('/')))
