import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { describe, it } from 'node:test'
import { type Files, FilesError } from '#ports/files'
import { filesSuite } from '#ports/suites/files.suite'
import { openFaultProxy } from '#testkit/fault-proxy'
import { startTestS3 } from '#testkit/s3'
import { openS3Files } from './files-s3.ts'
import { parseS3Address } from './files-s3-address.ts'

const s3 = await startTestS3()
/** Pauses of a test are short, so that many tries are over soon. */
const patience = { pauseMs: 5 }
const open = () => openS3Files(s3.url(), patience)

filesSuite('S3', open, s3.damage)

const large = Buffer.alloc(3_000_017, 'a line of test data\n')
const largeDigest = createHash('sha256').update(large).digest('hex')
async function* inChunks(content: Uint8Array) {
  for (let at = 0; at < content.byteLength; at += 65_536) yield content.subarray(at, at + 65_536)
}
async function read(files: Files, digest: string): Promise<Buffer> {
  const content = await files.get(digest)
  assert.ok(content, 'there is such a blob')
  const chunks: Uint8Array[] = []
  for await (const chunk of content) chunks.push(chunk)
  return Buffer.concat(chunks)
}
const isFilesError = (retry: 'later' | 'never', message: RegExp) => (error: unknown) => {
  assert.ok(error instanceof FilesError, String(error))
  assert.match(error.message, message)
  assert.equal(error.retry, retry)
  assert.doesNotMatch(`${error.message} ${String(error.cause)}`, /S3RVER|wrong-secret/)
  return true
}
const busy = { kind: 'status', status: 503, code: 'SlowDown' } as const

describe('a store that is not well', () => {
  it('is asked again when it is busy, and the upload is sent anew from its first byte', async () => {
    const files = await open()
    s3.fail(busy, busy, { kind: 'status', status: 500, code: 'InternalError' })
    assert.equal((await files.put(inChunks(large))).digest, largeDigest)
    s3.fail(busy, busy)
    assert.ok((await read(files, largeDigest)).equals(large))
  })

  it('is given up after five tries, as something that passes', async () => {
    const files = await open()
    s3.fail(busy, busy, busy, busy, busy)
    await assert.rejects(files.put(Buffer.from('x')), isFilesError('later', /is not well: 503 SlowDown/))
    assert.equal(await files.has(createHash('sha256').update('x').digest('hex')), false)
  })

  it('may cut an answer as often as it likes while something comes: the read goes on where it broke off', async () => {
    const files = await open()
    await files.put(large)
    s3.fail(...[1_000, 400_000, 1, 700_000, 50_000, 100_000, 200_000].map((afterBytes) => ({ kind: 'cut', afterBytes }) as const))
    assert.ok((await read(files, largeDigest)).equals(large))
  })

  it('that is gone is told to be unreachable, and is there again after its restart', async () => {
    const files = await open()
    await files.put(large)
    await s3.stop()
    await assert.rejects(files.get(largeDigest), isFilesError('later', /cannot be reached: ECONNREFUSED/))
    await assert.rejects(files.put(large), isFilesError('later', /cannot be reached/))
    assert.ok(await openS3Files(s3.url(), { pauseMs: 1 }), 'a service may start before its store')
    await s3.start()
    assert.ok((await read(files, largeDigest)).equals(large))
  })
})

describe('a bad line to the store', () => {
  it('a reset in the middle of an upload or a download costs a try', async (context) => {
    const proxy = await openFaultProxy({ host: '127.0.0.1', port: s3.port })
    context.after(() => proxy.close())
    const files = await openS3Files(s3.url({ port: proxy.port }), patience)
    s3.fail({ kind: 'hang-up', afterBytes: 100_000 }, { kind: 'hang-up', afterBytes: 2_000_000 })
    assert.equal((await files.put(inChunks(large))).digest, largeDigest)
    let resets = 0
    const content = (await files.get(largeDigest)) as AsyncIterable<Uint8Array>
    const got: Uint8Array[] = []
    for await (const chunk of content) {
      got.push(chunk)
      if (resets < 3) {
        proxy.resetAll()
        resets += 1
      }
    }
    assert.ok(Buffer.concat(got).equals(large))
    assert.equal(resets, 3)
  })

  it('a slow line is no fault; one on which nothing moves is given up', async (context) => {
    const proxy = await openFaultProxy({ host: '127.0.0.1', port: s3.port })
    context.after(() => proxy.close())
    const files = await openS3Files(s3.url({ port: proxy.port }), patience)
    const impatient = await openS3Files(s3.url({ port: proxy.port }), { ...patience, silenceMs: 300, tries: 2 })
    proxy.mode({ kind: 'slow', latencyMs: 5 })
    assert.equal((await files.put(inChunks(large))).digest, largeDigest)
    proxy.mode({ kind: 'stall' })
    await assert.rejects(read(impatient, largeDigest), isFilesError('later', /cannot be reached/))
    proxy.mode({ kind: 'forward' })
    assert.ok((await read(files, largeDigest)).equals(large))
  })
})

