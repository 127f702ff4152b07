import { once } from 'node:events'
import { openEngine } from '#adapters/sandbox-docker/engine'
import { buildImage, imageState } from '#adapters/sandbox-docker/images'
import { isBuiltByDefault, judgeImages } from '#arena/judge-images'
import { type Config, ConfigError, parseConfig, processEnvironment } from '#kit/config'
import { type Log, openLog } from '#kit/log'
import { makeProxy } from './proxy.ts'

/**
 * The container engine for judges (README.md): the only process beside the engine's own that holds its socket. With `--build` it also builds the judge
 * images that are missing or stale, from what lies in its own image; `--network NAME` is where the steps of that build reach packages.
 */
const mostContainers = 128

type Flags = { readonly isBuilding: boolean; readonly network: string | undefined }

async function main(): Promise<void> {
  const flags = parseFlags(process.argv.slice(2))
  const config = parseConfig(processEnvironment())
  const log = openLog(config.log)
  const engine = openEngine(config.dockerHost)
  const server = makeProxy({
    engine,
    rules: { images: judgeImages().map(({ name }) => name), runtime: config.dockerRuntime, mostContainers },
    onRefusal: (what) => log.warn(what, 'a call was refused'),
  })
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(0)) // pipes close with it, and boxes end by that
  server.listen(config.port, config.host)
  await once(server, 'listening')
  log.info({ host: config.host, port: config.port, engine: config.dockerHost }, 'judges may make boxes')
  if (flags.isBuilding) await buildMissing(config, flags, log)
}

/** Judges find the images when they look again, within a minute. */
async function buildMissing(config: Config, { network }: Flags, log: Log): Promise<void> {
  const engine = openEngine(config.dockerHost)
  for (const source of judgeImages().filter(isBuiltByDefault)) {
    const lines: string[] = []
    try {
      if ((await imageState(engine, source)) === 'current') continue
      log.info({ image: source.name }, 'a judge image is being built')
      const kept = await buildImage(engine, source, { isFresh: false, ...(network ? { network } : {}), tell: (line) => lines.push(line) })
      log.info({ image: source.name, kept }, 'a judge image is built; what it replaces is removed, but for what is in use (kept)')
    } catch (error) {
      log.error({ image: source.name, err: error, lastLines: lines.slice(-20) }, 'a judge image could not be built; its languages wait')
    }
  }
}

function parseFlags(args: readonly string[]): Flags {
  const flags = { isBuilding: false, network: undefined as string | undefined }
  for (let at = 0; at < args.length; at++) {
    if (args[at] === '--build') flags.isBuilding = true
    else if (args[at] === '--network' && args[at + 1] !== undefined) flags.network = args[++at]
    else throw new ConfigError(`${args[at]} is not understood: --build [--network NAME]`)
  }
  return flags
}

await main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? (error instanceof ConfigError ? error.message : error.stack) : error}\n`)
  process.exit(error instanceof ConfigError ? 2 : 1)
})
