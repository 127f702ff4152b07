import { constants } from 'node:fs'
import { type FileHandle, lstat, open, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Bytes } from '#kernel/units'
import { type Box, type RunResult, type RunSpec, SandboxFault } from '#ports/sandbox'
import { plainName } from '../runner/session.ts'
import { emptyFolder } from './folders.ts'
import type { Slot } from './host.ts'
import { cleared } from './processes.ts'
import { runAlone } from './run-alone.ts'
import { giveWay, prepare, runInSession, sessionOf } from './run-in-session.ts'

/** Where runs may have written, as far as the slot has them. */
const workFolders = ['box', 'test', 'tmp']

/** Empties the slot, throws its runner away and prepares the next. No program runs in it any more: nobody needs to wait for this. */
async function vacate(slot: Slot): Promise<void> {
  await slot.session?.end()
  slot.session = undefined
  slot.givesWay = false
  await cleared(slot.groups)
  for (const name of workFolders) await emptyFolder(join(slot.folder, name))
  if (slot.joint !== undefined) await emptyFolder(slot.joint)
  prepare(slot)
}

/** One run, on a core of its own: by the slot's runner, or in a bubblewrap of its own. */
export async function runIn(slot: Slot, spec: RunSpec): Promise<RunResult> {
  const core = await slot.host.cores.take(spec.signal)
  try {
    return slot.host.boxes === undefined ? await runAlone(slot, spec, core.number) : await runInSession(slot, spec, core.number)
  } finally {
    core.release()
  }
}

/** `occupied`: while the work is under way nothing else runs in the box; closing the box aborts it and waits for it. */
export type OwnBox = Box & { occupied<T>(work: (closing: AbortSignal) => Promise<T>): Promise<T> }

/** `release` is told once a box is closed and no program runs in it, with the promise that its slot is as new. */
export type Lease = { readonly givesWay?: boolean | undefined; readonly release: (vacated: Promise<void>) => void }

/** A box on a slot. */
export function openBox(slot: Slot, { givesWay = false, release }: Lease): OwnBox {
  if (givesWay) giveWay(slot)
  const closing = new AbortController()
  const files: Pick<Box, 'put' | 'take' | 'list'> = slot.host.boxes === undefined ? filesOf(slot) : servedBy(slot)
  let running: Promise<unknown> | undefined
  let closed: Promise<void> | undefined

  const mustBeIdle = () => {
    if (closed !== undefined) throw new SandboxFault('the box is closed', 'never')
    if (running !== undefined) throw new SandboxFault('a program is running in the box', 'never')
  }
  const close = async () => {
    closing.abort(new SandboxFault('the box was closed', 'never'))
    await running?.catch(() => undefined) // its own caller hears of it
    release(vacate(slot))
  }
  const occupied = async <T>(work: (closing: AbortSignal) => Promise<T>): Promise<T> => {
    mustBeIdle()
    const done = work(closing.signal)
    running = done
    try {
      return await done
    } finally {
      running = undefined
    }
  }
  return {
    async put(name, content) {
      mustBeIdle()
      await files.put(plainName(name), content)
    },
    occupied,
    run: (spec) => occupied((closed) => runIn(slot, { ...spec, signal: spec.signal === undefined ? closed : AbortSignal.any([spec.signal, closed]) })),
    async take(name, limit) {
      mustBeIdle()
      return await files.take(plainName(name), limit)
    },
    async list() {
      mustBeIdle()
      return await files.list()
    },
    close: () => (closed ??= close()),
  }
}

const servedBy = (slot: Slot): Pick<Box, 'put' | 'take' | 'list'> => ({
  put: async (name, content) => (await sessionOf(slot)).put(name, content),
  take: async (name, limit) => (await sessionOf(slot)).take(name, limit),
  list: async () => (await sessionOf(slot)).list(),
})

/** Without a runner the box's files are this process's own, by the slot's folder. Nothing runs in there meanwhile. */
function filesOf(slot: Slot): Pick<Box, 'put' | 'take' | 'list'> {
  const folder = join(slot.folder, 'box')
  return {
    async put(name, content) {
      const path = join(folder, name)
      await rm(path, { recursive: true, force: true })
      await withFile(path, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW, async (file) => {
        await file.writeFile(content)
        await file.chmod(slot.host.asRoot ? 0o444 : 0o644)
      })
    },
    take: (name, limit) => takeRegular(join(folder, name), limit),
    async list() {
      const entries = (await readdir(folder, { withFileTypes: true })).filter((entry) => entry.isFile())
      return await Promise.all(entries.map(async ({ name }) => ({ name, bytes: (await lstat(join(folder, name))).size })))
    },
  }
}

/** Links are not followed, a FIFO is not waited for, and no more than `limit` bytes are read, whatever the size says. */
async function takeRegular(path: string, limit: Bytes): Promise<Uint8Array | undefined> {
  try {
    return await withFile(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK, async (file) => {
      const found = await file.stat()
      if (!found.isFile() || found.size > limit) return undefined
      const content = Buffer.alloc(found.size)
      const { bytesRead } = await file.read(content, 0, found.size, 0)
      return bytesRead === found.size ? content : undefined
    })
  } catch (error) {
    if (['ENOENT', 'ELOOP', 'ENXIO', 'ENODEV'].includes((error as NodeJS.ErrnoException).code ?? '')) return undefined
    throw error
  }
}

async function withFile<T>(path: string, flags: number, use: (file: FileHandle) => Promise<T>): Promise<T> {
  const file = await open(path, flags, 0o600)
  try {
    return await use(file)
  } finally {
    await file.close()
  }
}
