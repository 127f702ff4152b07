/**
 * The file of a backup: a tar, gzipped, so that it can be looked into where there is no arena. Members come in parts of at most `partBytes`
 * (`tables/user/users/000001`), because a tar wants each size ahead of the bytes. The last member is the manifest, with what all others must be: a file
 * without one was not finished. It is written beside, 0600, synced and renamed.
 */
import { createHash } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { access, open, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { createGunzip, createGzip } from 'node:zlib'
import { extract, type Pack, pack } from 'tar-stream'
import { type Static, Type } from 'typebox'
import { Compile } from 'typebox/compile'
import { ConfigError } from '#kit/config'

export const manifestFormat = 1
const Digest = Type.String({ pattern: '^[0-9a-f]{64}$' })
const Name = Type.String({ pattern: '^[a-z][a-z0-9_]{0,62}$' })
const Count = Type.Integer({ minimum: 0 })
const Table = Type.Object({ name: Name, columns: Type.Array(Name, { minItems: 1 }), bytes: Count, sha256: Digest })
const Schema = Type.Object({
  name: Name,
  migrations: Type.Array(Type.Object({ name: Type.String(), checksum: Digest })),
  tables: Type.Array(Table),
})
const Manifest = Type.Object({
  format: Type.Literal(manifestFormat),
  /** Of the arena that made it. */
  version: Type.String(),
  /** PostgreSQL's. */
  server: Type.String(),
  createdAt: Type.String(),
  /** Whether what waited in the queue is among the tables; a broker keeps its own. */
  hasQueue: Type.Boolean(),
  schemas: Type.Array(Schema),
  blobs: Type.Object({ count: Count, bytes: Count }),
  /** Blobs that rows name and the files did not have, or not whole. */
  lost: Type.Array(Digest),
})
export type Manifest = Static<typeof Manifest>
const fitsManifest = Compile(Manifest)

export type Measured = { readonly bytes: number; readonly sha256: string }
/** @returns what was written, also when `content` failed half-way: then the error too. */
export type Add = (name: string, content: AsyncIterable<Uint8Array>) => Promise<Measured>

const partBytes = 4 * 1024 ** 2
const manifestName = 'manifest.json'
const largestManifestBytes = 16 * 1024 ** 2

/** Makes `file` of what `fill` adds. @throws ConfigError when it is there already; whatever `fill` throws: then there is no file. */
export async function writeArchive(file: string, fill: (add: Add) => Promise<Manifest>): Promise<Manifest> {
  if (await isThere(file)) throw new ConfigError(`${file} is there already; a backup overwrites nothing`)
  const partial = `${file}.partial`
  await rm(partial, { force: true })
  const tar = pack()
  const written = pipeline(tar, createGzip({ level: 3 }), createWriteStream(partial, { flags: 'wx', mode: 0o600, flush: true }))
  const failed = written.then(() => new Promise<never>(() => undefined)) // rejects when the disk is full, while `fill` waits for room
  try {
    const filled = (async () => {
      const manifest = await fill((name, content) => addInParts(tar, name, content))
      await addWhole(tar, manifestName, Buffer.from(`${JSON.stringify(manifest, undefined, 2)}\n`))
      tar.finalize()
      return manifest
    })()
    const manifest = await Promise.race([filled, failed])
    await written
    await rename(partial, file)
    await syncFolder(dirname(file))
    return manifest
  } catch (cause) {
    tar.destroy()
    await written.catch(() => undefined) // `cause` is the first that went wrong
    await rm(partial, { force: true })
    throw cause
  }
}

const isThere = (file: string) =>
  access(file).then(
    () => true,
    () => false,
  )

async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r')
  await folder.sync()
  await folder.close()
}

async function addInParts(tar: Pack, name: string, content: AsyncIterable<Uint8Array>): Promise<Measured> {
  const hash = createHash('sha256')
  let kept: Uint8Array[] = []
  let keptBytes = 0
  let bytes = 0
  let part = 0
  const flush = async () => {
    part += 1
    const whole = Buffer.concat(kept)
    kept = []
    keptBytes = 0
    await addWhole(tar, `${name}/${String(part).padStart(6, '0')}`, whole)
  }
  for await (const chunk of content) {
    hash.update(chunk)
    bytes += chunk.byteLength
    kept.push(chunk)
    keptBytes += chunk.byteLength
    if (keptBytes >= partBytes) await flush()
  }
  if (part === 0 || keptBytes > 0) await flush()
  return { bytes, sha256: hash.digest('hex') }
}

const addWhole = (tar: Pack, name: string, content: Buffer) =>
  new Promise<void>((resolve, reject) => {
    tar.entry({ name, mode: 0o600, size: content.byteLength }, content, (error) => (error ? reject(error) : resolve()))
  })

