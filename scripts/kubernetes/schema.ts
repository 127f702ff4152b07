/**
 * Are these objects what Kubernetes (and KEDA) know? Two looks, by the package that is made from their own API descriptions: TypeScript refuses unknown
 * fields, missing ones and wrong types; the package's validators check formats (quantities, ranges, patterns) besides.
 */
import { execFile } from 'node:child_process'
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { type KubeObject, nameOf } from './objects.ts'

const root = join(import.meta.dirname, '..', '..')

/** `apps/v1` Deployment → the module that holds its model. */
function moduleOf({ apiVersion, kind }: KubeObject): string {
  return `${apiVersion.startsWith('keda.sh/') ? '@kubernetes-models/keda' : 'kubernetes-models'}/${apiVersion}/${kind}`
}

/** One line for each thing that is wrong. */
export async function schemaFindings(objects: readonly KubeObject[]): Promise<string[]> {
  const known: KubeObject[] = []
  const findings: string[] = []
  for (const object of objects) {
    const model = (await import(moduleOf(object)).catch(() => undefined)) as
      | Readonly<Record<string, new (data: KubeObject) => { validate(): void }>>
      | undefined
    const Model = model?.[object.kind]
    if (!Model) findings.push(`${nameOf(object)}: ${object.apiVersion} has no such kind`)
    else {
      known.push(object)
      try {
        new Model(object).validate()
      } catch (cause) {
        findings.push(`${nameOf(object)}: ${(cause as Error).message}`)
      }
    }
  }
  return [...findings, ...(await typeFindings(known))]
}

/** Each object becomes a literal of its kind's type, and tsc says what it thinks of it. */
async function typeFindings(objects: readonly KubeObject[]): Promise<string[]> {
  const folder = await mkdtemp(join(tmpdir(), 'arena-kubernetes-'))
  try {
    await symlink(join(root, 'node_modules'), join(folder, 'node_modules'))
    const sources = objects.map(
      (object) => `import type { I${object.kind} } from '${moduleOf(object)}'\nexport const it: I${object.kind} = ${literal(object)}\n`,
    )
    const files = sources.map((_, at) => `${at}.ts`)
    await Promise.all(sources.map((source, at) => writeFile(join(folder, `${at}.ts`), source)))
    await writeFile(join(folder, 'package.json'), '{"type":"module"}')
    const compilerOptions = { noEmit: true, strict: true, skipLibCheck: true, module: 'nodenext', target: 'es2024', types: [] }
    await writeFile(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files }))
    const said = await promisify(execFile)(join(root, 'node_modules', '.bin', 'tsc'), ['-p', folder, '--pretty', 'false'], { cwd: folder }).then(
      () => '',
      (failure: { stdout?: string }) => failure.stdout || String(failure),
    )
    const lines = said.split('\n').filter((line) => line.includes('error TS'))
    if (said && lines.length === 0) throw new Error(`tsc did not get as far as the objects: ${said}`)
    return lines.map((line) => {
      const [, at, row, what] = /^(\d+)\.ts\((\d+),\d+\): error TS\d+: (.*)$/.exec(line) ?? []
      const object = objects[Number(at)]
      if (!object) throw new Error(`tsc failed beside the objects: ${line}`)
      return `${nameOf(object)}: ${what} (at ${sources[Number(at)]?.split('\n')[Number(row) - 1]?.trim()})`
    })
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

const literal = (object: KubeObject) => JSON.stringify(object, null, 1)
