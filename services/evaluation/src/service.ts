import { availableParallelism } from 'node:os'
import { join, resolve } from 'node:path'
import { mebibytes, seconds } from '#kernel/units'
import { defineService } from '#kit/define-service'
import { openArtefacts } from './artefacts.ts'
import { openLanes } from './consumers.ts'
import { observedSandbox, observeOutcome } from './observe.ts'
import { openJudgingSource } from './test-data.ts'

const silentTooLongMs = 30_000
/** About 500 programs in C++. */
const mostCompiledBytes = mebibytes(1024)

/** Takes submissions from the queue, judges them, tells the result. Owns nothing durable. */
export const evaluationService = defineService({
  name: 'evaluation',
  migrations: 'none',
  build: async ({ bus, clock, ids, log, metrics, tracing, peers, config, openSandbox }) => {
    const source = await openJudgingSource({ peers, folder: resolve(join(config.dataDir, 'cache', 'test-data')) })
    const artefacts = await openArtefacts({ folder: resolve(join(config.dataDir, 'cache', 'programs')), maxBytes: mostCompiledBytes, log })
    const concurrency = config.judgeSlots ?? availableParallelism()
    const lanes = openLanes({
      bus,
      clock,
      log,
      workerId: ids.next(),
      source,
      openSandbox: async () => observedSandbox(await openSandbox(), { metrics, tracing, clock }),
      artefacts,
      concurrency,
      told: (job, outcome) => observeOutcome({ metrics }, job, outcome),
    })
    return {
      jobs: [
        { name: 'announce the state of the judge', every: seconds(5), run: () => lanes.announce() },
        { name: 'look for a sandbox', every: seconds(5), run: () => lanes.retry() },
      ],
      checks: async () => {
        const { sandbox, reason } = lanes.status()
        return {
          queue: { ok: clock.now() - lanes.lastPollAt() < silentTooLongMs },
          // Without a sandbox quizzes work and programs wait: ready, but not silent about it.
          sandbox: { ok: true, detail: sandbox ?? `programs wait: ${reason}` },
        }
      },
      start: () => lanes.start(),
      stop: async () => {
        await lanes.stop()
        await artefacts.settled()
      },
    }
  },
})
