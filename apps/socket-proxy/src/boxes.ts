import type { ContainerWishes } from '#adapters/sandbox-docker/container-config'
import { containerConfig } from '#adapters/sandbox-docker/container-config'
import type { Attached, Engine } from '#adapters/sandbox-docker/engine'
import { isAbandoned, ownerLabel } from '#adapters/sandbox-docker/owner'
import type { Bytes } from '#kernel/units'

/**
 * Whose box is whose. A worker is known by the address it calls from. It attaches to, starts and changes the boxes it made and no others, so one that
 * was taken over reads no other worker's pupils; it removes its own, and those that nobody owns any more by the adapter's own rule (owner.ts). What the
 * proxy does not know it made itself, or what does not carry the judge's label, does not exist for anybody.
 *
 * After a restart of the proxy nothing is known: its end closed every attached pipe, which ended every box.
 */
export type Boxes = {
  /** @throws Refused when there are too many. */
  create(caller: string, name: string, wishes: ContainerWishes): Promise<string>
  /** Once for each box. @throws Refused. */
  attach(caller: string, id: string): Promise<Attached>
  start(caller: string, id: string): Promise<void>
  update(caller: string, id: string, memory: Bytes): Promise<void>
  /** By id, or by the name that its maker gave it. */
  remove(caller: string, idOrName: string): Promise<void>
  list(): ReturnType<Engine['list']>
}

/** What a caller may not do, with the status that says so. */
export class Refused extends Error {
  override readonly name = 'Refused'
  readonly status: number
  constructor(status: number, message: string) {
    super(message)
    this.status = status
  }
}

type Box = { readonly id: string; readonly name: string; readonly maker: string; isAttached: boolean }

export function openBoxes(engine: Engine, mostContainers: number): Boxes {
  const known = new Map<string, Box>()
  /** Names of boxes that are being made: they count. */
  const making = new Set<string>()
  const list = async () => {
    const knownBefore = [...known.keys()] // one that is made meanwhile may be missing in the answer
    const listed = await engine.list(ownerLabel)
    const ids = new Set(listed.containers.map(({ id }) => id))
    for (const id of knownBefore) if (!ids.has(id)) known.delete(id) // gone without us: ended by the engine's operator
    return listed
  }
  const own = (caller: string, id: string): Box => {
    const box = known.get(id)
    if (box?.maker !== caller) throw new Refused(404, 'there is no such box of yours')
    return box
  }
  const makeRoom = async () => {
    if (known.size + making.size < mostContainers) return
    const { containers } = await list()
    if (Math.max(containers.length, known.size) + making.size >= mostContainers) throw new Refused(429, `there are ${mostContainers} boxes already`)
  }
  const forget = async (box: Box) => {
    await engine.remove(box.id)
    known.delete(box.id)
  }
  return {
    list,
    async create(maker, name, wishes) {
      if (wishes.joint?.kind === 'of') own(maker, wishes.joint.container)
      await makeRoom()
      making.add(name)
      try {
        const id = await engine.create(name, containerConfig(wishes))
        known.set(id, { id, name, maker, isAttached: false })
        return id
      } finally {
        making.delete(name)
      }
    },
    async attach(caller, id) {
      const box = own(caller, id)
      if (box.isAttached) throw new Refused(409, 'somebody is attached already')
      box.isAttached = true
      return await engine.attach(id)
    },
    start: async (caller, id) => engine.start(own(caller, id).id),
    update: async (caller, id, memory) => engine.update(own(caller, id).id, memory),
    async remove(caller, idOrName) {
      const box = known.get(idOrName) ?? [...known.values()].find(({ name }) => name === idOrName)
      if (box?.maker === caller) return await forget(box)
      const { containers, nowSeconds } = await list()
      const found = containers.find(({ id }) => id === idOrName)
      if (found === undefined) throw new Refused(404, 'there is no such box')
      if (!isAbandoned(found, nobody, nowSeconds)) throw new Refused(403, 'the box is at work for somebody else')
      await engine.remove(found.id)
      known.delete(found.id)
    },
  }
}
/** In the adapter's rule: somebody whose boxes these are not. */
const nobody = { owner: '', isKnown: () => false, isMaking: false } as const
