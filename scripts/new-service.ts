/** `npm run new:service NAME`: a service in the house's shape, answering one route, with its contract and a test. Says which three lists to add it to. */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** Path in the checkout → text. */
export function serviceFiles(name: string): ReadonlyMap<string, string> {
  const value = name.replaceAll(/-(\w)/g, (_, letter: string) => letter.toUpperCase())
  const table = name.replaceAll('-', '_')
  const at = `services/${name}`
  return new Map([
    [
      `lib/contracts/${name}.ts`,
      `import Type, { type Static } from 'typebox'
import { Id } from './common.ts'
import { routes } from './route.ts'

export const Item = Type.Object({ id: Id, title: Type.String() })
export type Item = Static<typeof Item>

export const ${value}Routes = routes({
  'GET /api/${name}': { summary: 'Say what is listed', access: 'user', ok: [200, Type.Object({ items: Type.Array(Item) })], errors: [] },
})
`,
    ],
    [
      `${at}/README.md`,
      `# ${name} service

What it is for, in one sentence.

- **Owns** \`items\`.
- **Answers** \`GET /api/${name}\`.
- **Tells** nothing. **Listens to** nothing.

Invariants

- What must always hold here.

When it is down: what stops, and what goes on.
`,
    ],
    [
      `${at}/src/service.ts`,
      `import { defineService } from '#kit/define-service'
import { migrationsIn } from '#kit/migrations'
import { listItems } from './usecases/list-items.ts'

/** The flow on one page: what it answers, listens to and repeats. */
export const ${value}Service = defineService({
  name: '${name}',
  migrations: migrationsIn(new URL('./migrations/', import.meta.url)),
  build: ({ db }) => ({
    handlers: { 'GET /api/${name}': () => listItems({ db }) },
  }),
})
`,
    ],
    [
      `${at}/src/usecases/list-items.ts`,
      `import { ok } from '#kernel/result'
import type { Db } from '#ports/db'
import { inOrder } from '../domain/item.ts'
import * as store from '../store.ts'

/** Load → decide → save → tell. */
export async function listItems({ db }: { readonly db: Db }) {
  return ok({ items: inOrder(await store.listItems(db)) })
}
`,
    ],
    [
      `${at}/src/domain/item.ts`,
      `import type { Item } from '#contracts/${name}'

/** By title, then by id, so that the order never depends on the database. */
export function inOrder(items: readonly Item[]): Item[] {
  return [...items].sort((a, b) => a.title.localeCompare(b.title, 'en') || (a.id < b.id ? -1 : 1))
}
`,
    ],
    [
      `${at}/src/domain/item.test.ts`,
      `import assert from 'node:assert/strict'
import { it } from 'node:test'
import { inOrder } from './item.ts'

it('lists by title, ties by id', () => {
  const items = [
    { id: '2', title: 'b' },
    { id: '3', title: 'a' },
    { id: '1', title: 'b' },
  ]
  assert.deepEqual(
    inOrder(items).map((item) => item.id),
    ['3', '1', '2'],
  )
})
`,
    ],
    [
      `${at}/src/store.ts`,
      `import type { Item } from '#contracts/${name}'
import type { Db } from '#ports/db'

/** All SQL of the service; rows are parsed on the way in. */
export async function listItems(db: Db): Promise<Item[]> {
  const { rows } = await db.query('select id, title from items')
  return rows.map((row) => ({ id: String(row.id), title: String(row.title) }))
}
`,
    ],
    [`${at}/src/migrations/0001_${table}.sql`, 'create table items (id uuid primary key, title text not null);\n'],
  ])
}

function create(name: string): string[] {
  const root = join(import.meta.dirname, '..')
  const files = serviceFiles(name)
  for (const path of files.keys()) if (existsSync(join(root, path))) throw new Error(`${path} exists already`)
  for (const [path, text] of files) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), text)
  }
  return [...files.keys()]
}

if (import.meta.main) {
  const name = process.argv[2] ?? ''
  if (!/^[a-z]+(-[a-z]+)*$/.test(name)) {
    console.error('Usage: npm run new:service NAME, the name in lower case with hyphens')
    process.exitCode = 2
  } else {
    console.log(`${create(name).join('\n')}\n`)
    console.log('Now name it in lib/contracts/all.ts (routes, serviceNames), apps/arena/src/all-services.ts and the Dockerfile; then npm run check.')
  }
}
