/**
 * The short run that tests make: one fault of each kind at least. The plan is always the same, what it hits inside is the machine's; `ARENA_TEST_SEED` draws
 * another one.
 */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Ground, Size } from './ground.ts'
import { pageOf } from './report.ts'
import { runChaos } from './run.ts'

const faults = 10
const submissions = 150

export function testShortChaos(size: Size, usualSeed: number, stand: () => Promise<Ground>): void {
  const seed = Number(process.env.ARENA_TEST_SEED ?? usualSeed)
  test(`${faults} faults over ${submissions} submissions, size ${size}, seed ${seed}: every promise is kept`, { timeout: 420_000 }, async (t) => {
    // nothing here depends on how fast the machine is: the ten seconds are measured by the full run
    const outcome = await runChaos(await stand(), { seed, faults, submissions, restartsWithinMs: 120_000, tell: (line) => t.diagnostic(line) })
    for (const { promise, holds, detail } of outcome.promises) t.diagnostic(`${holds ? 'kept' : 'BROKEN'}: ${promise} (${detail})`)
    // none given up among them: ten faults are fewer than the interruptions a job may have (docs/adr/0035)
    assert.ok(
      outcome.promises.every(({ holds }) => holds),
      pageOf(outcome),
    )
  })
}
