import { readTextAnswer } from '../domain/text-answer.ts'
import { openChecking } from './checking.ts'
import type { Work } from './evaluate-program.ts'
import { findingOf, type Judged, judgeTests } from './judge-tests.ts'
import { timed } from './stages.ts'

/** Output-only: what was handed in is the output. Nothing of the participant's runs; what is missing is wrong. */
export async function evaluateText(work: Work): Promise<Judged & { readonly toolchain: string }> {
  const { judging, holding, times, text } = work
  const tests = await timed(times, 'fetchMs', () => holding.tests(judging.tests))
  const answer = readTextAnswer(text, tests.length)
  const checking = openChecking(work, judging)
  try {
    const judged = await judgeTests(tests, work, async (held) => {
      const output = answer.of(held.test)
      if (output === undefined) return { verdict: 'WA', detail: 'nothing was handed in for this test' }
      return findingOf(await timed(times, 'checkMs', () => checking.check(held, Buffer.from(output, 'utf8'))))
    })
    return { ...judged, toolchain: 'none' }
  } finally {
    await checking.close()
  }
}
