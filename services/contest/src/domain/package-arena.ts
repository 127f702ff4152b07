import Type, { type Static } from 'typebox'
import { Value } from 'typebox/value'
import { Closed, Compare, Limits } from '#contracts/common'
import { AuthorProtocol, Checker, JudgingMode, TestGroup, TestPoints } from '#contracts/judging'
import type { PackageReport, PlannedCheck } from './package-plan.ts'

/**
 * `arena.json` at the root of an exported package: what the format it is written in has no words for (testlib's checkers, groups with dependencies in the
 * legacy format, points that are no whole numbers). It is there only when it is needed, and is believed before the format's own files, facet by facet.
 */
const Check = Closed({
  protocol: AuthorProtocol,
  language: Type.String({ pattern: '^[a-z0-9]{1,20}$' }),
  /** Of the package; the first has `main`. */
  files: Type.Array(Type.String({ maxLength: 300 }), { minItems: 1, maxItems: 100 }),
  args: Type.Array(Type.String({ maxLength: 200 }), { maxItems: 50 }),
  limits: Checker.properties.limits,
})
const ArenaTest = Closed({
  compare: Type.Optional(Compare),
  group: Type.Optional(Type.String({ maxLength: 200 })),
  points: Type.Optional(TestPoints),
  checkerArgs: Type.Optional(Type.Array(Type.String({ maxLength: 200 }), { maxItems: 50 })),
})
const ArenaFile = Closed({
  arena: Type.Literal(1),
  limits: Type.Optional(Limits),
  compare: Type.Optional(Compare),
  languages: Type.Optional(Type.Union([Type.Null(), Type.Array(Type.String({ maxLength: 20 }), { maxItems: 40 })])),
  mode: Type.Optional(JudgingMode),
  checker: Type.Optional(Type.Union([Type.Null(), Check])),
  interactor: Type.Optional(Type.Union([Type.Null(), Check])),
  groups: Type.Optional(Type.Union([Type.Null(), Type.Array(TestGroup, { minItems: 1, maxItems: 1000 })])),
  /** By the path of the input without its extension. */
  tests: Type.Optional(Type.Record(Type.String(), ArenaTest)),
})
export type ArenaFile = Static<typeof ArenaFile>
export type ArenaTest = Static<typeof ArenaTest>
export type ArenaCheck = Static<typeof Check>
export const arenaFile = 'arena.json'

export function readArena(text: string | undefined, report: PackageReport): ArenaFile | undefined {
  if (text === undefined) return undefined
  try {
    const value: unknown = JSON.parse(text)
    if (Value.Check(ArenaFile, value)) return value
    const [first] = Value.Errors(ArenaFile, value)
    report.complaints.push(`${arenaFile} is not what the arena writes: ${first?.instancePath || '/'} ${first?.message ?? ''}`.slice(0, 300))
  } catch {
    report.complaints.push(`${arenaFile} is not JSON`)
  }
  return undefined
}

export function plannedCheck(check: ArenaCheck, paths: ReadonlySet<string>, report: PackageReport): PlannedCheck {
  const { protocol, language, files, args, limits } = check
  for (const path of files) if (!paths.has(path)) report.complaints.push(`${arenaFile} names ${path}, which is not there`)
  return { protocol, program: { language, paths: files }, args, ...(limits && { limits: limits as NonNullable<PlannedCheck['limits']> }) }
}
