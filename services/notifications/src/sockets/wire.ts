import type { Duplex } from 'node:stream'
import type { RawData, WebSocket } from 'ws'
import { ClientMessage, closeCodes, type ServerMessage } from '#contracts/notifications'
import type { Ms } from '#kernel/units'
import type { Log } from '#kit/log'
import { checker } from '#kit/validation'
import type { Clock } from '#ports/clock'
import { type Budget, take } from '../domain/rate.ts'
import { type Frame, frameOf } from './frame.ts'
import { limits } from './limits.ts'

/** One socket below its protocol: bounded both ways, one task after another, and closed for good once it is closing. */
export type Wire = {
  readonly isClosing: boolean
  /** A frame is made once for many. A peer that does not read is let go. */
  say(message: ServerMessage | Frame): void
  /** After what is under way; a task that throws lets the socket go. */
  enqueue(task: () => Promise<void> | void): void
  /** An alarm that goes with the socket. */
  later(delay: Ms, act: () => void): void
  /** Ends a peer that has not answered since the last beat, and asks the others. */
  beat(): void
  close(code: number, reason: string): void
  /** At once, without a word. */
  cut(): void
}
/** An accepted WebSocket and the stream below it. Messages are written to the stream as whole frames, which `ws` does not mind while it compresses nothing. */
export type Accepted = { readonly ws: WebSocket; readonly stream: Duplex }
type Hearing = { readonly message: (message: ClientMessage) => Promise<void> | void; readonly gone: () => void }

const check = checker(ClientMessage)

export function openWire({ ws, stream }: Accepted, { clock, log }: { clock: Clock; log: Log }, hear: Hearing): Wire {
  const cancels: (() => void)[] = []
  const later: Wire['later'] = (delay, act) => void cancels.push(clock.after(delay, act))
  let isClosing = false
  let isAnswering = true
  let budget: Budget | undefined

  const close: Wire['close'] = (code, reason) => {
    if (isClosing) return
    isClosing = true
    ws.close(code, reason)
    later(limits.closeTimeout, () => ws.terminate())
  }
  const enqueue = openQueue(
    () => isClosing,
    (cause) => {
      if (cause !== undefined) log.warn({ err: cause }, 'a socket is let go: its work failed')
      close(closeCodes.comeAgain, 'retry')
    },
  )
  ws.on('message', (data, isBinary) => {
    isAnswering = true
    budget = take(limits.messages, budget, clock.now())
    if (budget === undefined) return close(closeCodes.protocol, 'too many messages')
    const message = isBinary ? undefined : messageIn(data)
    if (message === undefined) return close(closeCodes.protocol, 'not a message of the protocol')
    enqueue(() => hear.message(message))
  })
  ws.on('pong', () => {
    isAnswering = true
  })
  ws.on('error', (error) => log.debug({ reason: error.message }, 'a socket failed'))
  ws.on('close', () => {
    isClosing = true
    for (const cancel of cancels) cancel()
    hear.gone()
  })
  return {
    get isClosing() {
      return isClosing
    },
    say(message) {
      if (isClosing || ws.readyState !== ws.OPEN) return
      if (stream.writableLength > limits.bufferedBytes) return close(closeCodes.comeAgain, 'too slow')
      stream.write('bytes' in message ? message.bytes : frameOf(message).bytes)
    },
    enqueue,
    later,
    beat() {
      if (!isAnswering) return ws.terminate()
      isAnswering = false
      ws.ping()
    },
    close,
    cut: () => ws.terminate(),
  }
}

/** Runs tasks one after another until `isOver`; `giveUp` is told what a task threw, or nothing when too many wait. */
function openQueue(isOver: () => boolean, giveUp: (cause?: unknown) => void): Wire['enqueue'] {
  let work: Promise<void> = Promise.resolve()
  let waiting = 0
  return (task) => {
    if (isOver()) return
    if (waiting >= limits.waitingTasks) return giveUp()
    waiting += 1
    work = work
      .then(() => (isOver() ? undefined : task()))
      .catch((cause: unknown) => giveUp(cause ?? new Error('thrown without a cause')))
      .finally(() => {
        waiting -= 1
      })
  }
}

function messageIn(data: RawData): ClientMessage | undefined {
  try {
    const checked = check(JSON.parse((data as Buffer).toString('utf8')))
    return checked.ok ? (checked.value as ClientMessage) : undefined
  } catch {
    return undefined // not JSON: not of the protocol, and the caller closes
  }
}
