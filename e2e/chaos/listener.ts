/**
 * A pupil's socket as the page holds it: comes again when it was lost, resumes after the last message it had, and takes each message of the inbox once by
 * its number. What it heard is kept for the judgement at the end.
 */
import WebSocket from 'ws'
import type { ServerMessage } from '#contracts/notifications'

export type Heard = { readonly id: string; readonly verdict: string }
export type ProgressHeard = { readonly id: string; readonly stage: 'compiling' | 'running'; readonly test: number; readonly at: number }
export type ListenerOptions = {
  readonly url: string
  /** A token that is good now; rejects while none can be had. */
  readonly token: (isRefused: boolean) => Promise<string>
  readonly onProgress: (progress: ProgressHeard) => void
}

const handshakeMs = 5_000
const silentMs = 10_000
const againMs = 150

export function openListener({ url, token, onProgress }: ListenerOptions) {
  const verdicts = new Map<number, Heard>()
  /** Numbers that came with two different contents, or verdicts that came under two numbers. */
  const contradictions: string[] = []
  const numbers = new Map<string, number>()
  const counts = { connections: 0, repeated: 0, refused: 0 }
  let lastSeq = 0
  let isStopped = false
  let isRefused = false
  let socket: WebSocket | undefined
  let again: NodeJS.Timeout | undefined

  const keep = (message: Extract<ServerMessage, { type: 'submission.judged' }>) => {
    const before = verdicts.get(message.seq)
    if (before !== undefined) {
      counts.repeated += 1
      if (before.id !== message.id || before.verdict !== message.verdict) contradictions.push(`number ${message.seq} is ${before.id} and ${message.id}`)
      return
    }
    const number = numbers.get(message.id)
    if (number !== undefined) contradictions.push(`${message.id} is told as ${number} and as ${message.seq}`)
    numbers.set(message.id, message.seq)
    verdicts.set(message.seq, { id: message.id, verdict: message.verdict })
  }
  const hear = (message: ServerMessage) => {
    if (message.type === 'ready') socket?.send(JSON.stringify({ type: 'resume', after: lastSeq }))
    if (message.type === 'submission.progress') onProgress({ id: message.id, stage: message.stage, test: message.test, at: performance.now() })
    if (message.type === 'submission.judged') keep(message)
    if ('seq' in message && message.type !== 'ready') lastSeq = Math.max(lastSeq, message.seq)
  }
  const connect = async () => {
    const bearer = await token(isRefused)
    isRefused = false
    if (isStopped) return
    const opened = new WebSocket(`${url.replace('http', 'ws')}/api/ws`, { handshakeTimeout: handshakeMs })
    socket = opened
    let heardAt = Date.now()
    // as the page does: a line that says nothing, also when asked, is given up
    const watch = setInterval(() => {
      if (Date.now() - heardAt > silentMs) return opened.terminate()
      if (opened.readyState === WebSocket.OPEN) opened.send('{"type":"ping"}')
    }, silentMs / 4)
    opened.on('open', () => {
      counts.connections += 1
      opened.send(JSON.stringify({ type: 'auth', token: bearer }))
    })
    opened.on('message', (data: Buffer) => {
      heardAt = Date.now()
      hear(JSON.parse(data.toString()))
    })
    opened.on('error', () => {}) // followed by close
    opened.on('close', (code: number) => {
      clearInterval(watch)
      isRefused = code >= 4400
      if (isRefused) counts.refused += 1
      later()
    })
  }
  const later = () => {
    if (!isStopped) again = setTimeout(() => void connect().catch(later), againMs * (1 + Math.random()))
  }
  later()
  return {
    /** By their number in the inbox. */
    verdicts: verdicts as ReadonlyMap<number, Heard>,
    contradictions: contradictions as readonly string[],
    counts,
    has: (id: string) => numbers.has(id),
    stop() {
      isStopped = true
      clearTimeout(again)
      socket?.terminate()
    },
  }
}
export type Listener = ReturnType<typeof openListener>
