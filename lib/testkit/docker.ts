import { execFileSync } from 'node:child_process'
import { systemClock } from '#adapters/clock-system'
import { type DockerSandboxOptions, openDockerSandbox } from '#adapters/sandbox-docker'
import { openEngine } from '#adapters/sandbox-docker/engine'
import { imageState } from '#adapters/sandbox-docker/images'
import { ownerLabel } from '#adapters/sandbox-docker/owner'
import { judgeImages } from '#arena/judge-images'
import { languages } from '#contracts/languages'
import { silentLog } from '#ports/log'
import type { Sandbox } from '#ports/sandbox'

export { judgeImages }

/** The engine that tests may use: containers of their own, beside whatever else runs there. */
export const testEngineAddress: string = process.env.TEST_DOCKER_HOST ?? 'unix:///var/run/docker.sock'

const needed = ['cpp-judge', 'python-judge']

/** Why containers cannot be tried here; false where they can. */
export async function noTestEngine(): Promise<string | false> {
  const engine = openEngine(testEngineAddress)
  try {
    await engine.facts()
    const sources = judgeImages().filter(({ name }) => needed.includes(name))
    const states = await Promise.all(sources.map((source) => imageState(engine, source)))
    return states.every((state) => state === 'current') ? false : 'the judge images are not built: npm run arena -- images build'
  } catch (error) {
    return (error as Error).message
  }
}

export const openTestDockerSandbox = (more: Partial<DockerSandboxOptions> = {}): Promise<Sandbox> =>
  openDockerSandbox({
    host: testEngineAddress,
    slots: 2,
    images: judgeImages(),
    needed,
    probes: Object.fromEntries(languages.map(({ id, image, probe }) => [id, { image, command: probe }])),
    clock: systemClock,
    log: silentLog,
    ...more,
  })

/** How many containers an owner has, asked by a process of its own, for those who cannot wait for a promise. */
export function containersOf(owner: string): readonly string[] {
  const script = `import { openEngine } from '#adapters/sandbox-docker/engine'
    const { containers } = await openEngine(${JSON.stringify(testEngineAddress)}).list(${JSON.stringify(`${ownerLabel}=${owner}`)})
    console.log(JSON.stringify(containers.map(({ id, status }) => id + ' ' + status)))`
  return JSON.parse(execFileSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8', cwd: import.meta.dirname }))
}

/** Volumes of an owner's containers, likewise. */
export function volumesOf(owner: string): readonly string[] {
  const address = new URL(testEngineAddress)
  const to = address.protocol === 'unix:' ? { socketPath: address.pathname } : { host: address.hostname, port: address.port }
  const script = `import { request } from 'node:http'
    const path = '/volumes?filters=' + encodeURIComponent(JSON.stringify({ label: [${JSON.stringify(`${ownerLabel}=${owner}`)}] }))
    request({ ...${JSON.stringify(to)}, path }, async (answer) => {
      const { Volumes } = JSON.parse(Buffer.concat(await answer.toArray()).toString())
      console.log(JSON.stringify((Volumes ?? []).map(({ Name }) => Name)))
    }).end()`
  return JSON.parse(execFileSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' }))
}
