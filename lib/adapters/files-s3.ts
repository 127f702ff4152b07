/**
 * Blobs in an S3-compatible store, each an object of its own: `[prefix/]ab/cd/<digest>`.
 *
 * A blob is hashed before it is sent: in memory up to a mebibyte, beyond in a temporary file that has no name any more, so that a crash leaves nothing.
 * So it is sent once, under its final name, with the SHA-256 that the request is signed with: the store refuses bytes that were changed on the way, an
 * object is seen only when it is whole, nothing has to be renamed or cleared away, and a try that failed can be repeated. What is there already is
 * sent again all the same, which mends a damaged object.
 *
 * A read that breaks off goes on where it broke off. The store is not believed: bytes that are not those of the digest end in an error.
 */
import { createHash, randomUUID } from 'node:crypto'
import { type FileHandle, open, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { type Files, FilesError } from '#ports/files'
import { assertDigest, verified } from './files-digest.ts'
import { parseS3Address } from './files-s3-address.ts'
import { openS3Client, type S3Answer, type S3Body, type S3Client, type S3Patience } from './files-s3-client.ts'

const memoryBytes = 1024 ** 2
/** What S3 takes in one request. */
const largestBytes = 5 * 1024 ** 3

/** @throws FilesError when the store answers and refuses us; one that cannot be reached now may come back, so that is told by the calls. */
export async function openS3Files(url: string, patience: S3Patience = {}): Promise<Files> {
  const client = openS3Client(parseS3Address(url), patience)
  await assertAdmitted(client)
  return {
    put: async (content) => {
      const spooled = await spool(content)
      try {
        const { digest, size, open } = spooled
        const answer = await client.send({ method: 'PUT', key: keyOf(digest), body: { open, size, sha256: digest } })
        answer?.body.resume()
        return { digest, size }
      } finally {
        await spooled.close()
      }
    },
    get: async (digest) => {
      assertDigest(digest)
      const first = await client.send({ method: 'GET', key: keyOf(digest) })
      return first && verified(digest, resumed(client, keyOf(digest), first))
    },
    has: async (digest) => {
      assertDigest(digest)
      if ((await client.send({ method: 'HEAD', key: keyOf(digest) })) !== undefined) return true
      // a HEAD cannot tell a missing bucket from a missing object, and "there is none" must not be said of the first
      const body = (await client.send({ method: 'GET', key: keyOf(digest) }))?.body
      body?.destroy()
      return body !== undefined
    },
  }
}

const keyOf = (digest: string) => `${digest.slice(0, 2)}/${digest.slice(2, 4)}/${digest}`

async function assertAdmitted(client: S3Client): Promise<void> {
  try {
    ;(await client.send({ method: 'GET', key: 'is-this-the-arena' }))?.body.destroy()
  } catch (cause) {
    if (!(cause instanceof FilesError) || cause.retry === 'never') throw cause
  }
}

/** The body from its first byte to its last over as many answers as it takes; tries count anew after each that brought something. */
async function* resumed(client: S3Client, key: string, first: S3Answer): AsyncGenerator<Uint8Array> {
  let answer: S3Answer = first
  let at = 0
  for (let tried = 1; ; tried += 1) {
    /** Of this answer, bytes to pass over: a store that knows no ranges begins anew. */
    let skip = answer.status === 206 ? 0 : at
    try {
      for await (const chunk of answer.body as AsyncIterable<Uint8Array>) {
        const fresh = chunk.subarray(Math.min(skip, chunk.byteLength))
        skip -= chunk.byteLength - fresh.byteLength
        at += fresh.byteLength
        if (fresh.byteLength > 0) tried = 0
        yield fresh
      }
      return
    } catch (cause) {
      await client.pause(tried, new FilesError('a blob broke off again and again while it was read', { retry: 'later', cause }))
    }
    const next = await client.send({ method: 'GET', key, from: at })
    if (next === undefined) throw new FilesError('a blob was removed from the store while it was read', { retry: 'never' })
    answer = next
  }
}

type Spooled = { readonly digest: string; readonly size: number; readonly open: () => S3Body; close(): Promise<void> }

/** Holds the content where it can be read as often as needed. */
async function spool(content: AsyncIterable<Uint8Array> | Uint8Array): Promise<Spooled> {
  const hash = createHash('sha256')
  const kept: Uint8Array[] = []
  let size = 0
  let file: FileHandle | undefined
  try {
    for await (const chunk of content instanceof Uint8Array ? [content] : content) {
      hash.update(chunk)
      size += chunk.byteLength
      if (size > largestBytes) throw new FilesError('a blob in an S3 store has 5 GiB at most', { retry: 'never' })
      if (file === undefined && size > memoryBytes && !(content instanceof Uint8Array)) file = await openNameless(kept.splice(0))
      if (file === undefined) kept.push(chunk)
      else await file.appendFile(chunk)
    }
  } catch (cause) {
    await file?.close()
    throw cause
  }
  const handle = file
  const open = handle === undefined ? whole(Buffer.concat(kept)) : () => Readable.from(chunksOf(handle))
  return { digest: hash.digest('hex'), size, open, close: async () => handle?.close() }
}

const whole = (bytes: Uint8Array) => () => bytes

/** From the first byte. (A read stream would close the file with the first try that fails.) */
async function* chunksOf(file: FileHandle): AsyncGenerator<Uint8Array> {
  for (let at = 0; ; ) {
    const { bytesRead, buffer } = await file.read(Buffer.allocUnsafe(65_536), 0, 65_536, at)
    if (bytesRead === 0) return
    at += bytesRead
    yield buffer.subarray(0, bytesRead)
  }
}

/** A temporary file that is gone from its folder at once, with these bytes in it. */
async function openNameless(start: readonly Uint8Array[]): Promise<FileHandle> {
  const path = join(tmpdir(), `arena-blob-${randomUUID()}`)
  const file = await open(path, 'wx+', 0o600)
  try {
    await rm(path)
    for (const chunk of start) await file.appendFile(chunk)
    return file
  } catch (cause) {
    await file.close()
    throw cause
  }
}
