import { type Box, SandboxFault } from '#ports/sandbox'
import type { Core, Cores } from '../runner/cores.ts'
import type { Container } from './container.ts'

/** `occupied`: while the work is under way nothing else runs in the box; closing the box aborts it. */
export type OwnBox = Box & { occupied<T>(work: (closing: AbortSignal) => Promise<T>): Promise<T> }

/**
 * A box in a container. Closing it does not wait until the engine has removed the container: a program at work in it ends at once (between two runs there is
 * none), the rest takes a while.
 */
export function boxIn(container: Container, cores: Cores, onClose: (wasAtWork: boolean) => void): OwnBox {
  const { session } = container
  const closing = new AbortController()
  let isBusy = false
  let closed: Promise<void> | undefined
  const whileFree = () => {
    if (closed !== undefined) throw new SandboxFault('the box is closed', 'never')
    if (isBusy) throw new SandboxFault('a program is running in the box', 'never')
    return session
  }
  const occupied = async <T>(work: (closing: AbortSignal) => Promise<T>): Promise<T> => {
    whileFree()
    isBusy = true
    try {
      return await work(closing.signal)
    } finally {
      isBusy = false
    }
  }
  const close = async () => {
    closing.abort(new SandboxFault('the box was closed', 'never'))
    onClose(isBusy)
  }
  return {
    put: async (name, content) => whileFree().put(name, content),
    take: async (name, limit) => whileFree().take(name, limit),
    list: async () => whileFree().list(),
    occupied,
    run: (spec) =>
      occupied(async (closed) => {
        const signal = spec.signal === undefined ? closed : AbortSignal.any([spec.signal, closed])
        let core: Core | undefined
        try {
          await container.allow(spec.limits.memory)
          core = await cores.take(signal)
          return await session.run({ ...spec, signal }, { core: core.number })
        } finally {
          core?.release()
        }
      }),
    close: () => (closed ??= close()),
  }
}
