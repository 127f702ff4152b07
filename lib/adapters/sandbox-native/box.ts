import { constants } from 'node:fs'
import { type FileHandle, lstat, open, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Bytes } from '#kernel/units'
import { type Box, type RunResult, type RunSpec, SandboxFault } from '#ports/sandbox'
import { emptyFolder } from './folders.ts'
import type { Slot } from './host.ts'
import { prepare, runIn } from './run.ts'

/** A plain file name: no folder, nothing hidden, nothing a command line could take for an option. */
const plainName = /^[A-Za-z0-9_][A-Za-z0-9_.+-]{0,99}$/

/** Where runs may have written, as far as the slot has them. */
const workFolders = ['box', 'test', 'tmp']

/** Empties the slot, throws its cell away and prepares the next. No program runs in it any more: nobody needs to wait for this. */
async function vacate(slot: Slot): Promise<void> {
  await slot.cell?.end()
  slot.cell = undefined
  for (const name of workFolders) await emptyFolder(join(slot.folder, name))
  prepare(slot)
}

/** A box on a slot. Closed, `release` is told once no program runs in it, with the promise that the slot is as new. */
export function openBox(slot: Slot, release: (vacated: Promise<void>) => void): Box {
  const folder = join(slot.folder, 'box')
  const closing = new AbortController()
  let running: Promise<unknown> | undefined
  let closed: Promise<void> | undefined

  const pathOf = (name: string) => {
    if (!plainName.test(name)) throw new SandboxFault(`not a plain file name: ${JSON.stringify(name)}`, 'never')
    if (closed !== undefined) throw new SandboxFault('the box is closed', 'never')
    if (running !== undefined) throw new SandboxFault('a program is running in the box', 'never')
    return join(folder, name)
  }
  const close = async () => {
    closing.abort(new SandboxFault('the box was closed', 'never'))
    await running?.catch(() => undefined) // its own caller hears of it
    release(vacate(slot))
  }
  return {
    async put(name, content) {
      const path = pathOf(name)
      await rm(path, { recursive: true, force: true })
      await withFile(path, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW, async (file) => {
        await file.writeFile(content)
        await file.chmod(slot.host.asRoot ? 0o444 : 0o644)
      })
    },
    async run(spec) {
      pathOf('run')
      const signal = spec.signal === undefined ? closing.signal : AbortSignal.any([spec.signal, closing.signal])
      const run: Promise<RunResult> = runIn(slot, { ...spec, signal })
      running = run
      try {
        return await run
      } finally {
        running = undefined
      }
    },
    take: async (name, limit) => takeRegular(pathOf(name), limit),
    async list() {
      pathOf('list')
      const entries = await readdir(folder, { withFileTypes: true })
      return await Promise.all(entries.filter((entry) => entry.isFile()).map(async ({ name }) => ({ name, bytes: (await lstat(join(folder, name))).size })))
    },
    close: () => (closed ??= close()),
  } satisfies Box & { run(spec: RunSpec): Promise<RunResult> }
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
