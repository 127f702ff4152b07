import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Compare, Limits } from '#contracts/common'
import type { EvaluationJob } from '#contracts/submission'
import type { JudgingSource } from '../src/test-data.ts'

/** What tests of judging are made of: a problem, where it comes from, and a job. */
export const digestOf = (content: string) => createHash('sha256').update(content).digest('hex')

export type Problem = {
  tests: readonly [input: string, output: string][]
  limits?: Partial<Limits>
  compare?: Compare
  testCompare?: readonly (Compare | undefined)[]
}
export const aPlusB: Problem = {
  tests: [
    ['1 2\n', '3\n'],
    ['10 -4\n', '6\n'],
    ['1000000000 1000000000\n', '2000000000\n'],
  ],
}
/** The problem's tests, as files in a folder of the test's own. */
export function sourceIn(folder: string, { tests, limits, compare = {}, testCompare }: Problem): JudgingSource & { held: () => number } {
  let held = 0
  const blob = (content: string) => {
    writeFileSync(join(folder, digestOf(content)), content, { mode: 0o644 })
    return digestOf(content)
  }
  return {
    held: () => held,
    judging: async () => ({
      kind: 'program',
      limits: { cpuMs: 1000, memoryBytes: 64 * 1024 ** 2, ...limits },
      compare,
      dataDigest: digestOf(JSON.stringify(tests)),
      tests: tests.map(([input, output], index) => ({
        index: index + 1,
        sample: index === 0,
        input: blob(input),
        inputBytes: input.length,
        output: blob(output),
        outputBytes: output.length,
        ...(testCompare?.[index] && { compare: testCompare[index] }),
      })),
    }),
    hold: async (digest) => {
      held++
      const content = readFileSync(join(folder, digest))
      return { path: join(folder, digest), content: content.length > 64 * 1024 ? undefined : content, release: () => void held-- }
    },
  }
}
const id = '00000000-0000-7000-8000-000000000001'
export const jobFor = (language: string, source: string, rest: Partial<EvaluationJob> = {}): EvaluationJob => ({
  submissionId: id,
  attempt: 1,
  userId: id,
  contestId: null,
  problemId: id,
  problemVersion: 1,
  kind: 'program',
  lane: 'practice',
  stopAtFirstFailure: true,
  language,
  source,
  answer: null,
  submittedAt: '2026-01-01T00:00:00Z',
  ...rest,
})
export const calm = () => ({ signal: new AbortController().signal, progress: () => undefined })
