import { spawn } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync, unlinkSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { SandboxFault } from '#ports/sandbox'
import type { Wire } from '../runner/session.ts'

/**
 * Starts programs and makes boxes without forking this process: a fork of Node copies its page tables, 3 ms for each 100 MB, and nothing else happens meanwhile. A
 * small program (runner/spawner) forks instead, told by a socket in `folder`, a private one. Its death ends all that it has started (they set
 * PR_SET_PDEATHSIG); it is then launched anew.
 */
export type Spawner = {
  /** The program's stdin and stdout are the wire. `argv[0]` is a path. Never throws: what cannot be started has ended. */
  start(argv: readonly string[]): Wire
  /** A runner in a box of its own, as its first process: the wire is its stdin and stdout. Never throws, as above. */
  startBox(box: BoxRequest): BoxWire
  /** Ends the spawner, and with it what it has started. Idempotent. */
  close(): Promise<void>
}

/** `giveWay`: where the kernel weighs sessions against each other (autogroup), the box's own weighs least. */
export type BoxWire = Wire & { giveWay(): void }

/** What a box is made of (runner/spawner/box.c). */
export type BoxRequest = {
  /** The folder of this machine that becomes its root, with what is mounted in it (`makeView`). */
  readonly view: string
  /** A folder of this machine, and the path in the view over which it is bound. */
  readonly binds: readonly (readonly [folder: string, at: string])[]
  /** Its control groups are shown as from their own root. */
  readonly hidesGroups: boolean
}

/** Kinds of requests. */
const kinds = { program: 0, box: 1, boxThatHidesGroups: 2 }
/** What is to be done with something that was started. */
const orders = { end: 0, giveWay: 1 }
type Order = (typeof orders)[keyof typeof orders]
type Request = { readonly kind: number; readonly strings: readonly string[] }

const wordBytes = 4
const neverStarted = 0xffff_ffff
const saidAtMost = 1000
const socketName = 'socket'
const launchDeadlineMs = 10_000

type Running = {
  /** By way of /proc, since the name of a socket has 107 bytes at most and a data folder may lie deep. */
  readonly address: string
  /** What is told when a program ends, by its id. */
  readonly programs: Map<number, (how: string) => void>
  say(order: Order, id: number): void
  end(): Promise<void>
}

/** @throws SandboxFault when it cannot be launched. */
export async function openSpawner(program: string, folder: string): Promise<Spawner> {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  let running: Running | undefined
  let launching: Promise<void> | undefined
  let lastId = 0
  let isClosed = false
  const gone = () => {
    running = undefined
    launchAgain()
  }
  const launchAgain = () => {
    if (!isClosed && launching === undefined) launching = again()
  }
  const again = async () => {
    try {
      running = await launch(program, folder, gone)
    } catch {
      // the next start tries again
    } finally {
      launching = undefined
    }
  }
  running = await launch(program, folder, gone)
  const ask = (request: Request) => {
    if (running !== undefined) return connectTo(running, ++lastId, request, folder)
    launchAgain()
    return endedWire('the spawner has ended')
  }
  return {
    start: (argv) => ask({ kind: kinds.program, strings: argv }),
    startBox: ({ view, binds, hidesGroups }) => ask({ kind: hidesGroups ? kinds.boxThatHidesGroups : kinds.box, strings: [view, ...binds.flat()] }),
    async close() {
      isClosed = true
      await launching
      await running?.end()
    },
  }
}

async function launch(program: string, folder: string, gone: () => void): Promise<Running> {
  rmSync(join(folder, socketName), { force: true })
  const child = spawn(program, [socketName], { cwd: folder, env: { PATH: '/usr/bin:/bin' }, stdio: ['pipe', 'pipe', 'pipe'], detached: true })
  const programs: Running['programs'] = new Map()
  const listening = Promise.withResolvers<void>()
  let isListening = false
  let said = ''
  let rest: Buffer = Buffer.alloc(0)
  child.stdout.on('data', (chunk: Buffer) => {
    rest = Buffer.concat([rest, chunk])
    for (; rest.length >= 2 * wordBytes; rest = rest.subarray(2 * wordBytes)) {
      const [id, status] = [u32At(rest, 0), u32At(rest, wordBytes)]
      if (id === 0) {
        isListening = true
        listening.resolve()
      }
      programs.get(id)?.(howOf(status))
      programs.delete(id)
    }
  })
  child.stderr.on('data', (chunk: Buffer) => (said = `${said}${chunk}`.slice(0, saidAtMost)))
  child.stdin.on('error', () => undefined) // its end is told by `close`
  const ended = new Promise<void>((resolve) => {
    const end = (how: string) => {
      listening.reject(new SandboxFault(`the spawner ended (${how}): ${said.trim()}`, 'later'))
      for (const tell of programs.values()) tell('the spawner ended')
      programs.clear()
      if (isListening) gone() // else who launches it hears of it
      resolve()
    }
    child.once('close', (code, signal) => end(String(signal ?? code)))
    child.once('error', (error) => end(error.message))
  })
  const late = setTimeout(() => child.kill('SIGKILL'), launchDeadlineMs)
  await listening.promise.finally(() => clearTimeout(late))
  return {
    address: `/proc/${child.pid}/cwd/${socketName}`,
    programs,
    say: (order, id) => void child.stdin.write(Buffer.concat([u32(order), u32(id)])),
    end: async () => {
      child.stdin.end()
      await ended
    },
  }
}

function connectTo({ address, programs, say }: Running, id: number, { kind, strings }: Request, folder: string): BoxWire {
  const errors = join(folder, `said-${id}`)
  const said = () => {
    try {
      return readFileSync(errors, 'utf8').slice(0, saidAtMost)
    } catch {
      return '' // it was never started, or has said its last
    }
  }
  const told = new Promise<string>((resolve) => programs.set(id, resolve))
  const socket = connect(address)
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()))
  socket.on('error', () => {
    if (socket.pending) programs.get(id)?.('the spawner does not answer') // once connected, the program's end is told in any case
  })
  const words = Buffer.from([errors, ...strings].map((each) => `${each}\0`).join(''), 'utf8')
  socket.write(Buffer.concat([u32(words.length), u32(id), u32(kind), words]))
  return {
    to: socket,
    from: socket,
    said,
    kill: () => {
      if (programs.has(id)) say(orders.end, id)
    },
    giveWay: () => {
      if (programs.has(id)) say(orders.giveWay, id)
    },
    // the last words come by the socket, and are read before its end is told
    ended: Promise.all([told, closed]).then(([how]) => {
      try {
        unlinkSync(errors)
      } catch {
        // it was never started
      }
      return how
    }),
  }
}

function endedWire(how: string): BoxWire {
  const nothing = new PassThrough()
  nothing.end()
  return { to: new PassThrough(), from: nothing, said: () => how, kill: () => undefined, giveWay: () => undefined, ended: Promise.resolve(how) }
}

const u32 = (value: number) => Buffer.from(Uint32Array.of(value).buffer)
const u32At = (from: Buffer, at: number) => new DataView(from.buffer, from.byteOffset + at, wordBytes).getUint32(0, endianness)
/** Both ends are on this machine. */
const endianness = new Uint8Array(Uint32Array.of(1).buffer)[0] === 1
/** A status as wait tells it. */
function howOf(status: number): string {
  if (status === neverStarted) return 'it could not be started'
  return (status & 0x7f) === 0 ? `it ended with ${(status >> 8) & 0xff}` : `it was ended by signal ${status & 0x7f}`
}
