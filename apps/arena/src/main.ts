import { existsSync } from 'node:fs'
import { type Config, ConfigError, parseConfig, processEnvironment } from '#kit/config'
import { startAlone } from './alone.ts'
import { loginsFile } from './first-start.ts'
import { help, parseFlags } from './flags.ts'
import { complain, lanAddresses, qrCode, say } from './terminal.ts'
import { type Arena, startWhole } from './whole.ts'

/** A worker whose arena was killed may end in order for so long; the next arena waits for nobody, and what was at work is judged anew. */
const orphanGraceMs = 10_000

/** Starts what ARENA_SERVICES names (default: the whole arena, with its worker), and stops it at the first SIGINT or SIGTERM; a second one ends at once. */
async function main(): Promise<void> {
  const flags = parseFlags(process.argv.slice(2))
  if (flags.help) return say(help)
  const environment = processEnvironment()
  const config = parseConfig(environment, flags.settings)
  // undefined without a supervisor, false when that is gone already: the `disconnect` of those days is over
  const isSupervised = process.connected !== undefined
  if (isSupervised && !process.connected) return
  let started: { stop(): Promise<void> } | undefined
  let stopping: Promise<void> | undefined
  const stop = (code: number) => {
    if (stopping) process.exit(1)
    stopping = (started?.stop() ?? Promise.resolve()).then(
      () => process.exit(code),
      (cause: unknown) => fail(cause),
    )
  }
  process.on('SIGINT', () => {
    if (config.isWhole && !stopping) say('\nStopping …')
    stop(0)
  })
  process.on('SIGTERM', () => stop(0))
  process.on('disconnect', () => {
    stop(0) // the arena that supervises this worker is gone, perhaps with the database
    setTimeout(() => process.exit(1), orphanGraceMs)
  })
  process.on('uncaughtException', fail)
  if (config.isWhole) {
    const arena = await startWhole(config, environment, say)
    started = arena
    await welcome(config, arena)
  } else {
    started = await startAlone(config, isSupervised)
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
