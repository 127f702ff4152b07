import { createHash } from 'node:crypto'
import { FilesError } from '#ports/files'

/** @throws whatever is no SHA-256 in lower-case hex, before it becomes part of a path. */
export function assertDigest(digest: string): void {
  if (!/^[0-9a-f]{64}$/.test(digest)) throw new Error(`not a digest: ${JSON.stringify(digest.slice(0, 80))}`)
}

/** The same bytes; fails after the last one when they are not those of the digest. */
export async function* verified(digest: string, content: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const hash = createHash('sha256')
  for await (const chunk of content) {
    hash.update(chunk)
    yield chunk
  }
  if (hash.digest('hex') !== digest) throw new FilesError(`the blob ${digest} is damaged in the store: its bytes have another digest`, { retry: 'never' })
}
