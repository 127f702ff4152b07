import type { Compare } from '#contracts/common'
import type { PackageReport } from './package-plan.ts'

const tolerancesOf: Readonly<Record<string, readonly ('floatAbsoluteTolerance' | 'floatRelativeTolerance')[]>> = {
  float_tolerance: ['floatAbsoluteTolerance', 'floatRelativeTolerance'],
  float_absolute_tolerance: ['floatAbsoluteTolerance'],
  float_relative_tolerance: ['floatRelativeTolerance'],
}
/** As the formats since 2023-07 write numbers; the legacy one does not say. */
const written = /^[+-]?(\d*\.\d+|\d+\.|\d+)([eE][+-]?\d+)?$/

function toleranceFault(names: readonly string[], word: string): string | undefined {
  if (names.length === 0) return 'is not known'
  return written.test(word) && Number.isFinite(Number(word)) && Number(word) >= 0 ? undefined : 'has no number of 0 or more behind it'
}

/**
 * Arguments of the default output validator. A flag that it does not have is a complaint: unread, it would change verdicts.
 * @param isStrict a tolerance given twice is a mistake, as the format since 2025-09 says; else the later holds, as with the reference.
 */
export function compareOfFlags(words: readonly string[], isStrict: boolean, report: PackageReport): Compare {
  const compare: { -readonly [K in keyof Compare]: Compare[K] } = {}
  const given = [...words]
  while (given.length > 0) {
    const flag = given.shift() ?? ''
    if (flag === 'case_sensitive') compare.caseSensitive = true
    else if (flag === 'space_change_sensitive') compare.spaceChangeSensitive = true
    else {
      const names = (Object.hasOwn(tolerancesOf, flag) && tolerancesOf[flag]) || []
      const word = names.length > 0 ? (given.shift() ?? '') : ''
      const problem =
        toleranceFault(names, word) ?? (isStrict && names.some((name) => compare[name] !== undefined) ? 'gives a tolerance a second time' : undefined)
      if (problem !== undefined) {
        report.complaints.push(`the validator flag ${flag.slice(0, 40)} ${problem}`)
        return compare
      }
      for (const name of names) compare[name] = Number(word)
    }
  }
  return compare
}

/** The other way round, for export: the default validator's arguments. */
export function flagsOfCompare({ caseSensitive, spaceChangeSensitive, floatAbsoluteTolerance, floatRelativeTolerance }: Compare): string[] {
  const isBoth = floatAbsoluteTolerance !== undefined && floatAbsoluteTolerance === floatRelativeTolerance
  return [
    ...(caseSensitive ? ['case_sensitive'] : []),
    ...(spaceChangeSensitive ? ['space_change_sensitive'] : []),
    ...(isBoth ? ['float_tolerance', String(floatAbsoluteTolerance)] : []),
    ...(!isBoth && floatAbsoluteTolerance !== undefined ? ['float_absolute_tolerance', String(floatAbsoluteTolerance)] : []),
    ...(!isBoth && floatRelativeTolerance !== undefined ? ['float_relative_tolerance', String(floatRelativeTolerance)] : []),
  ]
}
