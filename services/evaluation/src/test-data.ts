import { createHash, randomUUID } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { chmod, mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Judging } from '#contracts/contest'
import type { PeerFailure, Peers } from '#kit/peers'
import { JudgeFault, NeighbourAway, ProblemFault } from './domain/faults.ts'

/**
 * What judging needs of a problem. Versions and blobs never change, so both are kept: judgings in memory, blobs in a folder by digest.
 *
 * A blob is written beside, verified and renamed; one found on disk is verified once before its first use by this process (a power cut may have cut it).
 * Above `maxBytes` the blobs least recently used go, but none that is held. Files are readable for all inside a folder that is private: a program
 * gets one as an open stdin and may open /dev/stdin, and cannot reach the folder.
 */
export type JudgingSource = {
  /** @throws ProblemFault when there is no such version, JudgeFault when the contest service cannot be asked. */
  judging(problemId: string, version: number): Promise<Judging>
  /** The blob, until `release`. @throws as above. */
  hold(digest: string): Promise<Held>
}
/** `content`: all of it, where it is small; reading a file in pieces costs more than a short program's run. Not to be written to. */
export type Held = { readonly path: string; readonly content: Uint8Array | undefined; release(): void }

const standardMaxBytes = 2 * 1024 ** 3
const keptJudgings = 500
const fetchDeadlineMs = 60_000
const smallBytes = 64 * 1024
const mostSmallBytes = 32 * 1024 ** 2

type Blob = { readonly size: number; holders: number }
type Fetch = (digest: string) => Promise<AsyncIterable<Uint8Array>>

export async function openJudgingSource(options: { readonly peers: Peers; readonly folder: string; readonly maxBytes?: number }): Promise<JudgingSource> {
  const { peers } = options
  const judgings = new Map<string, Judging>()
  const fetchBlob: Fetch = async (digest) => {
    const answer = await peers.stream('GET /internal/test-data/:digest', { params: { digest } }, { deadlineMs: fetchDeadlineMs })
    if (answer.ok) return answer.value
    if (answer.error.code === 'NOT_FOUND') throw new ProblemFault(`test data ${digest} is missing`)
    throw refusal('test data', answer.error)
  }
  const blobs = await openBlobCache(options.folder, options.maxBytes ?? standardMaxBytes, fetchBlob)
  return {
    async judging(problemId, version) {
      const key = `${problemId} ${version}`
      const known = judgings.get(key)
      if (known !== undefined) return known
      const answer = await peers.call('GET /internal/problems/:id/versions/:version/judging', { params: { id: problemId, version } })
      if (!answer.ok) {
        if (answer.error.code === 'PROBLEM_NOT_FOUND') throw new ProblemFault(`the problem has no version ${version}`)
        throw refusal('the problem', answer.error)
      }
      judgings.set(key, answer.value)
      if (judgings.size > keptJudgings) judgings.delete(judgings.keys().next().value ?? key)
      return answer.value
    },
    hold: blobs.hold,
  }
}

function refusal(what: string, { code, details = {} }: PeerFailure): JudgeFault {
  const message = `${what} cannot be fetched: ${code} ${JSON.stringify(details)}`
  return code === 'UNAVAILABLE' ? new NeighbourAway(message) : new JudgeFault(message)
}

/** Insertion order of `blobs` is the order of last use. */
export async function openBlobCache(folder: string, maxBytes: number, fetchBlob: Fetch): Promise<Pick<JudgingSource, 'hold'>> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const blobs = new Map<string, Blob>()
  const arriving = new Map<string, Promise<Blob>>()
  const pathOf = (digest: string) => join(folder, digest)
  /** Left by an earlier process and not asked for yet: bytes of each. */
  const onDisk = new Map<string, number>()
  for (const name of await readdir(folder)) {
    if (/^[0-9a-f]{64}$/.test(name)) onDisk.set(name, (await stat(pathOf(name))).size)
    else await rm(pathOf(name), { force: true, recursive: true }) // a fetch that was cut off
  }
  let total = [...onDisk.values()].reduce((sum, size) => sum + size, 0)
  const contents = openContents(pathOf)

  const bring = async (digest: string): Promise<Blob> => {
    const left = onDisk.get(digest)
    if (left !== undefined) {
      onDisk.delete(digest)
      if ((await digestOf(pathOf(digest))) === digest) return { size: left, holders: 0 }
      total -= left
    }
    const size = await download(await fetchBlob(digest), digest, pathOf(digest))
    total += size
    return { size, holders: 0 }
  }
  const evict = async () => {
    // what an earlier process left and nobody has asked for yet is the oldest
    for (const [digest, size] of onDisk) {
      if (total <= maxBytes) return
      onDisk.delete(digest)
      total -= size
      await rm(pathOf(digest), { force: true })
    }
    for (const [digest, blob] of blobs) {
      if (total <= maxBytes) return
      if (blob.holders > 0) continue
      blobs.delete(digest)
      contents.forget(digest)
      total -= blob.size
      await rm(pathOf(digest), { force: true })
    }
  }
  const arrive = (digest: string) => {
    const coming = arriving.get(digest) ?? bring(digest).finally(() => arriving.delete(digest))
    arriving.set(digest, coming)
    return coming
  }
  return {
    async hold(digest) {
      if (!/^[0-9a-f]{64}$/.test(digest)) throw new ProblemFault(`not a digest: ${digest.slice(0, 80)}`)
      const blob = blobs.get(digest) ?? (await arrive(digest))
      blobs.delete(digest)
      blobs.set(digest, blob)
      blob.holders++
      await evict()
      let held = true
      return {
        path: pathOf(digest),
        content: blob.size > smallBytes ? undefined : await contents.of(digest),
        release: () => {
          if (held) blob.holders--
          held = false
        },
      }
    },
  }
}

/** Small blobs in memory, those least recently used let go. */
function openContents(pathOf: (digest: string) => string) {
  const kept = new Map<string, Buffer>()
  let total = 0
  const forget = (digest: string) => {
    total -= kept.get(digest)?.length ?? 0
    kept.delete(digest)
  }
  return {
    forget,
    async of(digest: string): Promise<Uint8Array> {
      const content = kept.get(digest) ?? (await readFile(pathOf(digest)))
      forget(digest) // also where another has read it meanwhile
      kept.set(digest, content)
      total += content.length
      for (const oldest of kept.keys()) {
        if (total <= mostSmallBytes) break
        forget(oldest)
      }
      return content
    },
  }
}

async function download(content: AsyncIterable<Uint8Array>, digest: string, path: string): Promise<number> {
  const beside = `${path}.${randomUUID()}`
  const hash = createHash('sha256')
  let size = 0
  const file = await open(beside, 'wx', 0o600)
  try {
    for await (const chunk of content) {
      hash.update(chunk)
      size += chunk.length
      await file.writeFile(chunk)
    }
  } catch (error) {
    await rm(beside, { force: true })
    throw new JudgeFault('test data broke off while it was fetched', error)
  } finally {
    await file.close()
  }
  if (hash.digest('hex') !== digest) {
    await rm(beside, { force: true })
    throw new JudgeFault(`test data ${digest} arrived damaged`)
  }
  await chmod(beside, 0o444)
  await rename(beside, path)
  return size
}

async function digestOf(path: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer)
  return hash.digest('hex')
}
