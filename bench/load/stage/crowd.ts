/** Many WebSocket clients (crowd.c) in a process of their own, several source addresses, and what they hear. Times are milliseconds of this machine's monotonic clock. */
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

/** When those who listen had the board push of one revision. */
export type Heard = { readonly revision: number; readonly first: number; readonly p50: number; readonly p99: number; readonly last: number }
/** All have entered and subscribed, so long after they were told to; `refused`: tries that had to be made again. */
export type Entered = { readonly ready: number; readonly ms: number; readonly refused: number; readonly cpuMs: number }

/** A replica takes 3,000 sockets from one address. */
const socketsEach = 2_000

export const monotonicMs = () => Number(process.hrtime.bigint()) / 1e6

export type CrowdOptions = { readonly folder: string; readonly port: number; readonly tokens: readonly string[]; readonly contestId: string }

export function openCrowd({ folder, port, tokens, contestId }: CrowdOptions) {
  const program = join(folder, 'crowd')
  execFileSync('cc', ['-O2', '-Wall', '-o', program, join(import.meta.dirname, 'crowd.c')])
  const tokensFile = join(folder, 'crowd.tokens')
  writeFileSync(tokensFile, tokens.map((token) => `${token}\n`).join(''))
  const size = tokens.length
  const argv = ['127.0.0.1', port, size, Math.ceil(size / socketsEach), tokensFile, `leaderboard:${contestId}`].map(String)
  const child = spawn(program, argv, { stdio: ['pipe', 'pipe', 'inherit'] })
  const heard: Heard[] = []
  let lost = 0
  let hearPush: ((push: Heard) => void) | undefined
  let hearEntered: ((entered: Entered) => void) | undefined
  createInterface({ input: child.stdout }).on('line', (line) => {
    const said: Partial<Heard & Entered & { lost: number }> = JSON.parse(line)
    if (said.lost !== undefined) lost += 1
    else if (said.ready !== undefined) hearEntered?.(said as Entered)
    else {
      heard.push(said as Heard)
      hearPush?.(said as Heard)
    }
  })
  const order = (text: string) => child.stdin.write(`${text}\n`)
  return {
    /** Everything heard so far, oldest first. */
    heard,
    /** Connections that the server ended. */
    lost: () => lost,
    enter: () =>
      new Promise<Entered>((resolve) => {
        hearEntered = resolve
        order('enter')
      }),
    /** The next push that all have; ask before it is caused. */
    nextPush: () =>
      new Promise<Heard>((resolve) => {
        hearPush = resolve
      }),
    /** The first `n` read no more, and what they miss is not waited for. */
    deafen: (n: number) => order(`deafen ${n}`),
    leave: () => order('leave'),
    async close() {
      child.stdin.end()
      if (child.exitCode === null) await once(child, 'exit')
    },
  }
}
