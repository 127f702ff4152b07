import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { randomBytes, randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { gunzipSync, gzipSync } from 'node:zlib'
import pg from 'pg'
import { preparePostgresBus } from '#adapters/bus-postgres'
import { openPostgres } from '#adapters/db-postgres'
import { openFolderFiles } from '#adapters/files-folder'
import { openS3Files } from '#adapters/files-s3'
import { inOrderOfReference } from '#adapters/postgres-snapshot'
import type { Files } from '#ports/files'
import { silentLog } from '#ports/log'
import { eventually } from '#testkit/eventually'
import { testDatabase } from '#testkit/postgres'
import { startTestPostgres, type TestPostgres } from '#testkit/postgres-server'
import { startTestS3 } from '#testkit/s3'
import { verifyArchive } from './archive.ts'
import { makeBackup } from './backup.ts'
import { restoreBackup } from './restore.ts'
import { knownSchemas, queueSchema } from './schemas.ts'

const cli = join(import.meta.dirname, '..', 'cli.ts')
const folder = await mkdtemp(join(tmpdir(), 'arena-backup-'))
after(() => rm(folder, { recursive: true, force: true }))
const s3 = await startTestS3()

async function asOwner<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url })
  client.on('error', () => undefined) // the query rejects with it
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}
const rowsOf = (url: string, sql: string) => asOwner(url, async (client) => (await client.query(sql)).rows)

/** Every service's tables, empty, and the queue's. */
async function prepare(url: string): Promise<void> {
  const server = await openPostgres(url, { log: silentLog })
  for (const [name, migrations] of Object.entries(knownSchemas))
    if (name !== queueSchema) await (await server.openFor(name, migrations, { maxConnections: 1 })).close()
  await server.close()
  await preparePostgresBus(url)
  // a closed connection is listed a moment longer, and a restore wants to be alone
  await eventually(async () => assert.deepEqual(await rowsOf(url, sessions), []), 30_000)
}
const sessions = `select from pg_stat_activity where datname = current_database() and usename like 'arena\\_%' and usename <> current_user`

const insertUser = `insert into "user".users (id, username, password_hash, name, school, role, language, sessions_valid_from, created_at)
  values ($1, $2, 'hash', $3, $4, 'student', 'rw', now(), now())`
/** What COPY text must escape, and more. */
const awkward = ['a\tb\nc\\d\r', '\\N', '', 'Ikinyarwanda ñ 漢字 🎈', "'; drop table users; --"]

/** Rows with all kinds of values, two blobs that a problem names, and one that nothing names. @returns the blobs' digests. */
async function fill(url: string, files: Files): Promise<string[]> {
  const blobs = [await files.put(randomBytes(9_000_000)), await files.put(Buffer.from('1 2\n')), await files.put(Buffer.alloc(0))]
  await files.put(Buffer.from('named by nobody'))
  await asOwner(url, async (client) => {
    for (const [at, text] of awkward.entries()) {
      const id = randomUUID()
      await client.query(insertUser, [id, `user-${at}`, text, text])
      await client.query(`insert into "user".known_devices values ($1, $2, 'infinity')`, [randomBytes(32), id])
      await client.query(`insert into "user".sessions values ($1, $2, now(), now() + interval '1 day', null)`, [randomUUID(), id])
    }
    await client.query(`insert into contest.test_data select unnest($1::text[])`, [blobs.map(({ digest }) => digest)])
    await client.query(`insert into submission.problems values (gen_random_uuid(), 9007199254740993, 1, gen_random_uuid(), 'program', true, false,
      '{cpp,"a,b",NULL}', 65536, null, false)`)
    await client.query(
      `insert into leaderboard.contests (contest_id, version, epoch, public_revision, frame_revision, pushed_revision) values ($1, 7, 2, 5, 3, 5)`,
      [randomUUID()],
    )
    for (let at = 0; at < 3; at += 1) {
      await client.query(
        `insert into submission.outbox (id, topic, payload, occurred_at, published_at) values (gen_random_uuid(), 'submission.judged.v1', $1, now(), now())`,
        [{ deep: [null, awkward] }],
      )
      await client.query(`insert into bus.messages (queue, event_id, topic, occurred_at, payload) values ('q', $1, 't', 'now', $2)`, [String(at), awkward[at]])
    }
  })
  return blobs.map(({ digest }) => digest)
}

