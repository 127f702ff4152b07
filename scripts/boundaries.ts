/**
 * Who may import whom (docs/map.md draws it). A room is a folder; a rule names the rooms and packages its files may import. What no rule names is
 * an error, so a new folder needs a line here. Pure: text in, findings out; `check-boundaries.ts` reads the files.
 */
import { posix } from 'node:path'
import { type Node, parseSync } from 'oxc-parser'

export type Finding = { readonly file: string; readonly line: number; readonly problem: string }
type Import = { readonly target: string; readonly typeOnly: boolean; readonly at: number }

/** Packages that open connections belong to adapters; what is pure may be used anywhere. */
const vendors = ['pg', 'redis', 'ioredis', 'rabbitmq-client', 'amqplib', 'dockerode', 'nodemailer', '@aws-sdk/client-s3', 'minio', 'stripe', 'smtp-server']
/** What a decision may not reach: its time, chance and neighbours come in as values. */
const impurePackages = [...vendors, 'fastify', 'undici', 'ws', 'pino', 'prom-client', '@node-rs/argon2']
const impureGlobals = ['process', 'fetch', 'setTimeout', 'setInterval', 'setImmediate', 'queueMicrotask', 'performance', 'crypto', 'console', 'globalThis']

/** Where a computed import is nobody's border: tests and scripts load what they are told to. */
const isTooling = /\.(test|suite)\.tsx?$|^(e2e|bench|scripts|lib\/testkit)\//

type Rule = {
  /** Which files; the first rule that fits is the file's. */
  readonly files: RegExp
  /** Folders it may import from; `$1` is what the file's own path matched. */
  readonly rooms: readonly string[]
  /** Undefined: any package. */
  readonly packages?: (name: string) => boolean
  /** Folders it may import types from, and nothing else. */
  readonly typesOf?: readonly string[]
  readonly pure?: boolean
}

const none = () => false
const noVendors = (name: string) => !vendors.includes(name)
const everything = ['']
const shared = ['lib/kernel/', 'lib/contracts/', 'lib/ports/', 'lib/kit/']

