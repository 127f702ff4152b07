/**
 * The database port on PostgreSQL 15 or newer, embedded or not.
 *
 * The border between services is PostgreSQL's own: each service logs in as its own role `arena_<service>` (no superuser, member of nothing) and
 * owns one schema of the same name; another role gets `permission denied`. A `set role` on shared connections was refused, because whoever can
 * inject SQL can also `reset role`. The password of a service role is derived from the owner's password in the URL (HMAC), so every replica
 * that was given the same URL finds the same one and nothing more has to be kept or handed round; the owner's cannot be found from it. A URL
 * without a password (trust) gives roles without one.
 *
 * The owner's connection exists only while a service is prepared; nothing else runs on it.
 *
 * Where the owner's password shall not be on the machines that run services, each is given its own URL instead (`serviceUrl` makes it): a login that may
 * not make roles is taken for a service's own. Its schema must be there; it brings the tables up to date itself, since they are its own.
 *
 * Roles belong to the whole server, so two arenas on one server with one owner's password share theirs: give each arena a server or an owner.
 */
import { createHash, createHmac } from 'node:crypto'
import pg from 'pg'
import { type Db, DbError, type DbServer, type Migration } from '#ports/db'
import type { Log } from '#ports/log'
import { asDbError } from './db-postgres-errors.ts'
import { openPool, startupOptions } from './db-postgres-pool.ts'

/** Connections one process may hold over all its services: PostgreSQL's default is 100 for everybody. */
const connectionBudget = 40
const defaultMaxConnections = 4
/** A statement that takes longer is a mistake or a lock somebody holds: better one failed request than a pool full of waiting ones. */
const serviceSettings = { statement_timeout: '15000', idle_in_transaction_session_timeout: '30000', lock_timeout: '10000' }
const migrationSettings = { statement_timeout: '0', lock_timeout: '60000' }

export async function openPostgres(url: string, { log }: { log: Log }): Promise<DbServer> {
  const { isOwner } = await whoAmI(url)
  const open: Db[] = []
  let spent = 0
  return {
    openFor: async (service, migrations, { maxConnections = defaultMaxConnections } = {}) => {
      if (spent + maxConnections > connectionBudget) {
        throw new Error(`${service} asks for ${maxConnections} database connections, but ${connectionBudget - spent} of ${connectionBudget} are left`)
      }
      spent += maxConnections
      try {
        await (isOwner ? prepareService(url, service, migrations) : prepareOwn(url, service, migrations))
      } catch (error) {
        spent -= maxConnections
        throw error
      }
      const db = isOwner ? openServicePool(url, service, maxConnections, log) : poolOf(url, service, maxConnections, log)
      open.push(db)
      return db
    },
    close: async () => void (await Promise.all(open.map((db) => db.close()))),
  }
}

/** A pool of a service that is prepared already (another process may have done it). */
export const openServicePool = (ownerUrl: string, service: string, maxConnections: number, log: Log): Db =>
  poolOf(serviceUrl(ownerUrl, service), service, maxConnections, log)

const poolOf = (url: string, service: string, maxConnections: number, log: Log): Db =>
  openPool({ url, name: roleOf(service), maxConnections, log, settings: { search_path: quoted(schemaOf(service)), ...serviceSettings } })

/** A schema that is there while a restore is on its way, and after one that was killed. */
export const RESTORING = 'arena_restoring'

const schemaOf = (service: string): string => {
  if (!/^[a-z][a-z0-9_]{0,39}$/.test(service)) throw new Error(`not a service name: ${JSON.stringify(service)}`)
  return service
}
export const roleOf = (service: string) => `arena_${schemaOf(service)}`
export const quoted = (identifier: string) => `"${identifier.replaceAll('"', '""')}"`
const literal = (text: string) => `'${text.replaceAll("'", "''")}'`

/** The URL that logs in as the service's own role: what may be given to a process that must reach this service's schema and nothing else. */
export function serviceUrl(ownerUrl: string, service: string): string {
  const url = parseUrl(ownerUrl)
  const password = derivedPassword(url, service)
  url.username = roleOf(service)
  url.password = password ?? ''
  return url.href
}

