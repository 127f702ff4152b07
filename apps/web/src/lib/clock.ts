/**
 * The server's clock, kept from the `serverNow` of its answers: phones are often minutes off, and a contest ends by the server's time.
 * An answer's time is taken to lie in the middle of its round trip; the error is at most half the trip, so the shortest trip wins until it is old.
 */
export type ServerClock = {
  /** Milliseconds since 1970 by the server's clock. */
  readonly now: () => number
  readonly heard: (serverNow: string, sentAt: number, receivedAt: number) => void
}

const sampleLifeMs = 5 * 60_000

export function createServerClock(localNow: () => number): ServerClock {
  let offsetMs = 0
  let best: { tripMs: number; at: number } | undefined
  return {
    now: () => localNow() + offsetMs,
    heard(serverNow, sentAt, receivedAt) {
      const server = Date.parse(serverNow)
      const tripMs = receivedAt - sentAt
      if (Number.isNaN(server) || tripMs < 0) return
      if (best && receivedAt - best.at < sampleLifeMs && tripMs > best.tripMs) return
      best = { tripMs, at: receivedAt }
      offsetMs = server - (sentAt + tripMs / 2)
    },
  }
}