/** Of boards, what goes on from other numbers after a restore. */
const renewed = `'{applied_at,epoch,public_revision,frame_revision,pushed_revision}'::text[]`
/** Every row of every schema, as text. */
const contentOf = (url: string) =>
  asOwner(url, async (client) => {
    const { rows } = await client.query<{ schema: string; name: string }>(
      'select schemaname as schema, tablename as name from pg_tables where schemaname = any($1) order by 1, 2',
      [Object.keys(knownSchemas)],
    )
    const content: Record<string, string[]> = {}
    for (const { schema, name } of rows) {
      // as JSON by column name, since an older schema that was brought up to date may have its columns in another order
      const each = await client.query<{ row: string }>(`select (to_jsonb(t) - ${renewed})::text as row from "${schema}"."${name}" t`)
      content[`${schema}.${name}`] = each.rows.map(({ row }) => row).sort()
    }
    return content
  })

let elsewhere: TestPostgres
let source: { url: string; files: Files; digests: string[] }
let archive: string
before(async () => {
  elsewhere = await startTestPostgres()
  const { url } = await testDatabase()
  await prepare(url)
  const files = await openFolderFiles(join(folder, 'source'))
  source = { url, files, digests: await fill(url, files) }
  archive = join(folder, 'first.tar.gz')
  await makeBackup({ ownerUrl: url, files, hasQueue: true }, archive, { alone: false })
})
after(() => elsewhere.stop())

let databases = 0
const emptyElsewhere = () => {
  databases += 1
  return elsewhere.createDatabase(`restored_${databases}`)
}
const restore = (file: string, url: string, files: Files, isForced = false) => restoreBackup(file, { ownerUrl: url, files, hasQueue: true }, isForced)

describe('a backup', () => {
  it('goes from the embedded database and a folder to another PostgreSQL and S3, and back, and is the same', async () => {
    const there = await emptyElsewhere()
    const store = await openS3Files(s3.url())
    await restore(archive, there, store)
    assert.deepEqual(await contentOf(there), await contentOf(source.url))
    for (const digest of source.digests) assert.ok(await store.has(digest))
    const second = join(folder, 'second.tar.gz')
    await makeBackup({ ownerUrl: there, files: store, hasQueue: true }, second, { alone: true })
    const back = await testDatabase()
    await restore(second, back.url, await openFolderFiles(join(folder, 'back')))
    assert.deepEqual(await contentOf(back.url), await contentOf(source.url))
    await rm(second)
  })

  it('leaves a database that works: services open it under their roles, counters go on, migrations find nothing to do', async () => {
    const url = await emptyElsewhere()
    await restore(archive, url, await openFolderFiles(join(folder, 'works')))
    await prepare(url)
    const [{ next, last }] = await rowsOf(
      url,
      `with added as (insert into bus.messages (queue, event_id, topic, occurred_at, payload) values ('q', 'new', 't', 'now', '') returning id)
       select (select id from added)::int as next, (select max(id) from bus.messages)::int as last`,
    )
    assert.ok(next > last, `${next} follows ${last}`)
    assert.deepEqual(await rowsOf(url, `select tgname from pg_trigger where tgenabled = 'D'`), [], 'what guards the books is on again')
  })

  it("is of one moment, whatever is written meanwhile, and stands in nobody's way", async () => {
    const url = source.url
    let isOver = false
    const writing = asOwner(url, async (client) => {
      let pairs = 0
      for (; !isOver; pairs += 1) {
        const name = `pair-${pairs}`
        await client.query('begin')
        await client.query(insertUser, [randomUUID(), name, 'Pair', ''])
        await client.query(`insert into submission.outbox (id, topic, payload, occurred_at) values (gen_random_uuid(), 'pair', $1, now())`, [{ name }])
        await client.query('commit')
      }
      return pairs
    })
    const file = join(folder, 'busy.tar.gz')
    await eventually(async () => assert.notEqual((await rowsOf(url, `select from submission.outbox where topic = 'pair'`)).length, 0))
    await makeBackup({ ownerUrl: url, files: source.files, hasQueue: true }, file, { alone: false })
    isOver = true
    assert.ok((await writing) > 0)
    const target = await emptyElsewhere()
    await restore(file, target, await openFolderFiles(join(folder, 'busy')))
    const pairs = `select (select count(*) from "user".users where username like 'pair-%')::int as users, (select count(*) from submission.outbox where topic = 'pair')::int as events`
    const [{ users, events }] = await rowsOf(target, pairs)
    assert.equal(users, events)
    assert.ok(users > 0)
    await asOwner(url, async (client) => {
      await client.query(`delete from "user".users where username like 'pair-%'`)
      await client.query(`delete from submission.outbox where topic = 'pair'`)
    })
  })

  it('can be read by its owner alone, and overwrites nothing', async () => {
    assert.equal(statSync(archive).mode & 0o777, 0o600)
    const before = readFileSync(archive)
    await assert.rejects(makeBackup({ ownerUrl: source.url, files: source.files, hasQueue: true }, archive, { alone: false }), /is there already/)
    assert.ok(readFileSync(archive).equals(before))
  })

  it('names a blob that is missing or damaged, and keeps all the rest', async () => {
    const files: Files = { ...source.files, get: async (digest) => (digest === source.digests[1] ? undefined : source.files.get(digest)) }
    const file = join(folder, 'lost.tar.gz')
    const { lost, blobs } = await makeBackup({ ownerUrl: source.url, files, hasQueue: true }, file, { alone: false })
    assert.deepEqual([lost, blobs.count], [[source.digests[1]], 2])
    assert.deepEqual((await verifyArchive(file)).lost, lost)
  })

  it('that fails half-way leaves no file', async () => {
    const files: Files = { ...source.files, get: async () => Promise.reject(new Error('the store is gone')) }
    await assert.rejects(makeBackup({ ownerUrl: source.url, files, hasQueue: true }, join(folder, 'half.tar.gz'), { alone: false }), /the store is gone/)
    assert.deepEqual(
      (await readdir(folder)).filter((name) => name.startsWith('half')),
      [],
    )
  })

  it('has boards go on from numbers that were never used, so that nothing kept elsewhere is taken for theirs', async () => {
    const url = await emptyElsewhere()
    const boards =
      'select epoch::float, public_revision::float as told, frame_revision::float as frame, pushed_revision::float as pushed from leaderboard.contests'
    const before = Date.now() / 1000
    await restore(archive, url, await openFolderFiles(join(folder, 'boards')))
    const [{ epoch, told, frame, pushed }] = await rowsOf(url, boards)
    assert.ok(epoch > before - 60 && told > before - 60, `${epoch} ${told}`)
    assert.deepEqual([frame, pushed], [told, told - 1])
  })

  it('without its queue has the events told again, but no job that was judged', async () => {
    const url = await emptyElsewhere()
    await restoreBackup(archive, { ownerUrl: url, files: await openFolderFiles(join(folder, 'untold')), hasQueue: false }, false)
    const [{ told, untold }] = await rowsOf(
      url,
      'select count(published_at)::int as told, (count(*) - count(published_at))::int as untold from submission.outbox',
    )
    assert.deepEqual([told, untold], [0, 3])
    assert.deepEqual(await rowsOf(url, `select from pg_namespace where nspname = 'bus'`), [])
  })
})

