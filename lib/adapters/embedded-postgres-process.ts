import { execFile, spawn } from 'node:child_process'
import type { Socket } from 'node:net'

export type Finished = { readonly code: number | null; readonly output: string }

/** Programs found by PATH alone are the system's own; nothing of our environment (PGHOST, secrets) is passed on. */
export const bareEnvironment = { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C' }

/** Runs a short program to its end. `code` is null when it could not be started or was killed. */
export function finish(argv: readonly string[], timeoutMs = 60_000): Promise<Finished> {
  const [program = '', ...args] = argv
  return new Promise((resolve) => {
    execFile(program, args, { env: bareEnvironment, cwd: '/', timeout: timeoutMs, maxBuffer: 1024 * 1024 }, (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === 'number' ? error.code : null
      const why = error !== null && code === null ? error.message : ''
      resolve({ code, output: `${stdout}${stderr}${why}` })
    })
  })
}

export type Lock = { release(): Promise<void> }

const LOCKED = 75

/**
 * Holds the kernel's lock on a file for as long as this process lives, however it ends: a `cat` that inherited the locked descriptor reads a pipe
 * whose other end dies with us.
 * @returns undefined when somebody else holds it.
 */
export async function lockFile(path: string): Promise<Lock | undefined> {
  const holder = spawn('flock', ['--nonblock', '--no-fork', '--conflict-exit-code', String(LOCKED), path, 'cat'], {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: bareEnvironment,
  })
  let complaint = ''
  holder.stderr.on('data', (chunk: Buffer) => {
    complaint += chunk.toString()
  })
  holder.stdin.on('error', (error) => {
    complaint += error.message // a refused lock closes the pipe first; the exit code says the rest
  })
  const ended = new Promise<number | null>((resolve) => holder.once('close', resolve))
  const failed = new Promise<never>((_, reject) =>
    holder.once('error', (error) => reject(new Error('cannot start flock (package util-linux)', { cause: error }))),
  )
  const locked = new Promise<'locked'>((resolve) => holder.stdout.once('data', () => resolve('locked')))
  holder.stdin.write('\n')
  const outcome = await Promise.race([locked, ended, failed])
  if (outcome === LOCKED) return undefined
  if (outcome !== 'locked') throw new Error(`cannot lock ${path}: ${complaint.trim()}`)
  failed.catch(() => undefined) // it did start
  const pipes = [holder.stdin, holder.stdout, holder.stderr] as unknown as Socket[]
  for (const handle of [holder, ...pipes]) handle.unref()
  return {
    release: async () => {
      for (const handle of [holder, ...pipes]) handle.ref()
      holder.stdin.end()
      await ended
    },
  }
}