export type Member = { readonly name: string; readonly content: AsyncIterable<Uint8Array> }

/** The members in their order, parts put together. Read each to its end, or not at all, before the next. */
export async function* readArchive(file: string): AsyncGenerator<Member> {
  const tar = extract()
  const reading = pipeline(createReadStream(file), createGunzip(), tar)
  reading.catch((cause: unknown) => tar.destroy(cause instanceof Error ? cause : new Error(String(cause))))
  const entries = tar[Symbol.asyncIterator]()
  let next = await entries.next()
  async function* partsOf(name: string): AsyncGenerator<Uint8Array> {
    while (!next.done && memberOf(next.value.header.name) === name) {
      for await (const chunk of next.value as AsyncIterable<Uint8Array>) yield chunk
      next = await entries.next()
    }
  }
  while (!next.done) {
    const name = memberOf(next.value.header.name)
    const content = partsOf(name)
    yield { name, content }
    for await (const _ of content); // what nobody read
  }
  await reading
}
const memberOf = (entry: string) => entry.replace(/\/\d{6}$/, '')

/** Reads all of it and compares each byte with the manifest. @throws ConfigError of one line for anything but a whole backup. */
export async function verifyArchive(file: string): Promise<Manifest> {
  const found = new Map<string, Measured>()
  const damaged = new Set<string>()
  const blobs = { count: 0, bytes: 0 }
  let manifest: Manifest | undefined
  try {
    for await (const { name, content } of readArchive(file)) {
      if (manifest !== undefined) throw new Error(`${name} follows the manifest`)
      if (name === manifestName) {
        manifest = await readManifest(content)
        continue
      }
      const measured = await measure(content)
      const digest = blobOf(name)
      if (digest === undefined) found.set(name, measured)
      else if (measured.sha256 !== digest) damaged.add(digest)
      else {
        blobs.count += 1
        blobs.bytes += measured.bytes
      }
    }
    if (manifest === undefined) throw new Error('it has no manifest, so it was not finished')
    assertSame(manifest, { found, damaged, blobs })
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') throw new ConfigError(`${file} is not there`)
    throw cause instanceof ConfigError ? cause : new ConfigError(`${file} is no whole backup: ${cause instanceof Error ? cause.message : cause}`)
  }
  return manifest
}

type Found = { readonly found: ReadonlyMap<string, Measured>; readonly damaged: ReadonlySet<string>; readonly blobs: Manifest['blobs'] }
function assertSame(manifest: Manifest, { found, damaged, blobs }: Found): void {
  const tables = manifest.schemas.flatMap((schema) => schema.tables.map((table) => ({ ...table, name: tableMember(schema.name, table.name) })))
  for (const { name, bytes, sha256 } of tables) {
    const is = found.get(name)
    if (is === undefined) throw new Error(`${name} is missing`)
    if (is.bytes !== bytes || is.sha256 !== sha256) throw new Error(`${name} is damaged`)
  }
  const names = new Set(tables.map(({ name }) => name))
  const strange = [...found.keys()].find((name) => !names.has(name))
  if (strange !== undefined) throw new Error(`the manifest does not know ${strange}`)
  const torn = [...damaged].find((digest) => !manifest.lost.includes(digest))
  if (torn !== undefined) throw new Error(`${blobMember(torn)} is damaged`)
  if (blobs.count !== manifest.blobs.count || blobs.bytes !== manifest.blobs.bytes)
    throw new Error(`it holds ${blobs.count} blobs of ${blobs.bytes} bytes, and should hold ${manifest.blobs.count} of ${manifest.blobs.bytes}`)
}

async function measure(content: AsyncIterable<Uint8Array>): Promise<Measured> {
  const hash = createHash('sha256')
  let bytes = 0
  for await (const chunk of content) {
    hash.update(chunk)
    bytes += chunk.byteLength
  }
  return { bytes, sha256: hash.digest('hex') }
}

async function readManifest(content: AsyncIterable<Uint8Array>): Promise<Manifest> {
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of content) {
    bytes += chunk.byteLength
    if (bytes > largestManifestBytes) throw new Error('its manifest is too long')
    chunks.push(chunk)
  }
  const value: unknown = JSON.parse(Buffer.concat(chunks).toString())
  const format = (value as { format?: unknown } | null)?.format
  if (format !== manifestFormat) throw new ConfigError(`this backup has the format ${JSON.stringify(format)}, and this version reads ${manifestFormat}`)
  if (!fitsManifest.Check(value)) throw new Error('its manifest is not one of ours')
  return value
}

export const tableMember = (schema: string, table: string) => `tables/${schema}/${table}`
export const blobMember = (digest: string) => `blobs/${digest}`
/** @returns undefined for a member that is no blob. */
export const blobOf = (member: string): string | undefined => /^blobs\/([0-9a-f]{64})$/.exec(member)?.[1]
