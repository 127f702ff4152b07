import { createHash, randomUUID } from 'node:crypto'
import { mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Log } from '#ports/log'

/**
 * What compilers made, kept by the digest of all that went into it: source and its name, the compiler's whole command line, the toolchain's version, the
 * kind of sandbox and its image. Judging a source again (a rejudge, a second try, a popular sample) then compiles nothing.
 *
 * **Why a poisoned artefact hurts nobody but its author.** What is kept under a key was made in a fresh box that held nothing but the source named by
 * that key: no test data, no other submission, and it is taken out before any program ran in there. If a source made the compiler leave something
 * else than an honest compilation would, whoever gets that back has handed in the same source to the byte; and it is run like any program, in a
 * box, under limits, its output compared outside. The content is never executed, parsed or linked by the worker. A key of another sandbox or image is
 * another key, so what a weaker kind of box made is never run as the work of a stronger. That a source was handed in before can be told from the
 * time that compiling took, by whoever has that source already.
 *
 * **When keeping pays.** Reading a program out of its box, digesting and writing it takes the worker about 20 ms of CPU a MiB, a quarter of what compiling
 * a short C++ program takes; most sources come once. So what is small is kept at first sight, and so is what took long to make; the rest when the same
 * source is compiled for the second time.
 *
 * On disk an entry is one file, written beside and renamed, with a digest in front: one that a power cut has torn is dropped. Above `maxBytes` the
 * entries least recently used go; the time of use is the file's own, so it outlives the process.
 */
export type BuiltFile = { readonly name: string; readonly content: Uint8Array }
export type Artefacts = {
  /** @returns undefined when there is none; never throws, since compiling anew always helps. */
  find(key: string): Promise<readonly BuiltFile[] | undefined>
  /** Whether keeping what was made will pay. To be asked before it is read out of the box, which costs the most. */
  wants(key: string, made: Made): boolean
  /** Not awaited by the judge: failing to keep costs time later, and is logged. */
  keep(key: string, files: readonly BuiltFile[]): void
  /** Resolves when everything told to be kept is. */
  settled(): Promise<void>
}

/** What compiling made: its size, and the CPU it took. */
export type Made = { readonly bytes: number; readonly compileMs: number }

type Entry = { readonly bytes: number }
const digestBytes = 32
const smallBytes = 64 * 1024
const dearMs = 1000
/** Sources remembered as compiled once: 64 characters each. */
const mostRemembered = 20_000

export async function openArtefacts(options: { readonly folder: string; readonly maxBytes: number; readonly log: Log }): Promise<Artefacts> {
  const { folder, maxBytes, log } = options
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const pathOf = (key: string) => join(folder, key)
  /** In the order of last use. */
  const entries = await readEntries(folder)
  let total = [...entries.values()].reduce((sum, entry) => sum + entry.bytes, 0)
  let writing: Promise<void> = Promise.resolve()
  const seenOnce = new Set<string>()
  const isSeenAgain = (key: string) => {
    if (seenOnce.delete(key)) return true
    seenOnce.add(key)
    for (const oldest of seenOnce) {
      if (seenOnce.size <= mostRemembered) break
      seenOnce.delete(oldest)
    }
    return false
  }

  const forget = async (key: string) => {
    total -= entries.get(key)?.bytes ?? 0
    entries.delete(key)
    await rm(pathOf(key), { force: true })
  }
  const write = async (key: string, files: readonly BuiltFile[]) => {
    const content = pack(files)
    if (content.length > maxBytes || entries.has(key)) return
    const beside = pathOf(`new-${randomUUID()}`)
    try {
      await writeFile(beside, content, { mode: 0o600 })
      await rename(beside, pathOf(key))
    } catch (error) {
      await rm(beside, { force: true })
      throw error
    }
    entries.set(key, { bytes: content.length })
    total += content.length
    for (const oldest of entries.keys()) {
      if (total <= maxBytes) return
      await forget(oldest)
    }
  }
  return {
    async find(key) {
      const entry = entries.get(key)
      if (entry === undefined) return undefined
      entries.delete(key)
      entries.set(key, entry)
      try {
        const files = unpack(await readFile(pathOf(key)))
        if (files === undefined) throw new Error('it is torn')
        const now = new Date()
        await utimes(pathOf(key), now, now)
        return files
      } catch (error) {
        log.warn({ key, error: String(error) }, 'a kept program cannot be read and is compiled again')
        await forget(key).catch(() => undefined) // what cannot be removed is not asked for again
        return undefined
      }
    },
    wants: (key, { bytes, compileMs }) => bytes <= smallBytes || compileMs >= dearMs || isSeenAgain(key),
    keep(key, files) {
      writing = writing.then(() => write(key, files)).catch((error: unknown) => log.warn({ key, error: String(error) }, 'a compiled program was not kept'))
    },
    settled: () => writing,
  }
}

async function readEntries(folder: string): Promise<Map<string, Entry>> {
  const found: { readonly key: string; readonly usedAt: number; readonly bytes: number }[] = []
  for (const name of await readdir(folder)) {
    if (!/^[0-9a-f]{64}$/.test(name))
      await rm(join(folder, name), { force: true, recursive: true }) // one that was being written when we were killed
    else {
      const { mtimeMs, size } = await stat(join(folder, name))
      found.push({ key: name, usedAt: mtimeMs, bytes: size })
    }
  }
  found.sort((a, b) => a.usedAt - b.usedAt)
  return new Map(found.map(({ key, bytes }) => [key, { bytes }]))
}

/** SHA-256 of the rest; length of the list; the list of names and lengths in JSON; the contents. */
function pack(files: readonly BuiltFile[]): Buffer {
  const list = Buffer.from(JSON.stringify(files.map(({ name, content }) => [name, content.length])))
  const length = Buffer.alloc(4)
  length.writeUInt32LE(list.length)
  const rest = Buffer.concat([length, list, ...files.map(({ content }) => content)])
  return Buffer.concat([createHash('sha256').update(rest).digest(), rest])
}

function unpack(packed: Buffer): readonly BuiltFile[] | undefined {
  const rest = packed.subarray(digestBytes)
  if (!createHash('sha256').update(rest).digest().equals(packed.subarray(0, digestBytes))) return undefined
  const listEnd = 4 + rest.readUInt32LE(0)
  const list = JSON.parse(rest.toString('utf8', 4, listEnd)) as [name: string, length: number][]
  let at = listEnd
  return list.map(([name, length]) => {
    const content = rest.subarray(at, at + length)
    at += length
    return { name, content }
  })
}
