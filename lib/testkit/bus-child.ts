/**
 * A consumer in a process of its own, to be frozen or killed: `node bus-child.ts MODULE EXPORT URL QUEUE LEASE_MS [hold|quick|late]`.
 * Says one JSON line for what happens. `hold` works until its signal is aborted, `quick` resolves at once,
 * `late` after 400 ms whatever its signal says.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { ms } from '#kernel/units'
import type { Bus } from '#ports/bus'
import { type Log, silentLog } from '#ports/log'

const [module = '', name = '', url = '', queue = '', lease = '8000', mode = 'hold'] = process.argv.slice(2)
const opened: Record<string, (url: string, deps: { log: Log }) => Promise<Bus>> = await import(module)
const open = opened[name]
if (open === undefined) throw new Error(`${module} has no ${name}`)
const say = (what: object) => void process.stdout.write(`${JSON.stringify(what)}\n`)
const bus = await open(url, { log: silentLog })
await bus.consume({
  queues: [queue],
  concurrency: 8,
  lease: ms(Number(lease)),
  handle: async ({ envelope, attempt, signal }) => {
    say({ started: envelope.id, attempt, at: performance.timeOrigin + performance.now() })
    if (mode === 'quick') return
    if (mode === 'late') {
      await sleep(400)
      return say({ finished: envelope.id })
    }
    await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }))
    say({ aborted: envelope.id })
  },
})
say({ ready: true })
process.stdin.on('close', () => void bus.close()).resume()