function parseUrl(url: string): URL {
  try {
    return new URL(url)
  } catch {
    // The reason is left out: it would print the password.
    throw new Error(
      'not a database URL; expected postgres://user:password@host:5432/database (for a socket: postgres://user:password@localhost/database?host=/folder)',
    )
  }
}

function derivedPassword(url: URL, service: string): string | undefined {
  if (url.password === '') return undefined
  return createHmac('sha256', decodeURIComponent(url.password)).update(`competa-arena service role ${service}`).digest('base64url')
}

/** An owner may make roles; another login can only be a service's own. @throws for a server that is too old, and on what a broken restore left. */
async function whoAmI(url: string): Promise<{ isOwner: boolean }> {
  return withOwner(url, async (client) => {
    const { rows } = await client.query<{ version: number; is_owner: boolean; is_restoring: boolean }>(
      `select current_setting('server_version_num')::int as version, rolsuper or rolcreaterole as is_owner, to_regnamespace('${RESTORING}') is not null as is_restoring
       from pg_roles where rolname = current_user`,
    )
    const { version, is_owner: isOwner, is_restoring: isRestoring } = rows[0] ?? { version: 0, is_owner: false, is_restoring: false }
    if (version < 150_000) throw new Error(`PostgreSQL 15 or newer is needed; this server is ${Math.floor(version / 10_000)}`)
    if (isRestoring)
      throw new Error(
        'a restore into this database was not finished, and nothing of it is there: run it again, or give it up with "npm run arena -- restore --give-up"',
      )
    return { isOwner }
  })
}

/** Role, schema and migrations of one service, ready for its pool. Any number of processes may do it at once. */
export async function prepareService(ownerUrl: string, service: string, migrations: readonly Migration[]): Promise<void> {
  const names = migrations.map((migration) => migration.name)
  if (new Set(names).size !== names.length) throw new Error(`two migrations of ${service} have the same name`)
  await withOwner(ownerUrl, async (client) => {
    await client.query(`select pg_advisory_lock(hashtext('competa-arena prepare'))`)
    await prepareRole(client, ownerUrl, service)
    await makeSchema(client, service)
  })
  await migrate(serviceUrl(ownerUrl, service), service, migrations).catch((error: unknown) => {
    throw isRefusedLogin(error)
      ? new Error(
          `the role ${roleOf(service)} may not log in: services log in with passwords made from the owner's, so the owner's URL must hold its password, or each service must be given a URL of its own`,
          { cause: error },
        )
      : error
  })
}

/** The tables of a service that logs in as itself. */
async function prepareOwn(url: string, service: string, migrations: readonly Migration[]): Promise<void> {
  await withOwner(url, async (client) => {
    const { rows } = await client.query<{ owner: string; me: string }>(
      `select pg_get_userbyid(nspowner) as owner, current_user as me from pg_namespace where nspname = $1`,
      [schemaOf(service)],
    )
    const found = rows[0]
    if (found?.owner === found?.me && found) return
    const what = found ? `belongs to ${found.owner}` : 'is not there'
    throw new Error(
      `the schema of the service ${service} ${what}, and this login may not make roles: prepare the database once with its owner's URL (npm run arena -- migrate)`,
    )
  })
  await migrate(url, service, migrations)
}

const INVALID_PASSWORD = '28P01'
const INVALID_AUTHORIZATION = '28000'
const isRefusedLogin = (error: unknown): boolean =>
  (error instanceof DbError && (error.code === INVALID_PASSWORD || error.code === INVALID_AUTHORIZATION)) ||
  (error instanceof Error && error.message.includes('client password must be a string')) // the driver's own word for a server that asks for one

/** One connection as the owner. */
export async function withOwner<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  parseUrl(url)
  return withClient({ connectionString: url, application_name: 'arena_owner', options: startupOptions(migrationSettings) }, work)
}

async function withClient<T>(config: pg.ClientConfig, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionTimeoutMillis: 10_000, ...config })
  client.on('error', () => undefined) // the query that runs, or the next one, rejects with it
  try {
    await client.connect()
    return await work(client)
  } catch (error) {
    throw asDbError(error)
  } finally {
    await client.end().catch(() => undefined) // the answer, or the failure above, is what counts
  }
}

