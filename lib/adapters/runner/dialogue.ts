import type { Readable, Writable } from 'node:stream'
import { SandboxFault } from '#ports/sandbox'
import { frameReader, type RunnerMessage } from './protocol.ts'

/**
 * Questions and answers over a runner's two pipes: at most one question is open at a time. What comes unasked, what no answer looks like, silence
 * where there should be one, and the end of the pipes are faults, and a fault ends it all: every process of the box is killed, and whatever is
 * asked afterwards throws the same fault.
 */
export type Dialogue = {
  /** Waits for the words that `hear` makes an answer of; `say` is sent at once. What `hear` throws is a fault. */
  ask<T>(question: Question<T>): Promise<T>
  /** Says something that is not answered. @returns a promise when the pipe is full; then nothing more should be said before it resolves. */
  send(content: Uint8Array): Promise<void> | undefined
  /** Faults until now were those of a box that cannot be made (to be tried later); from now on those of a box that broke (to be tried at once). */
  begun(): void
  /** @throws SandboxFault when it has ended. */
  mustLive(): void
  isDead(): boolean
  /** Resolves when no process of the box is left. Idempotent. */
  end(): Promise<void>
}
export type Question<T> = {
  readonly say?: Uint8Array
  readonly patienceMs: number
  readonly hear: (message: RunnerMessage, tell: (answer: T) => void) => void
}

/** A runner's two pipes and its life, wherever it runs. */
export type Wire = {
  readonly to: Writable
  readonly from: Readable
  /** What it wrote on stderr so far, for the operator. */
  said(): string
  /** Ends every process of the box at once, by force. Idempotent. */
  kill(): void
  /** Resolves, with how, when no process of the box is left and `from` has told its last. Never rejects. */
  readonly ended: Promise<string>
}

const endDeadlineMs = 2000
const saidAtMost = 300
/** A longer timer would fire at once. */
const longestTimerMs = 2 ** 31 - 1

type State = {
  dead: SandboxFault | undefined
  /** `hear` returns whether that was the last word. */
  asked: { readonly hear: (message: RunnerMessage) => boolean; readonly reject: (fault: Error) => void } | undefined
  deadline: NodeJS.Timeout | undefined
  /** Whoever waits for room in the pipe goes on. */
  wake: () => void
  retry: 'now' | 'later'
}

export function openDialogue(wire: Wire): Dialogue {
  const state: State = { dead: undefined, asked: undefined, deadline: undefined, wake: () => undefined, retry: 'later' }
  const fail = (message: string, retry: SandboxFault['retry'] = state.retry) => {
    if (state.dead === undefined) {
      const said = wire.said().trim().slice(0, saidAtMost)
      state.dead = new SandboxFault(said === '' ? message : `${message}: ${said}`, retry)
      wire.kill()
    }
    leave(state, state.dead)
  }
  listen(wire, state, fail)
  return {
    ask: (question) => ask(wire, state, question, () => fail('the runner does not answer')),
    send(content) {
      if (state.dead !== undefined) throw state.dead
      if (wire.to.write(content)) return undefined
      return new Promise((resolve, reject) => {
        state.wake = () => (state.dead === undefined ? resolve() : reject(state.dead))
      })
    },
    begun() {
      state.retry = 'now'
    },
    mustLive() {
      if (state.dead !== undefined) throw state.dead
    },
    isDead: () => state.dead !== undefined,
    async end() {
      state.dead ??= new SandboxFault('the box is closed', 'never')
      leave(state, state.dead)
      wire.to.end()
      const late = setTimeout(() => wire.kill(), endDeadlineMs)
      await wire.ended
      clearTimeout(late)
    },
  }
}

function leave(state: State, fault: SandboxFault): void {
  clearTimeout(state.deadline)
  state.asked?.reject(fault)
  state.asked = undefined
  state.wake()
}

function listen(wire: Wire, state: State, fail: (message: string, retry?: SandboxFault['retry']) => void): void {
  const hear = (message: RunnerMessage) => {
    if (state.dead !== undefined) return
    if (message.type === 'fault') return fail(message.message)
    if (state.asked === undefined) return fail('the runner speaks unasked')
    if (!state.asked.hear(message)) return
    state.asked = undefined
    clearTimeout(state.deadline)
  }
  const read = frameReader(hear)
  wire.from.on('data', (chunk: Buffer) => {
    try {
      if (state.dead === undefined) read(chunk)
    } catch (error) {
      if (error instanceof SandboxFault && error.retry === 'never') fail(error.message, 'never')
      else fail((error as Error).message)
    }
  })
  wire.to.on('drain', () => state.wake())
  for (const stream of [wire.from, wire.to]) stream.on('error', (error) => fail(`the runner’s pipe broke (${error.message})`))
  void wire.ended.then((how) => fail(`the runner ended (${how})`))
}

function ask<T>(wire: Wire, state: State, { say, patienceMs, hear }: Question<T>, onSilence: () => void): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    if (state.dead !== undefined) return reject(state.dead)
    let isOver = false
    const tell = (answer: T) => {
      isOver = true
      resolve(answer)
    }
    state.asked = {
      hear: (message) => {
        hear(message, tell)
        return isOver
      },
      reject,
    }
    state.deadline = setTimeout(onSilence, Math.min(patienceMs, longestTimerMs))
    if (say !== undefined) wire.to.write(say)
  })
}
