import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { before, describe, it } from 'node:test'
import { type Files, FilesError } from '#ports/files'

const digestOf = (content: Uint8Array) => createHash('sha256').update(content).digest('hex')
async function* inChunks(content: Uint8Array, size: number) {
  for (let at = 0; at < content.byteLength; at += size) yield content.subarray(at, at + size)
}
async function bytesOf(content: AsyncIterable<Uint8Array> | undefined) {
  assert.ok(content, 'there is such a blob')
  const chunks: Uint8Array[] = []
  for await (const chunk of content) chunks.push(chunk)
  return Buffer.concat(chunks)
}

/** `damage` puts other bytes where the store keeps a blob, behind the adapter's back. */
export const filesSuite = (name: string, open: () => Promise<Files>, damage: (digest: string, content: Uint8Array) => void | Promise<void>) =>
  describe(`${name} keeps the Files promise`, () => {
    let files: Files
    before(async () => {
      files = await open()
    })

    it('gives back the bytes under their SHA-256', async () => {
      const content = Buffer.from('3 4\n')
      const { digest, size } = await files.put(content)
      assert.deepEqual({ digest, size }, { digest: digestOf(content), size: 4 })
      assert.equal(await files.has(digest), true)
      assert.deepEqual(await bytesOf(await files.get(digest)), content)
    })

    it('takes a stream of many chunks, and an empty one', async () => {
      const content = Buffer.alloc(1_000_003, 'arena')
      const { digest, size } = await files.put(inChunks(content, 7_919))
      assert.equal(size, content.byteLength)
      assert.ok((await bytesOf(await files.get(digest))).equals(content))
      const empty = await files.put(inChunks(Buffer.alloc(0), 1))
      assert.equal((await bytesOf(await files.get(empty.digest))).byteLength, 0)
    })

    it('the same content put many times at once is one blob', async () => {
      const content = Buffer.alloc(200_000, 'same')
      const all = await Promise.all(Array.from({ length: 8 }, () => files.put(inChunks(content, 10_000))))
      assert.equal(new Set(all.map(({ digest }) => digest)).size, 1)
      assert.ok((await bytesOf(await files.get(digestOf(content)))).equals(content))
    })

    it('a stream that breaks off leaves no blob', async () => {
      const start = Buffer.from('half of it')
      const broken = async function* () {
        yield start
        throw new Error('the line broke')
      }
      await assert.rejects(files.put(broken()), /the line broke/)
      assert.equal(await files.has(digestOf(start)), false)
    })

    it('a large blob, read while others are written, comes back whole', async () => {
      const large = Buffer.alloc(9_000_001, 'large')
      const { digest } = await files.put(inChunks(large, 65_536))
      const reading = bytesOf(await files.get(digest))
      await Promise.all(Array.from({ length: 4 }, (_, at) => files.put(inChunks(Buffer.alloc(2_000_000, `other ${at}`), 65_536))))
      assert.ok((await reading).equals(large))
    })

    it('who stops reading early loses nothing and holds nothing up', async () => {
      const { digest } = await files.put(inChunks(Buffer.alloc(3_000_000, 'head'), 65_536))
      for (let at = 0; at < 40; at += 1) for await (const chunk of (await files.get(digest)) ?? []) if (chunk.byteLength > 0) break
      assert.equal((await bytesOf(await files.get(digest))).byteLength, 3_000_000)
    })

    it('other bytes than those of the digest end in an error, and putting the blob again mends it', async () => {
      const content = Buffer.alloc(300_000, 'true')
      const { digest } = await files.put(content)
      for (const wrong of [Buffer.alloc(300_000, 'lies'), content.subarray(0, 100_000), Buffer.concat([content, Buffer.from('!')]), Buffer.alloc(0)]) {
        await damage(digest, wrong)
        await assert.rejects(
          bytesOf(await files.get(digest)),
          (error) => error instanceof FilesError && error.retry === 'never' && /damaged/.test(error.message),
        )
      }
      await files.put(content)
      assert.ok((await bytesOf(await files.get(digest))).equals(content))
    })

    it('says that a blob is not there', async () => {
      const digest = digestOf(Buffer.from('never stored'))
      assert.equal(await files.get(digest), undefined)
      assert.equal(await files.has(digest), false)
    })

    it('refuses whatever is no digest, paths above all', async () => {
      for (const wrong of ['', '../../etc/passwd', 'A'.repeat(64), `${'a'.repeat(63)}/`, 'a'.repeat(65), `${'a'.repeat(64)}\n`]) {
        await assert.rejects(async () => files.get(wrong), /digest/)
        await assert.rejects(async () => files.has(wrong), /digest/)
      }
    })
  })
