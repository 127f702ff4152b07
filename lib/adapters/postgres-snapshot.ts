/**
 * All schemas of an arena, read in one transaction while it runs, and written in one into another database.
 *
 * Reading: one repeatable-read transaction sees every schema at the same moment and waits for nobody. Tables are locked against being altered (`access
 * share`) before the moment is chosen, since a table that is rewritten meanwhile would look empty; readers and writers do not notice. Rows travel as
 * PostgreSQL's own COPY text, which is the same for 15 and 18; never more than a chunk is in memory.
 *
 * Writing: schemas are dropped, made anew with exactly the migrations they were read with, filled, and brought up to date, all in one transaction. So a
 * crash at any point leaves what was there before. Because whoever restored must not take an empty arena for the restored one, a mark stands in the
 * database from the first step to that transaction's commit; `openPostgres` refuses to start on it.
 */
import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type pg from 'pg'
import { from as copyFrom, to as copyTo } from 'pg-copy-streams'
import type { Migration } from '#ports/db'
import { prepareRole, quoted, RESTORING, roleOf, withOwner } from './db-postgres.ts'

export type AppliedMigration = { readonly name: string; readonly checksum: string }
export type TableShape = { readonly name: string; readonly columns: readonly string[] }
export type SchemaShape = {
  readonly name: string
  /** By name. */
  readonly migrations: readonly AppliedMigration[]
  /** Each after those it refers to. */
  readonly tables: readonly TableShape[]
}
export type Snapshot = {
  readonly schemas: readonly SchemaShape[]
  readonly serverVersion: string
  /** The rows as COPY text. Read one to its end before the next. */
  copy(schema: string, table: TableShape): Readable
  query<R extends object>(sql: string): Promise<R[]>
}

/** Those of `names` that are there, at one moment. @throws DbError */
export const withSnapshot = <T>(ownerUrl: string, names: readonly string[], work: (snapshot: Snapshot) => Promise<T>): Promise<T> =>
  withOwner(ownerUrl, async (client) => {
    const locked = await beginWithLocks(client, names)
    const schemas = await readShapes(client, names)
    const seen = schemas.flatMap((schema) => schema.tables.map((table) => `${schema.name}.${table.name}`)).sort()
    if (seen.join() !== locked.join()) throw new Error('a migration was applied at this very moment; start the backup again')
    const server = await client.query<{ server_version: string }>('show server_version')
    const result = await work({
      schemas,
      serverVersion: server.rows[0]?.server_version ?? '',
      copy: (schema, table) => client.query(copyTo(`copy ${nameOf(schema, table)} to stdout`)),
      query: async <R extends object>(sql: string) => (await client.query<R & pg.QueryResultRow>(sql)).rows,
    })
    await client.query('commit')
    return result
  })

const nameOf = (schema: string, { name, columns }: TableShape) => `${quoted(schema)}.${quoted(name)} (${columns.map(quoted).join(', ')})`

/** `lock table` chooses no moment yet, but a look at the catalogue would: so that look is a connection's own, before. */
async function beginWithLocks(client: pg.Client, names: readonly string[]): Promise<string[]> {
  const { rows } = await client.query<{ schema: string; name: string }>(
    `select n.nspname as schema, c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where n.nspname = any($1) and c.relkind in ('r', 'p')`,
    [names],
  )
  await client.query('begin isolation level repeatable read read only')
  for (const { schema, name } of rows) await client.query(`lock table ${quoted(schema)}.${quoted(name)} in access share mode`)
  return rows.map(({ schema, name }) => `${schema}.${name}`).sort()
}

type ColumnRow = { readonly schema: string; readonly table: string; readonly column: string; readonly kind: string }
type ReferenceRow = { readonly schema: string; readonly table: string; readonly target: string }

async function readShapes(client: pg.Client, names: readonly string[]): Promise<SchemaShape[]> {
  const columns = await client.query<ColumnRow>(
    `select n.nspname as schema, c.relname as "table", a.attname as "column", c.relkind as kind
     from pg_class c join pg_namespace n on n.oid = c.relnamespace
     join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
     where n.nspname = any($1) and c.relkind in ('r', 'p') order by 1, 2, a.attnum`,
    [names],
  )
  const references = await client.query<ReferenceRow>(
    `select n.nspname as schema, c.relname as "table", f.relname as target from pg_constraint k
     join pg_class c on c.oid = k.conrelid join pg_class f on f.oid = k.confrelid join pg_namespace n on n.oid = c.relnamespace
     where k.contype = 'f' and n.nspname = any($1) and k.conrelid <> k.confrelid`,
    [names],
  )
  const partitioned = columns.rows.find((row) => row.kind === 'p')
  if (partitioned !== undefined) throw new Error(`${partitioned.schema}.${partitioned.table} is partitioned, which no backup knows yet`)
  const shapes: SchemaShape[] = []
  for (const name of names) {
    const own = columns.rows.filter((row) => row.schema === name)
    const tables = [...new Set(own.map((row) => row.table))].map((table) => ({
      name: table,
      columns: own.filter((row) => row.table === table).map((row) => row.column),
    }))
    if (tables.length === 0) continue
    const { rows } = await client.query<AppliedMigration>(`select name, checksum from ${quoted(name)}.arena_migrations order by name collate "C"`)
    const applies = references.rows.filter((row) => row.schema === name)
    shapes.push({ name, migrations: rows, tables: inOrderOfReference(tables, applies) })
  }
  return shapes
}

