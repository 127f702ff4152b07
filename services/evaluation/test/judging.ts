import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Compare, Limits } from '#contracts/common'
import type { AuthorFile, Checker } from '#contracts/judging'
import type { EvaluationJob } from '#contracts/submission'
import type { JudgingSource } from '../src/test-data.ts'
import type { ProgramJudging, Test } from '../src/usecases/judging-data.ts'

/** What tests of judging are made of: a problem, where it comes from, and a job. */
export const digestOf = (content: string) => createHash('sha256').update(content).digest('hex')

export type Problem = {
  tests: readonly [input: string, output: string][]
  limits?: Partial<Limits>
  compare?: Compare
  testCompare?: readonly (Compare | undefined)[]
  /** What else there is to know of the problem, and of each test, by its index. */
  judging?: Partial<ProgramJudging>
  testOf?: (index: number) => Partial<Test>
}
export const aPlusB: Problem = {
  tests: [
    ['1 2\n', '3\n'],
    ['10 -4\n', '6\n'],
    ['1000000000 1000000000\n', '2000000000\n'],
  ],
}
const blobIn = (folder: string) => (content: string) => {
  writeFileSync(join(folder, digestOf(content)), content, { mode: 0o644 })
  return digestOf(content)
}
/** Files of an author, the first with `main`. */
export const filesIn = (folder: string, files: Readonly<Record<string, string>>): AuthorFile[] =>
  Object.entries(files).map(([name, content]) => ({ name, digest: blobIn(folder)(content), bytes: Buffer.byteLength(content) }))
export const checkerIn = (folder: string, protocol: Checker['protocol'], language: string, files: Readonly<Record<string, string>>): Checker => ({
  protocol,
  program: { language, files: filesIn(folder, files), digest: digestOf(JSON.stringify(files)) },
  args: [],
})

/** The problem's tests, as files in a folder of the test's own. */
export function sourceIn(folder: string, problem: Problem): JudgingSource & { held: () => number } {
  const { tests, limits, compare = {}, testCompare, judging, testOf } = problem
  let held = 0
  const blob = blobIn(folder)
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
        ...testOf?.(index + 1),
      })),
      ...judging,
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
