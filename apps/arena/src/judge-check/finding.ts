import type { Case } from './cases.ts'

/** What the judge said of a case, as far as the corpus has an opinion on it. */
export type Judged = {
  readonly verdict: string
  readonly cpuMs: number
  readonly wallMs: number
  readonly memoryBytes: number
  readonly compileLog: string | null
  readonly tests: readonly { readonly verdict: string; readonly detail?: string }[]
}

/** Everything that is not as the case says; empty: it is right. `secret` must not occur in anything that was told. */
export function findProblems(expected: Case, judged: Judged, secret: string): readonly string[] {
  const problems: string[] = []
  const words = [judged.compileLog ?? '', ...judged.tests.map((test) => test.detail ?? '')].join('\n')
  if (!expected.expect.some((verdict) => verdict === judged.verdict))
    problems.push(`${judged.verdict} instead of ${expected.expect.join(' or ')}${words.trim() === '' ? '' : `: ${words.trim().slice(0, 400)}`}`)
  expected.tests.forEach(({ verdict }, index) => {
    const seen = judged.tests[index]?.verdict
    if (verdict !== undefined && seen !== verdict) problems.push(`test ${index + 1} is ${seen} instead of ${verdict}: ${judged.tests[index]?.detail ?? ''}`)
  })
  const { cpuMs, wallMs, memoryMiB } = expected.bounds
  const within = (what: string, value: number, bounds: readonly [number, number] | undefined) => {
    if (bounds !== undefined && (value < bounds[0] || value > bounds[1])) problems.push(`${what} ${value.toFixed(1)} is not within ${bounds.join(' to ')}`)
  }
  within('CPU ms', judged.cpuMs, cpuMs)
  within('elapsed ms', judged.wallMs, wallMs)
  within('MiB', judged.memoryBytes / 1024 ** 2, memoryMiB)
  if (expected.says !== undefined && !expected.says.test(words)) problems.push(`nothing told fits ${expected.says}: ${words.trim().slice(0, 400)}`)
  if (JSON.stringify(judged).includes(secret)) problems.push("the host's secret came back")
  return problems
}