/** The service's role, with its password, and the owner a member of it. */
export async function prepareRole(client: pg.Client, ownerUrl: string, service: string): Promise<void> {
  await makeRole(client, service, derivedPassword(parseUrl(ownerUrl), service))
  await joinRole(client, roleOf(service))
}

const DUPLICATE_OBJECT = '42710'
const UNIQUE_VIOLATION = '23505'
const INTERNAL_ERROR = 'XX000' // "tuple concurrently updated"

/** Roles belong to the whole server while advisory locks belong to a database, so another arena on this server may be making the same role now. */
async function makeRole(client: pg.Client, service: string, password: string | undefined): Promise<void> {
  const role = roleOf(service)
  const secret = password === undefined ? '' : ` password ${literal(password)}`
  for (let attempt = 1; ; attempt += 1) {
    try {
      const { rowCount } = await client.query('select 1 from pg_roles where rolname = $1', [role])
      if (rowCount === 0) await client.query(`create role ${quoted(role)} login nosuperuser nocreatedb nocreaterole noreplication${secret}`)
      else if (password !== undefined) await client.query(`alter role ${quoted(role)} login${secret}`)
      break
    } catch (error) {
      const raced = error instanceof pg.DatabaseError && [DUPLICATE_OBJECT, UNIQUE_VIOLATION, INTERNAL_ERROR].includes(error.code ?? '')
      if (!raced || attempt === 5) throw error
    }
  }
}

async function makeSchema(client: pg.Client, service: string): Promise<void> {
  const role = roleOf(service)
  const schema = quoted(schemaOf(service))
  const found = await client.query<{ owner: string }>(`select pg_get_userbyid(nspowner) as owner from pg_namespace where nspname = $1`, [service])
  const owner = found.rows[0]?.owner
  if (owner !== undefined && owner !== role)
    throw new Error(`the schema ${schema} belongs to ${owner}, not to ${role}: is this database used by something else?`)
  if (owner === undefined) await client.query(`create schema ${schema} authorization ${quoted(role)}`)
}

/** An owner that is no superuser may give a schema only to a role it may become; since 16, to have made the role is not enough. */
async function joinRole(client: pg.Client, role: string): Promise<void> {
  const { rows } = await client.query<{ rolsuper: boolean }>('select rolsuper from pg_roles where rolname = current_user')
  if (rows[0]?.rolsuper !== true) await client.query(`grant ${quoted(role)} to current_user`)
}

/** Forward only, in name order, each in a transaction of its own, under a lock that replicas starting together queue for. */
async function migrate(url: string, service: string, migrations: readonly Migration[]): Promise<void> {
  const options = startupOptions({ ...migrationSettings, search_path: quoted(schemaOf(service)) })
  await withClient({ connectionString: url, application_name: `arena_${service}_migrate`, options }, async (client) => {
    await client.query('select pg_advisory_lock(hashtext($1))', [`competa-arena migrate ${service}`])
    await client.query(
      `create table if not exists arena_migrations (name text primary key, checksum text not null, applied_at timestamptz not null default now())`,
    )
    const { rows } = await client.query<{ name: string; checksum: string }>('select name, checksum from arena_migrations')
    const applied = new Map(rows.map((row) => [row.name, row.checksum]))
    for (const migration of [...migrations].sort((a, b) => (a.name < b.name ? -1 : 1))) await applyOne(client, service, migration, applied.get(migration.name))
  })
}

async function applyOne(client: pg.Client, service: string, migration: Migration, known: string | undefined): Promise<void> {
  const checksum = createHash('sha256').update(migration.sql).digest('hex')
  if (known === checksum) return
  if (known !== undefined)
    throw new Error(`the migration ${service}/${migration.name} was changed after it had been applied: restore its text and write a new migration`)
  try {
    await client.query('begin')
    await client.query(migration.sql)
    await client.query('insert into arena_migrations (name, checksum) values ($1, $2)', [migration.name, checksum])
    await client.query('commit')
  } catch (error) {
    throw new Error(`the migration ${service}/${migration.name} failed: ${error instanceof Error ? error.message : String(error)}`, { cause: error })
  }
}