describe('a restore writes nothing', () => {
  const isUntouched = async (url: string, files: string) => {
    assert.deepEqual(await rowsOf(url, `select nspname from pg_namespace where nspname = any('{user,contest,bus,arena_restoring}')`), [])
    assert.deepEqual(await readdir(files), ['incoming'])
  }

  it('of a file that was cut or changed anywhere', async () => {
    const url = await emptyElsewhere()
    const at = join(folder, 'untouched')
    const files = await openFolderFiles(at)
    const whole = readFileSync(archive)
    const tar = gunzipSync(whole)
    const changed = (position: number) => {
      const copy = Buffer.from(tar)
      copy[position] = (copy[position] ?? 0) ^ 1
      return gzipSync(copy, { level: 1 })
    }
    const inBlob = tar.indexOf('1 2\n')
    const inRow = tar.indexOf('Ikinyarwanda')
    const inManifest = tar.indexOf('"sha256"') + 14
    assert.ok(inBlob > 0 && inRow > 0 && inManifest > 14)
    const damaged = [
      Buffer.alloc(0),
      Buffer.from('no backup'),
      whole.subarray(0, 1_000),
      whole.subarray(0, -20),
      gzipSync(tar.subarray(0, -200_000), { level: 1 }),
    ]
    for (const content of [...damaged, ...[inBlob, inRow, inManifest].map(changed)]) {
      const file = join(folder, 'damaged.tar.gz')
      writeFileSync(file, content)
      await assert.rejects(restore(file, url, files), (error: Error) => error.name === 'ConfigError' && /is no whole backup: /.test(error.message))
    }
    await assert.rejects(restore(join(folder, 'nowhere.tar.gz'), url, files), /is not there/)
    await isUntouched(url, at)
  })

  it('of a backup by a newer version', async () => {
    const url = await emptyElsewhere()
    const at = join(folder, 'newer')
    const files = await openFolderFiles(at)
    const tar = gunzipSync(readFileSync(archive))
    for (const [from, to, why] of [
      ['"format": 1', '"format": 2', /has the format 2, and this version reads 1/],
      ['"name": "0001_users"', '"name": "0009_users"', /another version.*user was at the migration 0009_users/],
    ] as const) {
      const file = join(folder, 'newer.tar.gz')
      writeFileSync(file, gzipSync(Buffer.from(tar.toString('latin1').replace(from, to), 'latin1'), { level: 1 }))
      await assert.rejects(restore(file, url, files), why)
    }
    await isUntouched(url, at)
  })

  it('over an arena with accounts, unless it is forced; nor while services are at work', async () => {
    const url = await emptyElsewhere()
    const files = await openFolderFiles(join(folder, 'forced'))
    await prepare(url)
    await asOwner(url, (client) => client.query(insertUser, [randomUUID(), 'before', 'Before', '']))
    const before = await contentOf(url)
    await assert.rejects(restore(archive, url, files), /there are accounts.*--force/)
    const server = await openPostgres(url, { log: silentLog })
    const db = await server.openFor('user', knownSchemas.user ?? [])
    await db.query('select 1')
    await assert.rejects(restore(archive, url, files, true), /services are at work.*arena_user/)
    await server.close()
    assert.deepEqual(await contentOf(url), before)
    await eventually(async () => assert.deepEqual(await rowsOf(url, sessions), []), 30_000)
    await restore(archive, url, files, true)
    assert.deepEqual(await contentOf(url), await contentOf(source.url))
  })
})

