import { createWriteStream } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { type Entry, openPromise, type ZipFile } from 'yauzl'
import { fail, ok, type Result } from '#kernel/result'

/**
 * A zip that somebody sent, opened without trust. Nothing is unpacked to a path: entries are read one at a time as streams, and what an entry may
 * unpack to is bounded by what it declares (yauzl breaks off a stream that yields more) and by the sums below. Names that lead out of the archive,
 * links, devices, encryption and two entries of one name are refused: an archive with one of them was not made by an honest tool.
 */
export const zipBounds = {
  archiveBytes: 64 * 1024 ** 2,
  /** A thousand tests with what may lie beside each. */
  entries: 10_000,
  entryBytes: 64 * 1024 ** 2,
  totalBytes: 256 * 1024 ** 2,
  /** Test data of zeros packs 1,000 times; a whole package of that kind beyond 32 MiB is a bomb. */
  ratio: 200,
  ratioFromBytes: 32 * 1024 ** 2,
} as const

export type ZipEntry = { readonly path: string; readonly size: number }
export type OpenZip = {
  readonly entries: readonly ZipEntry[]
  /** The bytes of an entry; the stream fails when they are not what the archive declared. */
  read(path: string): Promise<AsyncIterable<Uint8Array>>
}

/** Why an archive cannot be used, as a sentence for its sender. */
export class BadZip extends Error {
  override readonly name = 'BadZip'
}

/** Keeps the bytes in a temporary file while `work` runs. @returns the complaint when the archive is not to be had, or `work` met a broken entry. */
export async function withZip<T>(bytes: AsyncIterable<Uint8Array>, work: (zip: OpenZip) => Promise<T>): Promise<Result<T, string>> {
  const folder = await mkdtemp(join(tmpdir(), 'arena-package-'))
  try {
    const file = join(folder, 'package.zip')
    await pipeline(Readable.from(bytes, { objectMode: false }), createWriteStream(file, { mode: 0o600 }))
    const zip = await openBounded(file)
    try {
      return ok(await work(await listed(zip)))
    } finally {
      zip.close()
    }
  } catch (cause) {
    if (cause instanceof BadZip) return fail(cause.message)
    throw cause
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

const refuse = (cause: unknown): never => {
  throw new BadZip(cause instanceof Error ? cause.message : String(cause), { cause })
}

async function openBounded(file: string): Promise<ZipFile> {
  const zip = await openPromise(file, { autoClose: false, strictFileNames: true, validateEntrySizes: true }).catch(refuse)
  if (zip.entryCount > zipBounds.entries) {
    zip.close()
    throw new BadZip(`more than ${zipBounds.entries} entries`)
  }
  return zip
}

async function listed(zip: ZipFile): Promise<OpenZip> {
  const files = new Map<string, Entry>()
  const problems: string[] = []
  let total = 0
  let count = 0
  try {
    for await (const entry of zip.eachEntry()) {
      if (++count > zipBounds.entries) throw new BadZip(`more than ${zipBounds.entries} entries`)
      const problem = entryFault(entry)
      if (problem !== undefined) problems.push(problem)
      total += entry.uncompressedSize
      if (entry.fileName.endsWith('/')) continue
      if (files.has(entry.fileName)) problems.push(`two entries are named ${entry.fileName}`)
      files.set(entry.fileName, entry)
    }
  } catch (cause) {
    refuse(cause) // yauzl's complaints on names and broken directories are sentences already
  }
  if (problems.length > 0) throw new BadZip(problems.length > 5 ? `${problems.slice(0, 5).join('; ')}; and ${problems.length - 5} more` : problems.join('; '))
  if (total > zipBounds.totalBytes) throw new BadZip(`it unpacks to more than ${zipBounds.totalBytes / 1024 ** 2} MiB`)
  if (total > zipBounds.ratioFromBytes && total > zip.fileSize * zipBounds.ratio) throw new BadZip(`it unpacks to more than ${zipBounds.ratio} times its size`)
  return {
    entries: [...files.values()].map(({ fileName, uncompressedSize }) => ({ path: fileName, size: uncompressedSize })),
    async read(path) {
      const entry = files.get(path)
      if (!entry) throw new Error(`no entry ${path}`)
      const stream = await zip.openReadStreamPromise(entry).catch(refuse)
      // it may break before its reader has begun; the reader is told when it does, and an error that nobody hears would end the process
      stream.on('error', () => undefined)
      return brokenIsBad(stream)
    },
  }
}

async function* brokenIsBad(stream: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
  try {
    yield* stream
  } catch (cause) {
    refuse(cause)
  }
}

const fileKind = 0o170000
const plainFile = 0o100000
const folderKind = 0o040000

/** What an honest tool does not write. */
function entryFault(entry: Entry): string | undefined {
  const { fileName, uncompressedSize, externalFileAttributes } = entry
  if (entry.isEncrypted()) return `${fileName} is encrypted`
  if (uncompressedSize > zipBounds.entryBytes) return `${fileName} is larger than ${zipBounds.entryBytes / 1024 ** 2} MiB`
  // the upper half holds the Unix mode; tools of other systems leave it 0
  const kind = (externalFileAttributes >>> 16) & fileKind
  if (kind !== 0 && kind !== plainFile && kind !== folderKind) return `${fileName} is a link or a device`
  if (fileName.split('/').includes('..') || fileName.startsWith('/') || fileName.includes('\0')) return `${JSON.stringify(fileName)} leads out of the package`
  return undefined
}
