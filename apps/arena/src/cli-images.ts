import { openEngine } from '#adapters/sandbox-docker/engine'
import { buildImage, imageState } from '#adapters/sandbox-docker/images'
import { type Config, ConfigError } from '#kit/config'
import { SandboxFault } from '#ports/sandbox'
import { isBuiltByDefault, judgeImages } from './judge-images.ts'
import { say } from './terminal.ts'

const usage = 'npm run arena -- images list | build [NAME…] [--network NAME] [--fresh]'

/** `images list` and `images build`: what the Docker sandbox judges in. */
export const imagesCommand = (args: readonly string[], config: Config): Promise<void> =>
  manageImages(args, config).catch((cause: unknown) => {
    throw cause instanceof SandboxFault ? new ConfigError(cause.message) : cause // one line for the operator, not a stack
  })

async function manageImages([action, ...args]: readonly string[], config: Config): Promise<void> {
  const engine = openEngine(config.dockerHost)
  if (action === 'list') {
    for (const source of judgeImages()) say(`${source.name.padEnd(14)} ${await imageState(engine, source)}`)
    return
  }
  if (action !== 'build') throw new ConfigError(usage)
  const { names, network, isFresh } = parseBuild(args)
  const sources = judgeImages()
  const unknown = names.find((name) => !sources.some((source) => source.name === name))
  if (unknown !== undefined) throw new ConfigError(`There is no judge image ${unknown}; there are ${sources.map(({ name }) => name).join(', ')}`)
  const chosen = sources.filter((source) => (names.length === 0 ? isBuiltByDefault(source) : names.includes(source.name)))
  for (const source of chosen) {
    if (!isFresh && (await imageState(engine, source)) === 'current') {
      say(`${source.name} is current`)
      continue
    }
    say(`${source.name} is being built …`)
    const lines: string[] = []
    const startedAt = performance.now()
    const kept = await buildImage(engine, source, { ...(network === undefined ? {} : { network }), isFresh, tell: (line) => lines.push(line) }).catch(
      (cause: unknown) => {
        say(lines.slice(-20).join('\n'))
        throw cause
      },
    )
    say(`${source.name} is built (${Math.round((performance.now() - startedAt) / 1000)} s)`)
    if (kept !== undefined) say(`the image it replaces is still in use; later: docker rmi ${kept}`)
  }
}

function parseBuild(args: readonly string[]): { readonly names: readonly string[]; readonly network: string | undefined; readonly isFresh: boolean } {
  const names: string[] = []
  let network: string | undefined
  let isFresh = false
  for (let at = 0; at < args.length; at++) {
    const arg = args[at] as string
    if (arg === '--fresh') isFresh = true
    else if (arg === '--network' && args[at + 1] !== undefined) network = args[++at]
    else if (arg.startsWith('-')) throw new ConfigError(`${arg} is not understood: ${usage}`)
    else names.push(arg)
  }
  return { names, network, isFresh }
}
