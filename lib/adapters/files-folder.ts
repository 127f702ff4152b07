/**
 * Blobs in a folder: `ab/cd/<digest>`, two levels so that no folder grows large. A blob is written under `incoming/`, synced, renamed to its name
 * and the folder synced, so that a name is only ever seen with all of its bytes. Two writers of the same content end in the same file.
 */
import { createHash, randomUUID } from 'node:crypto'
import { type FileHandle, mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Files } from '#ports/files'
import { assertDigest, verified } from './files-digest.ts'

/** What a killed writer left is removed by the first start that finds it this old; a younger one may still be written. */
const abandonedAfterMs = 24 * 3_600_000

export async function openFolderFiles(folder: string): Promise<Files> {
  const incoming = join(folder, 'incoming')
  await mkdir(incoming, { recursive: true, mode: 0o700 })
  await removeAbandoned(incoming)
  const pathOf = (digest: string) => {
    assertDigest(digest)
    return join(folder, digest.slice(0, 2), digest.slice(2, 4), digest)
  }
  return {
    put: async (content) => {
      const path = join(incoming, randomUUID())
      try {
        const { digest, size } = await writeSynced(path, content)
        await moveInto(folder, path, digest)
        return { digest, size }
      } catch (error) {
        await rm(path, { force: true })
        throw error
      }
    },
    get: async (digest) => {
      const file = await openIfThere(pathOf(digest))
      return file && verified(digest, file.createReadStream())
    },
    has: async (digest) => (await statIfThere(pathOf(digest))) !== undefined,
  }
}

async function writeSynced(path: string, content: AsyncIterable<Uint8Array> | Uint8Array): Promise<{ digest: string; size: number }> {
  const hash = createHash('sha256')
  let size = 0
  const file = await open(path, 'wx', 0o600)
  try {
    for await (const chunk of content instanceof Uint8Array ? [content] : content) {
      hash.update(chunk)
      size += chunk.byteLength
      await writeAll(file, chunk)
    }
    await file.sync()
  } finally {
    await file.close()
  }
  return { digest: hash.digest('hex'), size }
}

async function writeAll(file: FileHandle, chunk: Uint8Array): Promise<void> {
  for (let done = 0; done < chunk.byteLength; ) done += (await file.write(chunk, done)).bytesWritten
}

async function moveInto(folder: string, path: string, digest: string): Promise<void> {
  const outer = join(folder, digest.slice(0, 2))
  const inner = join(outer, digest.slice(2, 4))
  await mkdir(inner, { recursive: true, mode: 0o700 })
  await rename(path, join(inner, digest))
  for (const changed of [inner, outer, folder]) await syncFolder(changed)
}

async function syncFolder(path: string): Promise<void> {
  const handle = await open(path, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

const absentAsUndefined = (error: NodeJS.ErrnoException) => {
  if (error.code === 'ENOENT') return undefined
  throw error
}
const openIfThere = (path: string) => open(path, 'r').catch(absentAsUndefined)
const statIfThere = (path: string) => stat(path).catch(absentAsUndefined)

async function removeAbandoned(incoming: string): Promise<void> {
  for (const name of await readdir(incoming)) {
    const found = await statIfThere(join(incoming, name))
    if (found !== undefined && Date.now() - found.mtimeMs > abandonedAfterMs) await rm(join(incoming, name), { force: true })
  }
}
