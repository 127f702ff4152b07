/** `node scripts/check-kubernetes.ts`: renders each overlay of deploy/kubernetes and tells what is wrong with it. Needs kubectl; asks no cluster. */
import { globSync, readFileSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { ConfigError, parseConfig } from '#kit/config'
import { render, whyNoKustomize } from './kubernetes/objects.ts'
import { ruleFindings, type World } from './kubernetes/rules.ts'
import { schemaFindings } from './kubernetes/schema.ts'

const root = join(import.meta.dirname, '..')
export const overlays = globSync('deploy/kubernetes/overlays/*', { cwd: root }).sort()

/** What the manifests are compared with: Dockerfile, documentation, and the arena's own reading of its environment. */
export async function withWorld<T>(work: (world: World) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'arena-kubernetes-'))
  try {
    const anySecret = join(folder, 'secret')
    await writeFile(anySecret, 'postgres://somewhere')
    return await work({
      imageTargets: [...readFileSync(join(root, 'Dockerfile'), 'utf8').matchAll(/^FROM \S+ AS ([\w-]+)$/gm)].map((match) => match[1] as string),
      documentedSecrets: [...readFileSync(join(root, 'docs', 'kubernetes.md'), 'utf8').matchAll(/`(arena-[a-z-]+)`/g)].map((match) => match[1] as string),
      whyNotStarted: (service, environment) => whyNotStarted(service, environment, anySecret),
    })
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** Only the settings' names and values are of interest: each secret is the same file. */
function whyNotStarted(service: string, environment: Readonly<Record<string, string>>, anySecret: string): string | undefined {
  const readable = Object.entries(environment).map(([name, value]) => [name, name.endsWith('_FILE') ? anySecret : value])
  const services = service === 'socket-proxy' || service === 'front' ? {} : { ARENA_SERVICES: service }
  try {
    parseConfig({ ...services, ...Object.fromEntries(readable) })
    return undefined
  } catch (cause) {
    if (cause instanceof ConfigError) return cause.message
    throw cause
  }
}

async function main() {
  const missing = whyNoKustomize()
  if (missing) throw new Error(missing)
  for (const overlay of overlays) {
    const objects = render(join(root, overlay))
    const findings = [...(await schemaFindings(objects)), ...(await withWorld(async (world) => ruleFindings(objects, world)))]
    console.log(`${basename(overlay)}: ${objects.length} objects, ${findings.length} findings`)
    for (const finding of findings) console.log(`  ${finding}`)
    if (findings.length > 0) process.exitCode = 1
  }
}

if (import.meta.main) await main()
