import type { TestVerdict, Verdict } from '#contracts/common'

/**
 * The verdict of a program from its tests. It is the first failing test, in the problem's order, that names it: with `stopAtFirstFailure`
 * (ICPC) nothing after it runs and those tests are SKIPPED; without, all run and the verdict is the same one. So judging tests side by side, or in any
 * order, gives the same answer.
 *
 * Score, 0 to 100: 100 for AC, else 0. Partial credit is a promise to participants (which tests count how much), and belongs to the problem as groups of tests
 * (`score-groups.ts`), not to a guess of ours from the number of tests.
 */
export type TestOutcome = { readonly index: number; readonly verdict: TestVerdict }

export function foldVerdict(tests: readonly TestOutcome[]): { readonly verdict: Verdict; readonly score: number } {
  const inOrder = [...tests].sort((a, b) => a.index - b.index)
  const failing = inOrder.find((test) => test.verdict !== 'AC' && test.verdict !== 'SKIPPED')
  if (failing !== undefined) return { verdict: failing.verdict as Verdict, score: 0 }
  // Nothing failed: only when every test has run may that be called accepted.
  const allRan = inOrder.length > 0 && inOrder.every((test) => test.verdict === 'AC')
  return allRan ? { verdict: 'AC', score: 100 } : { verdict: 'RE', score: 0 }
}

export const endsRun = (verdict: TestVerdict, stopAtFirstFailure: boolean): boolean => stopAtFirstFailure && verdict !== 'AC'

/**
 * Tests that ran out of time hold a core for as long as they may. A program is scored all or nothing, so after three of them nothing is left to find out,
 * and the others go first.
 */
export const hasWasted = (tests: readonly { readonly verdict: TestVerdict }[]): boolean => tests.filter(({ verdict }) => verdict === 'TLE').length >= 3

/**
 * May a time limit have been missed through the machine's noise? Then the test is run once more before it is told. Either the program came to its
 * end slightly over the CPU limit (see `testLimits`), or the wall clock stopped one that was not asleep: for a quarter of the time it computed, or was
 * ready to and others had its core.
 */
export const isNearMiss = (
  ran: { readonly outcome: string; readonly cpu: number; readonly wall: number; readonly starved?: number },
  limitMs: number,
): boolean => (ran.outcome === 'wallExceeded' ? (ran.cpu + (ran.starved ?? 0)) * 4 >= ran.wall : ran.outcome !== 'cpuExceeded' && ran.cpu > limitMs)