export const rules: readonly Rule[] = [
  { files: /^(e2e|bench|scripts|lib\/testkit)\//, rooms: everything },
  { files: /^lib\/ports\/suites\//, rooms: ['lib/kernel/', 'lib/contracts/', 'lib/ports/', 'lib/testkit/'] },
  { files: /^lib\/adapters\/.*\.test\.ts$/, rooms: ['lib/kernel/', 'lib/contracts/', 'lib/ports/', 'lib/adapters/', 'lib/testkit/', 'runner/'] },
  { files: /^lib\/.*\.test\.ts$/, rooms: ['lib/', 'runner/'] },
  { files: /^services\/([^/]+)\/(?:test\/|.*\.test\.ts$)/, rooms: [...shared, 'services/$1/', 'lib/testkit/', 'judge-corpus/', 'runner/'] },
  { files: /^apps\/arena\/.*\.test\.ts$/, rooms: ['lib/', 'services/', 'apps/arena/', 'demo/', 'runner/'] },
  { files: /^apps\/socket-proxy\/.*\.test\.ts$/, rooms: ['lib/', 'apps/socket-proxy/'] },
  { files: /^demo\/.*\.test\.ts$/, rooms: ['lib/', 'demo/', 'services/'] },
  { files: /^lib\/kernel\//, rooms: ['lib/kernel/'], packages: none },
  { files: /^lib\/contracts\//, rooms: ['lib/kernel/', 'lib/contracts/'], packages: (name) => name === 'typebox' },
  { files: /^lib\/ports\//, rooms: ['lib/kernel/', 'lib/ports/'], packages: (name) => name.startsWith('node:') },
  { files: /^lib\/adapters\//, rooms: ['lib/kernel/', 'lib/ports/', 'lib/adapters/', 'runner/'] },
  { files: /^lib\/kit\//, rooms: shared, packages: noVendors },
  {
    files: /^services\/([^/]+)\/src\/domain\//,
    rooms: ['lib/kernel/', 'lib/contracts/', 'services/$1/src/domain/'],
    packages: (name) => !name.startsWith('node:') && !impurePackages.includes(name),
    pure: true,
  },
  { files: /^services\/([^/]+)\//, rooms: [...shared, 'services/$1/'], packages: noVendors },
  { files: /^apps\/web\/.*\.test\.tsx?$/, rooms: ['apps/web/', 'lib/kernel/', 'lib/contracts/', 'lib/testkit/'] },
  { files: /^apps\/web\/(?!src\/)/, rooms: ['apps/web/'] },
  { files: /^apps\/web\/src\/features\/([^/]+)\//, ...web(['features/$1/', 'app/', 'ui/', 'lib/', 'locales/']) },
  { files: /^apps\/web\/src\/ui\//, ...web(['ui/', 'lib/', 'locales/']) },
  { files: /^apps\/web\/src\/lib\//, ...web(['lib/', 'locales/']) },
  { files: /^apps\/web\//, ...web(['']) },
  {
    files: /^apps\/arena\//,
    rooms: ['lib/kernel/', 'lib/contracts/', 'lib/ports/', 'lib/adapters/', 'lib/kit/', 'services/', 'apps/arena/', 'demo/', 'runner/'],
  },
  { files: /^apps\/socket-proxy\//, rooms: ['lib/kernel/', 'lib/ports/', 'lib/adapters/', 'lib/kit/', 'apps/arena/src/judge-images.ts', 'apps/socket-proxy/'] },
  { files: /^demo\//, rooms: ['lib/kernel/', 'lib/contracts/', 'demo/'], packages: noVendors },
]

/** The browser's code: its own folders, packages that run there, and types alone of what the server shares. */
function web(folders: readonly string[]): Omit<Rule, 'files'> {
  return {
    rooms: folders.map((folder) => `apps/web/src/${folder}`),
    packages: (name) => noVendors(name) && !name.startsWith('node:'),
    typesOf: ['lib/kernel/', 'lib/contracts/'],
  }
}

/** `#room/path` → path in the checkout, from package.json's `imports`. */
export type Aliases = Readonly<Record<string, string>>

/** @returns a path in the checkout, or the package's name with `package:` before it. */
function resolve(target: string, from: string, aliases: Aliases): string {
  if (target.startsWith('.')) return posix.normalize(posix.join(posix.dirname(from), target))
  for (const [alias, place] of Object.entries(aliases)) {
    const prefix = alias.replace('*', '')
    if (target.startsWith(prefix)) return posix.normalize(place.replace('*', target.slice(prefix.length)))
  }
  if (target.startsWith('node:')) return `package:${target}`
  return `package:${target.split('/', target.startsWith('@') ? 2 : 1).join('/')}`
}

/** @param own what the file's path matched in its rule. @param place as `resolve` answers. */
function judgeImport(rule: Rule, own: RegExpExecArray, place: string, typeOnly: boolean): string | undefined {
  const fill = (room: string) => room.replace('$1', own[1] ?? '')
  if (place.startsWith('package:')) {
    const name = place.slice('package:'.length)
    return rule.packages && !rule.packages(name) ? `may not import the package ${name}` : undefined
  }
  if (rule.rooms.some((room) => place.startsWith(fill(room)))) return undefined
  if (!rule.typesOf?.some((room) => place.startsWith(room))) return `may not import ${place}`
  return typeOnly ? undefined : `may import only types from ${place}`
}

/** Every way a module names another: import, export … from, import(), and `import('x').T` in a type. */
function importOf(node: Node): { readonly import?: Import; readonly problem?: string } {
  switch (node.type) {
    case 'ImportDeclaration':
      return { import: { target: node.source.value, typeOnly: node.importKind === 'type', at: node.start } }
    case 'ExportAllDeclaration':
    case 'ExportNamedDeclaration':
      return node.source ? { import: { target: node.source.value, typeOnly: node.exportKind === 'type', at: node.start } } : {}
    case 'TSImportType':
      return { import: { target: node.source.value, typeOnly: true, at: node.start } }
    case 'ImportExpression':
      if (node.source.type === 'Literal' && typeof node.source.value === 'string') {
        return { import: { target: node.source.value, typeOnly: false, at: node.start } }
      }
      return { problem: 'imports a computed path, which no check can follow' }
    default:
      return {}
  }
}

/** The clock, chance and the outside world, as far as they hide behind a global. */
function impurityOf(node: Node, parent: Node | undefined, key: string): string | undefined {
  if (node.type === 'MemberExpression' && node.object.type === 'Identifier' && node.property.type === 'Identifier') {
    const name = `${node.object.name}.${node.property.name}`
    if (name === 'Date.now' || name === 'Math.random') return name
  }
  if ((node.type === 'NewExpression' || node.type === 'CallExpression') && node.callee.type === 'Identifier' && node.callee.name === 'Date') {
    return node.type === 'CallExpression' || node.arguments.length === 0 ? 'the current Date' : undefined
  }
  if (node.type !== 'Identifier' || !impureGlobals.includes(node.name)) return undefined
  const isName = key === 'property' || key === 'key' || key === 'label' || key === 'imported'
  const computed = parent !== undefined && 'computed' in parent && parent.computed === true
  return isName && !computed ? undefined : node.name
}

const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string'

/** Visits each node once with its parent and the key it hangs on. */
function walk(node: Node, visit: (node: Node, parent: Node | undefined, key: string) => void, parent?: Node, key = ''): void {
  visit(node, parent, key)
  for (const [childKey, child] of Object.entries(node)) {
    for (const item of Array.isArray(child) ? child : [child]) if (isNode(item)) walk(item, visit, node, childKey)
  }
}

/** Everything wrong with one file; `file` is its path in the checkout, with forward slashes. */
export function findingsOf(file: string, source: string, aliases: Aliases): Finding[] {
  const findings: Finding[] = []
  const report = (at: number, problem: string) => findings.push({ file, line: source.slice(0, at).split('\n').length, problem })
  for (const rule of rules) {
    const own = rule.files.exec(file)
    if (!own) continue
    const parsed = parseSync(file, source)
    for (const error of parsed.errors) report(error.labels[0]?.start ?? 0, `does not parse: ${error.message}`)
    walk(parsed.program, (node, parent, key) => {
      const { import: imported, problem } = importOf(node)
      const wrong = problem ?? (imported && judgeImport(rule, own, resolve(imported.target, file, aliases), imported.typeOnly))
      if (wrong && !(problem && isTooling.test(file))) report(node.start, wrong)
      const impure = rule.pure ? impurityOf(node, parent, key) : undefined
      if (impure) report(node.start, `is a decision and may not reach ${impure}`)
    })
    return findings
  }
  report(0, 'lies in a folder without a rule; name it in scripts/boundaries.ts')
  return findings
}
