import { compareWithin, parseDecimal } from './decimal.ts'
import { fail, ok, type Result } from './result.ts'

/**
 * The graders of questions, pure. The judge grades submissions by them, and the contest service the samples that anybody may try (docs/adr/0046): one
 * reading of an answer, wherever it is given.
 */
export type Grade = { readonly verdict: 'AC' | 'WA'; readonly score: number }
const right: Grade = { verdict: 'AC', score: 100 }
const wrong: Grade = { verdict: 'WA', score: 0 }

/** All or nothing: exactly the right options, in any order. What is not an option of the problem (a version changed meanwhile) is wrong. */
export function gradeChoice(problem: { readonly correct: readonly string[] }, choices: readonly string[]): Grade {
  const chosen = new Set(choices)
  return chosen.size === new Set(problem.correct).size && problem.correct.every((option) => chosen.has(option)) ? right : wrong
}

export type NumericKey = { readonly answer: string; readonly tolerance: { readonly absolute?: string; readonly relative?: string }; readonly unit?: string }
export type NumericAnswer = { readonly value: string; readonly unit?: string }

/**
 * Right when the number is within the tolerance and the unit, where the problem has one, is the same after spelling variants are levelled.
 * Whose the failure is when a number cannot be read: the participant's text was checked when it was handed in, so `answer` means it slipped through
 * (graded wrong, since the attempt is stored); `key` is the setter's.
 */
export function gradeNumeric(key: NumericKey, given: NumericAnswer): Result<Grade, { readonly unreadable: 'key'; readonly problem: string }> {
  const wanted = parseDecimal(key.answer)
  if (!wanted.ok) return fail({ unreadable: 'key', problem: `the answer ${key.answer}: ${wanted.error.problem}` })
  const tolerance: { absolute?: typeof wanted.value; relative?: typeof wanted.value } = {}
  for (const name of ['absolute', 'relative'] as const) {
    const text = key.tolerance[name]
    if (text === undefined) continue
    const parsed = parseDecimal(text)
    if (!parsed.ok) return fail({ unreadable: 'key', problem: `the ${name} tolerance ${text}: ${parsed.error.problem}` })
    tolerance[name] = parsed.value
  }
  const value = parseDecimal(given.value)
  if (!value.ok) return ok(wrong)
  if (key.unit !== undefined && normaliseUnit(given.unit ?? '') !== normaliseUnit(key.unit)) return ok(wrong)
  return ok(compareWithin(value.value, wanted.value, tolerance) ? right : wrong)
}

const raised: Readonly<Record<string, string>> = {
  '⁰': '0',
  '¹': '1',
  '²': '2',
  '³': '3',
  '⁴': '4',
  '⁵': '5',
  '⁶': '6',
  '⁷': '7',
  '⁸': '8',
  '⁹': '9',
  '⁻': '-',
  '⁺': '',
}

/** One spelling for micro (two code points), ohm, angstrom, multiplication dots, superscripts and spaces. Case stays: mW is not MW. */
export function normaliseUnit(text: string): string {
  return text
    .trim()
    .replace(/[⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺]+/gu, (run) => `^${[...run].map((sign) => raised[sign] ?? sign).join('')}`)
    .normalize('NFKC')
    .replace(/\u00b5/gu, 'μ')
    .replace(/[\u2212\u2010-\u2015]/gu, '-')
    .replace(/\*\*/g, '^')
    .replace(/\s*\/\s*/g, '/')
    .replace(/\s*\^\s*/g, '^')
    .replace(/\s*[·⋅∙×*]\s*|\s+/gu, '*')
    .replace(/\^\((-?\d+)\)/g, '^$1')
    .replace(/\^1(?!\d)/g, '')
}