describe('a backup of an older version', () => {
  it('is restored as it was and brought up to date', async () => {
    const old = (await testDatabase()).url
    const server = await openPostgres(old, { log: silentLog })
    // as they were before their last migration; blobs are looked for in the contest service's first
    const wasShorter = (name: string) => name !== 'contest' && name !== queueSchema
    for (const [name, migrations] of Object.entries(knownSchemas))
      if (name !== queueSchema) await (await server.openFor(name, wasShorter(name) ? migrations.slice(0, -1) : migrations, { maxConnections: 1 })).close()
    await server.close()
    const files = await openFolderFiles(join(folder, 'old'))
    const file = join(folder, 'old.tar.gz')
    const { schemas } = await makeBackup({ ownerUrl: old, files, hasQueue: false }, file, { alone: false })
    assert.ok(schemas.every(({ name, migrations }) => !wasShorter(name) || migrations.length < (knownSchemas[name]?.length ?? 0)))
    const url = await emptyElsewhere()
    await restoreBackup(file, { ownerUrl: url, files, hasQueue: false }, false)
    for (const { name } of schemas)
      assert.deepEqual(
        (await rowsOf(url, `select name from "${name}".arena_migrations`)).map((row) => row.name).sort(),
        (knownSchemas[name] ?? []).map((each) => each.name).sort(),
      )
  })
})

describe('kill -9 in the middle of a restore', () => {
  it('leaves what was there, and an arena that refuses to start until it is run again or given up', async () => {
    const url = await emptyElsewhere()
    await prepare(url)
    await asOwner(url, (client) => client.query(insertUser, [randomUUID(), 'before', 'Before', '']))
    const before = await contentOf(url)
    const environment = Object.fromEntries(Object.entries(process.env).filter(([key]) => !/^(ARENA_|NODE_TEST)/.test(key)))
    const run = (...args: string[]) => {
      const env = { ...environment, ARENA_DB_URL: url, ARENA_DATA_DIR: join(folder, 'killed') }
      const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', cli, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] })
      let said = ''
      for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (said += chunk.toString()))
      return { child, ended: once(child, 'close').then(([code]) => ({ code: code as number | null, said })) }
    }
    await asOwner(url, async (holder) => {
      await holder.query('begin')
      await holder.query('lock table contest.contests in access share mode') // the restore's transaction comes this far and waits
      const { child, ended } = run('restore', archive, '--force')
      const isWaiting = `select from pg_locks l join pg_stat_activity a using (pid) where not l.granted and a.query like 'drop schema%' and a.datname = current_database()`
      await eventually(async () => assert.equal((await rowsOf(url, isWaiting)).length, 1, 'the restore waits for the lock'), 60_000)
      child.kill('SIGKILL')
      await ended
      await holder.query('commit')
    })
    await assert.rejects(openPostgres(url, { log: silentLog }), /a restore into this database was not finished/)
    assert.deepEqual(await contentOf(url), before)
    const given = await run('restore', '--give-up').ended
    assert.deepEqual([given.code, /Given up/.test(given.said)], [0, true], given.said)
    await (await openPostgres(url, { log: silentLog })).close()
    const again = await run('restore', archive, '--force').ended
    assert.equal(again.code, 0, again.said)
    assert.match(again.said, /Restored: \d+ schemas/)
    assert.deepEqual(await contentOf(url), await contentOf(source.url))
  })
})

it('tables are written after those they refer to, and a circle is told', () => {
  const table = (name: string) => ({ name, columns: ['id'] })
  const ordered = inOrderOfReference(
    [table('a'), table('b'), table('c')],
    [
      { table: 'a', target: 'c' },
      { table: 'c', target: 'b' },
    ],
  )
  assert.deepEqual(
    ordered.map(({ name }) => name),
    ['b', 'c', 'a'],
  )
  assert.throws(
    () =>
      inOrderOfReference(
        [table('a'), table('b')],
        [
          { table: 'a', target: 'b' },
          { table: 'b', target: 'a' },
        ],
      ),
    /in a circle: a, b/,
  )
})