describe('what the operator has to mend is said in a line, without the keys', () => {
  it('at the start: a missing bucket, an unknown key, a wrong secret', async () => {
    await assert.rejects(openS3Files(s3.url({ bucket: 'not-made-yet' })), isFilesError('never', /NoSuchBucket; bucket not-made-yet.*make it/))
    await assert.rejects(openS3Files(s3.url({ key: 'nobody' })), isFilesError('never', /InvalidAccessKeyId.*does not know the access key/))
    await assert.rejects(openS3Files(s3.url({ secret: 'wrong-secret' })), isFilesError('never', /SignatureDoesNotMatch.*secret key/))
  })

  it('what is refused is not tried again', async () => {
    const files = await open()
    const before = s3.seen.length
    s3.fail({ kind: 'status', status: 403, code: 'AccessDenied' })
    await assert.rejects(files.put(Buffer.from('x')), isFilesError('never', /AccessDenied.*ListBucket/))
    assert.equal(s3.seen.length, before + 1)
  })

  it('a HEAD that finds nothing is not believed when the bucket is gone', async () => {
    const files = await open()
    s3.fail({ kind: 'status', status: 404, code: 'NoSuchBucket' }, { kind: 'status', status: 404, code: 'NoSuchBucket' })
    await assert.rejects(files.has(largeDigest), isFilesError('never', /NoSuchBucket/))
  })
})

it('an upload is signed with the digest of its content, so that a store refuses other bytes', async () => {
  const files = await open()
  await files.put(inChunks(large))
  const put = s3.seen.findLast(({ method }) => method === 'PUT')
  assert.equal(put?.headers['x-amz-content-sha256'], largeDigest)
  assert.equal(put?.headers['content-length'], String(large.byteLength))
  assert.equal(put?.path, `/arena-files/${largeDigest.slice(0, 2)}/${largeDigest.slice(2, 4)}/${largeDigest}`)
})

describe('the address of a store', () => {
  const digest = 'ab/cd/abcd'
  it('names bucket and prefix in the path, or the bucket in the host', () => {
    const inPath = parseS3Address('s3://key:sec%2Fret%2B@minio:9000/arena/files/one?tls=off')
    assert.deepEqual([inPath.origin, inPath.pathOf(digest), inPath.region], ['http://minio:9000', '/arena/files/one/ab/cd/abcd', 'us-east-1'])
    assert.equal(inPath.secretAccessKey, 'sec/ret+')
    const inHost = parseS3Address('s3://key:secret@s3.af-south-1.amazonaws.com/arena?style=host&region=af-south-1')
    assert.deepEqual([inHost.origin, inHost.pathOf(digest)], ['https://arena.s3.af-south-1.amazonaws.com', '/ab/cd/abcd'])
    assert.deepEqual([inHost.region, inHost.host], ['af-south-1', 'arena.s3.af-south-1.amazonaws.com'])
  })

  it('is refused in a line that shows the form and nothing of what was given', () => {
    const wrong = [
      's3://host/bucket',
      's3://key@host/bucket',
      's3://key:hidden@host',
      's3://key:hidden@host/b/../x y',
      's3://key:hidden@host/UP',
      'https://a:hidden@b/c',
      'x',
    ]
    for (const url of [...wrong, 's3://key:hidden@host/bucket?tsl=off', 's3://key:hidden@host/bucket?style=vhost'])
      assert.throws(
        () => parseS3Address(url),
        (error: Error) => /address of (an|the) S3 store/.test(error.message) && !error.message.includes('hidden') && !error.message.includes('\n'),
        url,
      )
  })
})
