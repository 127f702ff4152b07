import type { Judging } from '#contracts/contest'
import type { AuthorFile } from '#contracts/judging'
import type { SourceFile } from '../domain/program-files.ts'
import type { Held, JudgingSource } from '../test-data.ts'
import { readWhole } from './read-whole.ts'

export type ProgramJudging = Extract<Judging, { kind: 'program' }>
export type Test = ProgramJudging['tests'][number]
export type HeldTest = { readonly test: Test; readonly input: Held; readonly output: Held }

/** What one judging holds of test data, until it is over. */
export type Holding = {
  /** In the order of their indexes. */
  tests(tests: readonly Test[]): Promise<readonly HeldTest[]>
  /** An author's files, whole. */
  files(files: readonly AuthorFile[]): Promise<readonly SourceFile[]>
  release(): void
}

export function openHolding(source: Pick<JudgingSource, 'hold'>): Holding {
  const releases: (() => void)[] = []
  const hold = async (digest: string) => {
    const held = await source.hold(digest)
    releases.push(held.release)
    return held
  }
  return {
    async tests(tests) {
      const held: HeldTest[] = []
      for (const test of [...tests].sort((a, b) => a.index - b.index)) held.push({ test, input: await hold(test.input), output: await hold(test.output) })
      return held
    },
    async files(files) {
      const contents: SourceFile[] = []
      for (const { name, digest } of files) contents.push({ name, content: await readWhole(await hold(digest)) })
      return contents
    },
    release() {
      for (const release of releases.splice(0)) release()
    },
  }
}
