import type { CaseResult } from './judge-case.ts'

const widths = { id: 46, about: 58, expected: 9 }
const cut = (text: string, width: number) => (text.length > width ? `${text.slice(0, width - 1)}…` : text.padEnd(width))

export const tableHead = [
  cut('case', widths.id),
  cut('what it does or tries', widths.about),
  cut('expected', widths.expected),
  'seen',
  '   ms',
  '  MiB',
  '',
].join('  ')

/** A line a case; one that is not as it should be is followed by what is wrong. */
export function tableLines({ case: each, judged, problems, skipped, elapsedMs }: CaseResult): readonly string[] {
  const state = skipped === undefined ? (problems.length === 0 ? 'ok' : 'FAILED') : `skipped: ${skipped}`
  const told = [(judged?.verdict ?? '–').padEnd(4), elapsedMs.toFixed(0).padStart(5), ((judged?.memoryBytes ?? 0) / 1024 ** 2).toFixed(1).padStart(5)]
  const line = [cut(each.id, widths.id), cut(each.about, widths.about), cut(each.expect.join(' or '), widths.expected), ...told, state].join('  ')
  return [line, ...problems.map((problem) => `    ${problem.replaceAll('\n', '\n    ')}`)]
}

export function summaryOf(results: readonly CaseResult[], onTheHost: readonly string[]): string {
  const skipped = results.filter((result) => result.skipped !== undefined).length
  const failed = results.filter((result) => result.problems.length > 0).length
  const hostile = results.filter((result) => result.case.hostile && result.skipped === undefined).length
  return [
    `${results.length - skipped - failed} ok, ${failed} failed, ${skipped} skipped (${hostile} hostile programs were judged)`,
    onTheHost.length === 0 ? 'nothing was left on the host' : `${onTheHost.length} finding${onTheHost.length === 1 ? '' : 's'} on the host`,
  ].join('; ')
}
