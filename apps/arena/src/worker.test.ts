import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { it } from 'node:test'
import type { Log } from '#kit/log'
import { superviseWorker } from './worker.ts'

it('a worker that could not be started for lack of processes is tried again', { timeout: 10_000 }, async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'arena-worker-'))
  const failures: string[] = []
  const note = (_fields: object, message: string) => void failures.push(message)
  const log: Log = { debug: note, info: note, warn: note, error: note, child: () => log }
  const own = process.execPath
  t.mock.timers.enable({ apis: ['setTimeout'] })
  process.execPath = join(folder, 'no-node-here')
  const worker = superviseWorker({}, join(folder, 'log'), log)
  const failed = async (times: number) => {
    while (failures.length < times) {
      t.signal.throwIfAborted()
      await new Promise((resolve) => setImmediate(resolve))
    }
  }
  try {
    await failed(1)
    t.mock.timers.tick(10_000)
    await failed(2)
  } finally {
    await worker.stop()
    process.execPath = own
    rmSync(folder, { recursive: true })
  }
  assert.equal(failures.length, 2)
})
