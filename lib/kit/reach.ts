import { Agent, type Dispatcher } from 'undici'

/** How a peer's address is reached: `http://host:port`, or `unix:/path` on one machine. */
export type Reach = {
  /** What undici's `request` takes; `path` begins with a slash and may have a query. */
  to(address: string, path: string): { readonly url: URL; readonly options: { dispatcher?: Dispatcher } }
  close(): Promise<void>
}

const scheme = 'unix:'
/** The path of a socket, or undefined for an address on the network. */
export const socketPathOf = (address: string): string | undefined => (address.startsWith(scheme) ? address.slice(scheme.length) : undefined)

export function openReach(): Reach {
  const agents = new Map<string, Agent>()
  const agentFor = (socketPath: string) => {
    const agent = agents.get(socketPath) ?? new Agent({ connect: { socketPath }, connections: 16 })
    agents.set(socketPath, agent)
    return agent
  }
  return {
    to(address, path) {
      const socketPath = socketPathOf(address)
      if (socketPath === undefined) return { url: new URL(path, address), options: {} }
      return { url: new URL(path, 'http://localhost'), options: { dispatcher: agentFor(socketPath) } }
    },
    async close() {
      await Promise.all([...agents.values()].map((agent) => agent.close()))
    },
  }
}
