import { type ChildProcess, fork } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'
import { join } from 'node:path'
import type { Environment } from '#kit/config'
import type { Log } from '#kit/log'

/**
 * Keeps one evaluation worker alive: a process of the same main file, so that hostile programs, big comparisons and zips never share a process with sockets
 * and signing keys. It is started again when it dies, sooner when it had lived long; it stops by itself when the channel to us closes, however we died.
 */
export type Worker = { readonly pid: number | undefined; stop(): Promise<void> }

const shortestPauseMs = 200
const longestPauseMs = 10_000
const graceMs = 12_000

/** `logFile` takes what the worker says; it logs to its stderr. */
export function superviseWorker(environment: Environment, logFile: string, log: Log): Worker {
  let child: ChildProcess | undefined
  let isStopping = false
  let pauseMs = shortestPauseMs
  let again: NodeJS.Timeout | undefined

  const start = () => {
    const startedAt = Date.now()
    const said = openSync(logFile, 'a', 0o600)
    // its own group: Ctrl-C at the terminal reaches us alone, and we stop it in order
    child = fork(join(import.meta.dirname, 'main.ts'), [], { env: { ...environment }, stdio: ['ignore', said, said, 'ipc'], detached: true })
    closeSync(said)
    child.once('error', (cause) => {
      log.error({ err: cause }, 'the evaluation worker could not be started; it is tried again')
      if (!isStopping && child?.pid === undefined) again = setTimeout(start, longestPauseMs) // no process, so no exit either
    })
    child.once('exit', (code, signal) => {
      if (isStopping) return
      pauseMs = Date.now() - startedAt > 30_000 ? shortestPauseMs : Math.min(pauseMs * 2, longestPauseMs)
      log.warn({ code, signal, pauseMs }, 'the evaluation worker ended; it is started again, what it was judging is judged anew')
      again = setTimeout(start, pauseMs)
    })
  }
  start()
  return {
    get pid() {
      return child?.pid
    },
    async stop() {
      isStopping = true
      clearTimeout(again)
      if (!child || child.exitCode !== null || child.signalCode !== null) return
      const ended = new Promise<void>((resolve) => child?.once('exit', () => resolve()))
      child.kill('SIGTERM')
      const late = setTimeout(() => child?.kill('SIGKILL'), graceMs)
      await ended
      clearTimeout(late)
    },
  }
}
