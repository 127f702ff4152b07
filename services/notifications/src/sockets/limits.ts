import { kibibytes, seconds } from '#kernel/units'

/** Bounds of one replica. Generous where a school shares one address; each only ends what is over it, never what is there already. */
export const limits = {
  messageBytes: kibibytes(8),
  /** Client messages: a page sends a handful when it opens, then next to nothing. */
  messages: { burst: 60, perSecond: 10 },
  /** Not dealt with yet, on one socket: more means that the database or the peer hangs. */
  waitingTasks: 500,
  channels: 20,
  socketsPerUser: 30,
  socketsPerAddress: 3_000,
  /** Before they have said who they are. */
  unknownPerAddress: 500,
  sockets: 20_000,
  /** Unsent bytes, beyond what the kernel holds, at which a peer that does not read is let go: some twenty seconds of a lively board, or 500 messages missed. */
  bufferedBytes: kibibytes(256),
  authTimeout: seconds(5),
  /** After the token's expiry: clocks differ, and the client may be about to come again with a new one. */
  expiryGrace: seconds(3),
  heartbeat: seconds(25),
  /** A peer that does not answer the close is cut off. */
  closeTimeout: seconds(2),
} as const
