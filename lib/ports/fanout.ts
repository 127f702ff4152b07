/**
 * Messages to whoever listens at this moment, in every process: what sockets are told, what replicas tell each other. Not durable, in no promised order;
 * lost when nobody listens or the way is broken. Payloads make a JSON round trip. The suite in `suites/fanout.suite.ts` is the definition.
 */
export interface Fanout {
  /** At most 7,000 bytes of JSON. @throws when it was not handed on: then nobody, or not everybody, hears it. */
  broadcast(topic: string, payload: unknown): Promise<void>
  /** Resolves when broadcasts are heard from now on, or will be as soon as the way there is whole. */
  listen(topic: string, listener: FanoutListener): Promise<{ stop(): Promise<void> }>
}

export type FanoutListener = {
  readonly hear: (payload: unknown) => void
  /** Broadcasts may have been lost on the way here: what is known by them alone is to be asked for again. Where the way can tell (Redis does, a bus need not). */
  readonly missed?: () => void
}

export const maxBroadcastBytes = 7_000
