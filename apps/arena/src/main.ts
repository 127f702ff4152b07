import { existsSync } from 'node:fs'
import { type Config, ConfigError, parseConfig, processEnvironment } from '#kit/config'
import { startAlone } from './alone.ts'
import { loginsFile } from './first-start.ts'
import { help, parseFlags } from './flags.ts'
import { complain, lanAddresses, qrCode, say } from './terminal.ts'
import { type Arena, startWhole } from './whole.ts'

/** A worker whose arena was killed may end in order for so long; the next arena waits for nobody, and what was at work is judged anew. */
const orphanGraceMs = 10_000
/** All of stopping, the drain apart: below the 30 s after which schedulers kill. Whoever is cut off by it loses nothing, since leases run out. */
const stopWithinMs = 25_000

/**
 * Starts what ARENA_SERVICES names (default: the whole arena, with its worker), and stops it at the first SIGINT or SIGTERM. A second SIGINT ends at once:
 * somebody at the keyboard is out of patience. A second SIGTERM does not, nor does a supervisor that is gone by then: a service manager tells the whole
 * group while the supervisor tells its worker too, and one that ended half-way would leave mounts and control groups behind.
 */
async function main(): Promise<void> {
  const flags = parseFlags(process.argv.slice(2))
  if (flags.help) return say(help)
  const environment = processEnvironment()
  const config = parseConfig(environment, flags.settings)
  // undefined without a supervisor, false when that is gone already: the `disconnect` of those days is over
  const isSupervised = process.connected !== undefined
  if (isSupervised && !process.connected) return
  let started: Promise<{ stop(): Promise<void> }> | undefined
  let isStopping = false
  // a start that fails has closed what it had opened; it is told where it is awaited
  const stopped = async () => (await started?.catch(() => undefined))?.stop()
  const stop = () => {
    if (isStopping) return
    isStopping = true
    setTimeout(() => fail(new ConfigError(`it did not stop within ${stopWithinMs / 1_000} s and is cut off`)), config.drainMs + stopWithinMs).unref()
    stopped().then(
      () => process.exit(0),
      (cause: unknown) => fail(cause),
    )
  }
  process.on('SIGINT', () => {
    if (isStopping) process.exit(1)
    if (config.isWhole) say('\nStopping …')
    stop()
  })
  process.on('SIGTERM', stop)
  process.on('disconnect', () => {
    stop() // the arena that supervises this worker is gone, perhaps with the database
    setTimeout(() => process.exit(1), orphanGraceMs)
  })
  process.on('uncaughtException', fail)
  if (config.isWhole) {
    const arena = await startWhole(config, environment, say)
    started = Promise.resolve(arena) // before that there is nothing that does not go with this process
    await welcome(config, arena)
  } else {
    started = startAlone(config, isSupervised) // a sandbox may be open before all is
    await started
  }
}

async function welcome(config: Config, arena: Arena): Promise<void> {
  const isTerminal = process.stdout.isTTY === true
  const isOpen = config.host !== '127.0.0.1' && config.host !== 'localhost' && config.host !== '::1'
  say(`\nCompeta Arena is ready: http://localhost:${arena.port}`)
  if (isOpen) {
    const addresses = lanAddresses()
    for (const address of addresses) say(`On this network:        http://${address}:${arena.port}`)
    if (addresses[0]) say(`\n${await qrCode(`http://${addresses[0]}:${arena.port}`)}`)
  }
  if (arena.logins.length > 0 && isTerminal) say('\nFirst logins:')
  if (isTerminal) for (const each of arena.logins) say(`  ${each.who.padEnd(8)} ${each.login.padEnd(24)} ${each.password}`)
  if (existsSync(loginsFile(config))) say(`\nThe logins of the first start are in ${loginsFile(config)}, readable by you alone.`)
  say('Ctrl-C stops it.')
}

/** One line for what the operator can mend; the whole story for what only we can. */
function fail(cause: unknown): never {
  const isTheirs =
    cause instanceof ConfigError || (cause instanceof Error && !('code' in cause) && !cause.message.includes('\n') && cause.constructor === Error)
  complain(
    isTheirs
      ? (cause as Error).message
      : `The arena stopped because of an unexpected failure.\n${cause instanceof Error ? (cause.stack ?? cause.message) : cause}`,
  )
  process.exit(cause instanceof ConfigError ? 2 : 1)
}

await main().catch(fail)