/** @throws on a circle: rows of such tables cannot be written one table after the other. */
export function inOrderOfReference(tables: readonly TableShape[], references: readonly Pick<ReferenceRow, 'table' | 'target'>[]): TableShape[] {
  const ordered: TableShape[] = []
  const waiting = new Map(tables.map((table) => [table.name, table]))
  while (waiting.size > 0) {
    const free = [...waiting.values()].filter((table) => !references.some((each) => each.table === table.name && waiting.has(each.target)))
    if (free.length === 0) throw new Error(`these tables refer to each other in a circle: ${[...waiting.keys()].join(', ')}`)
    for (const table of free) {
      waiting.delete(table.name)
      ordered.push(table)
    }
  }
  return ordered
}

/** Why an operator's tool may not work on this database; undefined when it may. `alone`: and nobody else may be at work in it. */
export const whyNotForTools = (url: string, { alone }: { alone: boolean }): Promise<string | undefined> =>
  withOwner(url, async (client) => {
    const owner = await client.query<{ is_owner: boolean }>('select rolsuper or rolcreaterole as is_owner from pg_roles where rolname = current_user')
    if (owner.rows[0]?.is_owner !== true) return "this needs the database owner's address, not one of a single service"
    if (!alone) return undefined
    const { rows } = await client.query<{ who: string }>(
      `select distinct usename as who from pg_stat_activity
       where datname = current_database() and usename like 'arena\\_%' and usename <> current_user order by 1`,
    )
    return rows.length === 0 ? undefined : `services are at work in this database (${rows.map(({ who }) => who).join(', ')}): stop them first`
  })

/** Whether anybody has an account in this database. */
export const hasAccounts = (ownerUrl: string): Promise<boolean> =>
  withOwner(ownerUrl, async (client) => {
    const table = await client.query<{ is_there: boolean }>(`select to_regclass('"user".users') is not null as is_there`)
    if (table.rows[0]?.is_there !== true) return false
    const { rows } = await client.query('select from "user".users limit 1')
    return rows.length > 0
  })

export type Restoring = {
  /** Rows of one table, in the order of the shapes. */
  fill(schema: string, table: string, rows: AsyncIterable<Uint8Array>): Promise<void>
  /** As the schema's own role, once all is filled and up to date. */
  query(schema: string, sql: string): Promise<void>
}
export type RestorePlan = {
  /** What is written. */
  readonly schemas: readonly SchemaShape[]
  /** What this program knows: service (and schema) → its migrations. */
  readonly known: Readonly<Record<string, readonly Migration[]>>
}

/** Why these schemas cannot be written by this program; undefined when they can. */
export function whyNotRestorable({ schemas, known }: RestorePlan): string | undefined {
  for (const schema of schemas) {
    const migrations = known[schema.name]
    if (migrations === undefined) return `it holds the service ${schema.name}, which this version does not know`
    const texts = new Map(migrations.map(({ name, sql }) => [name, checksumOf(sql)]))
    const strange = schema.migrations.find(({ name, checksum }) => texts.get(name) !== checksum)
    if (strange !== undefined) return `its ${schema.name} was at the migration ${strange.name}, which this version does not know`
  }
  return undefined
}
const checksumOf = (sql: string) => createHash('sha256').update(sql).digest('hex')

/** Sets the mark that a restore is on its way. Idempotent. */
export const beginRestore = (ownerUrl: string): Promise<void> =>
  withOwner(ownerUrl, async (client) => void (await client.query(`create schema if not exists ${RESTORING}`)))

/** Takes the mark away without restoring. @returns false when there was none. */
export const giveUpRestore = (ownerUrl: string): Promise<boolean> =>
  withOwner(ownerUrl, async (client) => {
    const { rows } = await client.query(`select 1 from pg_namespace where nspname = '${RESTORING}'`)
    await client.query(`drop schema if exists ${RESTORING}`)
    return rows.length > 0
  })

