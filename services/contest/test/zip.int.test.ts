import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { BadZip, withZip } from '../src/zip.ts'
import { tampered, zipOf } from './zip-maker.ts'

// a temporary folder of its own: another file watches the common one
const folder = mkdtempSync(join(tmpdir(), 'zip-test-'))
process.env.TMPDIR = folder
after(() => rmSync(folder, { recursive: true, force: true }))

describe('an archive opened without trust', () => {
  it('tells the reader of an entry that broke before it was read, and ends nothing else', async () => {
    const lying = tampered(await zipOf({ 'a.in': Buffer.alloc(200_000, 'x') }), (record) => record.writeUInt32LE(10, 24))
    const said = await withZip(once(lying), async (zip) => {
      const stream = await zip.read('a.in')
      // the stream breaks meanwhile: without somebody hearing it, that would be an uncaught exception and the end of this process
      await sleep(50)
      await assert.rejects(async () => {
        for await (const _ of stream);
      }, BadZip)
      return 'still here'
    })
    assert.deepEqual(said, { ok: true, value: 'still here' })
  })
})

async function* once(bytes: Uint8Array) {
  yield bytes
}
