import { type Bytes, bytes, mebibytes } from '#kernel/units'
import type { Log } from '#ports/log'
import { openSession, type Session, type Wire } from '../runner/session.ts'
import { besideRuns, containerConfig, type Joint } from './container-config.ts'
import type { Attached, Engine } from './engine.ts'
import { ownerLabel } from './owner.ts'
import { stdoutOf } from './stream-frames.ts'

/** A started container with its runner set up: made for one box. */
export type Container = {
  readonly id: string
  readonly image: string
  readonly session: Session
  isDead(): boolean
  /**
   * Resolves when the engine has removed it, and no process of it is left. Where the engine cannot be asked it resolves all the same: then the runner ends
   * by the end of its pipe, some moments later at most, and the sweep removes what is left. Never rejects.
   */
  readonly ended: Promise<string>
  /** Lets a run have that much. The engine needs 10 ms for it, and is asked only when it has less so far. */
  allow(memory: Bytes): Promise<void>
  /** Ends it. Nobody needs to wait for `ended`. */
  discard(): void
}

export type ContainerDeps = {
  readonly engine: Engine
  /** Unique on the engine. */
  readonly name: string
  readonly image: string
  readonly labels: Readonly<Record<string, string>>
  readonly testUid: number
  readonly buildUid: number
  readonly filter: Uint8Array | undefined
  readonly runtime: string | undefined
  readonly joint: Joint | undefined
  readonly log: Log
  /** Told when there is one, and when there is none any more. */
  readonly onLife: (id: string, isAlive: boolean) => void
}

/** Enough for compilers, and for most problems' programs. */
const usualMemory = mebibytes(1024)
const mostSaid = 1000

/** @throws SandboxFault; nothing of it is then left. */
export async function startContainer(deps: ContainerDeps): Promise<Container> {
  const { engine, name, image, labels, buildUid, runtime, joint } = deps
  let id: string | undefined
  try {
    id = await engine.create(name, containerConfig({ image, labels, buildUid, runtime, joint, memory: bytes(usualMemory + besideRuns) }))
    deps.onLife(id, true)
    const attached = await engine.attach(id)
    const container = hold(id, attached, deps)
    try {
      await engine.start(id)
      await container.session.ready()
    } catch (error) {
      container.discard()
      throw error
    }
    return container
  } catch (error) {
    // by its name: whether the engine made it before something went wrong is not known
    void engine.remove(name).then(
      () => id !== undefined && deps.onLife(id, false),
      () => undefined, // the sweep finds it
    )
    throw error
  }
}

function hold(id: string, attached: Attached, deps: ContainerDeps): Container {
  const { engine, image, testUid, buildUid, filter } = deps
  const { wire, expectEnd } = wireOf(id, attached, deps)
  const session = openSession(wire, { testUid, buildUid, filter, accounting: { kind: 'container' } })
  let allowed = usualMemory as number
  return {
    id,
    image,
    session,
    isDead: session.isDead,
    ended: wire.ended,
    async allow(memory) {
      if (memory <= allowed) return
      await engine.update(id, memory + besideRuns)
      allowed = memory
    },
    discard() {
      expectEnd()
      void session.end()
    },
  }
}

/** The runner's pipes are one connection to the engine. When that closes, however, the container is removed, and what still ran in it is killed. */
function wireOf(id: string, { socket, head }: Attached, { engine, log, onLife }: ContainerDeps): { readonly wire: Wire; expectEnd(): void } {
  let said = ''
  let why = 'its connection closed'
  let isExpected = false
  const from = stdoutOf((content) => {
    if (said.length < mostSaid) said += content.toString()
  })
  if (head.length > 0) from.write(head)
  socket.on('error', (error) => {
    why = error.message
  })
  socket.pipe(from)
  from.once('error', () => socket.destroy())
  socket.once('close', () => from.end())
  const ended = new Promise<string>((resolve) => {
    const remove = async () => {
      const how = isExpected ? 'it was ended' : await howItEnded(engine, id)
      await engine.remove(id).then(
        () => onLife(id, false),
        (error: unknown) => {
          onLife(id, false) // not ours any more: the sweep removes it
          log.warn({ container: id, reason: (error as Error).message }, 'a container could not be removed now')
        },
      )
      resolve(how ?? why)
    }
    socket.once('close', () => void remove())
  })
  const expectEnd = () => {
    isExpected = true
  }
  const kill = () => {
    expectEnd()
    socket.destroy() // `close` follows, and the removal, which kills
  }
  return { wire: { to: socket, from, said: () => said, kill, ended }, expectEnd }
}

/** For the operator's eyes only; the engine may be away. */
async function howItEnded(engine: Engine, id: string): Promise<string | undefined> {
  const listed = await engine.list(ownerLabel).catch(() => undefined)
  return listed?.containers.find((each) => each.id === id)?.status
}