/** Replaces every known schema by those of the plan, and takes the mark away: all of it, or nothing. `after` runs when all rows are there. */
export async function restoreSnapshot(
  ownerUrl: string,
  plan: RestorePlan,
  { write, after }: { write: (restoring: Pick<Restoring, 'fill'>) => Promise<void>; after: (restoring: Pick<Restoring, 'query'>) => Promise<void> },
): Promise<void> {
  await withOwner(ownerUrl, async (client) => {
    for (const { name } of plan.schemas) await prepareRole(client, ownerUrl, name)
    await client.query('begin')
    for (const name of Object.keys(plan.known)) await client.query(`drop schema if exists ${quoted(name)} cascade`)
    for (const schema of plan.schemas) await makeAsItWas(client, schema, plan.known[schema.name] ?? [])
    const shapes = new Map(plan.schemas.flatMap((schema) => schema.tables.map((table) => [`${schema.name}.${table.name}`, table] as const)))
    await write({
      fill: async (schema, table, rows) => {
        const shape = shapes.get(`${schema}.${table}`)
        if (shape === undefined) throw new Error(`the table ${schema}.${table} is not in the plan`)
        await pipeline(Readable.from(rows), client.query(copyFrom(`copy ${nameOf(schema, shape)} from stdin`)))
      },
    })
    for (const schema of plan.schemas) await bringUpToDate(client, schema, plan.known[schema.name] ?? [])
    await after({
      query: async (schema, sql) => {
        await actAs(client, schema)
        await client.query(sql)
        await client.query('reset role')
      },
    })
    await client.query(`drop schema if exists ${RESTORING}`)
    await client.query('commit')
  })
}

async function actAs(client: pg.Client, schema: string): Promise<void> {
  await client.query(`set local role ${quoted(roleOf(schema))}`)
  await client.query(`set local search_path = ${quoted(schema)}`)
}

/** The schema with the migrations it was read with, and no rows. */
async function makeAsItWas(client: pg.Client, schema: SchemaShape, migrations: readonly Migration[]): Promise<void> {
  await client.query(`create schema ${quoted(schema.name)} authorization ${quoted(roleOf(schema.name))}`)
  await actAs(client, schema.name)
  await client.query('create table arena_migrations (name text primary key, checksum text not null, applied_at timestamptz not null default now())')
  const applied = new Set(schema.migrations.map(({ name }) => name))
  await apply(
    client,
    migrations.filter(({ name }) => applied.has(name)),
  )
  // a service's own triggers guard what happens (tables that only grow); here is put back what has happened
  await triggers(client, schema, 'disable')
  // migrations may have put rows of their own into tables
  await client.query(`truncate ${schema.tables.map(({ name }) => quoted(name)).join(', ')}`)
  await client.query('reset role')
}

/** Of the tables' owner, who must be acting; references from table to table are kept all the same. */
async function triggers(client: pg.Client, schema: SchemaShape, turn: 'enable' | 'disable'): Promise<void> {
  for (const { name } of schema.tables) await client.query(`alter table ${quoted(name)} ${turn} trigger user`)
}

async function apply(client: pg.Client, migrations: readonly Migration[]): Promise<void> {
  for (const { name, sql } of [...migrations].sort((a, b) => (a.name < b.name ? -1 : 1))) {
    await client.query(sql)
    await client.query('insert into arena_migrations (name, checksum) values ($1, $2)', [name, checksumOf(sql)])
  }
}

/** Counters go on behind the highest number that was given, and migrations that are newer than the rows are applied. */
async function bringUpToDate(client: pg.Client, schema: SchemaShape, migrations: readonly Migration[]): Promise<void> {
  await actAs(client, schema.name)
  await client.query('set constraints all immediate') // nothing waits for the commit while tables are altered
  await triggers(client, schema, 'enable')
  const { rows } = await client.query<{ table: string; column: string; sequence: string }>(
    `select c.relname as "table", a.attname as "column", pg_get_serial_sequence(format('%I.%I', n.nspname, c.relname), a.attname) as sequence
     from pg_class c join pg_namespace n on n.oid = c.relnamespace join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
     where n.nspname = $1 and c.relkind = 'r' and pg_get_serial_sequence(format('%I.%I', n.nspname, c.relname), a.attname) is not null`,
    [schema.name],
  )
  for (const { table, column, sequence } of rows)
    await client.query(`select setval($1, coalesce((select max(${quoted(column)}) from ${quoted(table)}), 0) + 1, false)`, [sequence])
  const applied = new Set(schema.migrations.map(({ name }) => name))
  await apply(
    client,
    migrations.filter(({ name }) => !applied.has(name)),
  )
  await client.query('reset role')
}
