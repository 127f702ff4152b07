import assert from 'node:assert/strict'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { type Bait, layBait } from '#arena/judge-check/bait'
import { readCorpus } from '#arena/judge-check/cases'
import { judgeCase } from '#arena/judge-check/judge-case'
import { leftBySandbox, strayProcesses } from '#arena/judge-check/remains'
import type { Sandbox } from '#ports/sandbox'

export const corpus = readCorpus(join(import.meta.dirname, '..', '..', 'judge-corpus'))
/** Boxes at once. More than the cores of a small machine: those that sleep keep nobody waiting. */
export const corpusSlots = 3

/** Every case of the corpus in one sandbox, a test each; then the host is looked over. */
export const corpusSuite = (name: string, open: () => Promise<Sandbox>, skip: string | false) =>
  describe(`the judge corpus in ${name}`, { skip }, () => {
    let sandbox: Sandbox
    let bait: Bait
    before(async () => {
      ;[sandbox, bait] = await Promise.all([open(), layBait()])
    })
    after(async () => {
      await sandbox?.close()
      await bait?.close()
    })

    describe('gives each program its verdict', { concurrency: corpusSlots }, () => {
      for (const each of corpus) {
        it(`${each.id}: ${each.expect.join(' or ')}`, async (test) => {
          const { problems, skipped } = await judgeCase(sandbox, each, bait)
          if (skipped !== undefined) return test.skip(skipped)
          assert.deepEqual(problems, [], each.about)
        })
      }
    })
    it('leaves no process behind, and nothing of the host was touched', () => assert.deepEqual([...strayProcesses(), ...bait.findings()], []))
    it('leaves nothing at all when the sandbox is closed', async () => {
      await sandbox.close()
      assert.deepEqual(leftBySandbox(), [])
    })
  })
