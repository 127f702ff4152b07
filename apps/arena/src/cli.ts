import { join, resolve } from 'node:path'
import { systemClock, systemIds } from '#adapters/clock-system'
import { parseIso, toDate } from '#kernel/time'
import { type Config, ConfigError, parseConfig, processEnvironment, Secret } from '#kit/config'
import { openLog } from '#kit/log'
import { type Outbox, openOutbox } from '#kit/outbox'
import type { Bus } from '#ports/bus'
import type { Db } from '#ports/db'
import { contestService } from '#services/contest/src/service'
import { rebuildBoards } from '#services/leaderboard/src/operations'
import { leaderboardService } from '#services/leaderboard/src/service'
import { tellUnsettledAgain } from '#services/submission/src/operations'
import { submissionService } from '#services/submission/src/service'
import { findUserId, resetPassword, setRole } from '#services/user/src/operations'
import { userService } from '#services/user/src/service'
import { openBus, openDbServer, openFiles, prepareBus } from './adapters.ts'
import { backupCommand, migrateCommand, moveCommand, restoreCommand } from './cli-backup.ts'
import { withDatabase } from './cli-database.ts'
import { imagesCommand } from './cli-images.ts'
import { dbUrlCommand, serviceKeyCommand } from './cli-keys.ts'
import { type ProblemTools, problemCommand } from './cli-problems.ts'
import { schemasCommand } from './cli-schemas.ts'
import { complain, say } from './terminal.ts'

const usage = `Tools for the operator (beside a running arena, or while it is stopped):

  npm run arena -- reset-password NAME       a new random password for an account; ends its sessions
  npm run arena -- role NAME ROLE            make an account student, teacher or admin
  npm run arena -- problem import FILE|DIR [--owner NAME]
                                             a package (ICPC/Kattis legacy or 2025-09, or Polygon) as a problem of that account
  npm run arena -- problem export ID FILE [--format legacy|2025-09]
                                             a problem as a package
  npm run arena -- board rebuild [CONTEST]   compute boards from the log again and say what differed
  npm run arena -- replay SERVICE [SINCE]    tell again what a service told since then (ISO 8601; default: all that is kept,
                                             seven days); who had it takes no notice, a new or emptied view fills up
  npm run arena -- dead-letters              messages that could not be handled
  npm run arena -- dead-letters retry ID     (or: discard ID)
  npm run arena -- migrate                   brings every service's tables up to date (a start does it too)
  npm run arena -- backup FILE|FOLDER        everything as of one moment, in one file; beside a running arena too
  npm run arena -- restore FILE [--force]    puts a backup into an empty arena; --force: in place of what is there
  npm run arena -- restore --give-up         goes on without a restore that was broken off
  npm run arena -- move --to FILE            takes everything to the database and files of the settings in FILE
  npm run arena -- images list               the images that Docker judges in: current, stale (built from another version) or missing
  npm run arena -- images build [NAME…]      builds what is not current (go-judge, rust-judge and pypy-judge only by name);
                                             --network NAME for the build's steps, --fresh for newer packages
  npm run arena -- schemas DIR               the JSON Schema of every event, for services in other languages
  npm run arena -- service-key NAME          what a machine with that one service proves itself with (ARENA_SERVICE_KEY_FILE)
  npm run arena -- db-url NAME               that service's own database address (ARENA_DB_URL_FILE), made from the owner's
  npm run arena -- config                    each setting as it is understood
  npm run arena -- help                      this page
`

type Tools = {
  readonly config: Config
  readonly bus: Bus
  readonly openDb: (service: typeof userService) => Promise<Db>
  readonly outboxOf: (db: Db) => Outbox
}

/** Runs `work` on the arena's database and queue. */
function withTools(config: Config, work: (tools: Tools) => Promise<void>): Promise<void> {
  const log = openLog('error')
  return withDatabase(config, log, async (url) => {
    /** What was opened, the last first: also when the next could not be. */
    const closings: (() => Promise<void>)[] = []
    try {
      const dbServer = await openDbServer(url, log)
      closings.unshift(() => dbServer.close())
      const bus = await openBus(config.busUrl?.reveal() ?? (await prepareBus(url)), log)
      closings.unshift(() => bus.close())
      await work({
        config,
        bus,
        openDb: (service) => dbServer.openFor(service.name, service.migrations === 'none' ? [] : service.migrations, { maxConnections: 2 }),
        outboxOf: (db) => openOutbox({ db, bus, clock: systemClock, ids: systemIds, log }),
      })
    } finally {
      for (const close of closings) await close()
    }
  })
}

/** Services that write events. */
const tellers = [userService, contestService, submissionService]

async function userTools({ openDb, outboxOf }: Tools) {
  const db = await openDb(userService)
  return { db, outbox: outboxOf(db), clock: systemClock, ids: systemIds }
}

async function problemTools({ config, openDb, outboxOf }: Tools): Promise<ProblemTools> {
  const [contestDb, userDb] = [await openDb(contestService), await openDb(userService)]
  return {
    contest: { db: contestDb, files: await openFiles(config), clock: systemClock, ids: systemIds, outbox: outboxOf(contestDb) },
    ownerOf: (loginName) => findUserId({ db: userDb }, loginName),
    firstAdmin: config.adminEmail ?? 'admin',
  }
}

const commands: Readonly<Record<string, (args: readonly string[], config: Config) => Promise<void>>> = {
  'reset-password': ([name], config) =>
    withTools(config, async (tools) => {
      if (!name) throw new ConfigError('Whose? npm run arena -- reset-password NAME')
      const deps = await userTools(tools)
      const result = await resetPassword(deps, name)
      if (!result.ok) throw new ConfigError(`There is no account with the login ${name}`)
      await deps.outbox.stop()
      say(`New password of ${result.value.user.username ?? result.value.user.email}: ${result.value.password}`)
    }),
  role: ([name, role], config) =>
    withTools(config, async (tools) => {
      if (!name || (role !== 'student' && role !== 'teacher' && role !== 'admin')) throw new ConfigError('npm run arena -- role NAME student|teacher|admin')
      const deps = await userTools(tools)
      const result = await setRole(deps, name, role)
      if (!result.ok) throw new ConfigError(result.error === 'LAST_ADMIN' ? 'The arena needs at least one admin' : `There is no account with the login ${name}`)
      await deps.outbox.stop()
      say(`${name} is ${role === 'admin' ? 'an' : 'a'} ${role} now`)
    }),
  problem: (args, config) => withTools(config, (tools) => problemCommand(args, () => problemTools(tools))),
  board: ([action, contestId], config) =>
    withTools(config, async (tools) => {
      if (action !== 'rebuild') throw new ConfigError('npm run arena -- board rebuild [CONTEST]')
      const result = await rebuildBoards(await tools.openDb(leaderboardService), { contestId })
      say(`${result.contests} contests, ${result.rows} rows computed again, ${result.differences.length} differed`)
      for (const each of result.differences) say(JSON.stringify(each))
    }),
  replay: ([name, since = '1970-01-01T00:00:00Z'], config) =>
    withTools(config, async (tools) => {
      const service = tellers.find((each) => each.name === name)
      if (!service) throw new ConfigError(`npm run arena -- replay ${tellers.map((each) => each.name).join('|')} [SINCE]`)
      const from = parseIso(since)
      if (from === undefined) throw new ConfigError(`${since} is no time; write it like 2026-03-01T08:00:00Z`)
      const db = await tools.openDb(service)
      // its jobs are for judges, who would do them all again
      if (service === submissionService) return say(`${await tellUnsettledAgain(db, from)} events will be told again, as soon as the service runs`)
      say(`${await tools.outboxOf(db).replay(toDate(from))} events told again`)
    }),
  'dead-letters': ([action, id], config) =>
    withTools(config, async ({ bus }) => {
      if (action === undefined) {
        const letters = await bus.deadLetters()
        for (const each of letters)
          say(`${each.id}  ${each.queue}  ${each.envelope.topic}  ${each.attempts} tries  ${each.diedAt}  ${each.reason.split('\n')[0]}`)
        return say(`${letters.length} dead letters`)
      }
      const done = action === 'retry' && id ? await bus.retryDead(id) : action === 'discard' && id ? await bus.discardDead(id) : undefined
      if (done === undefined) throw new ConfigError('npm run arena -- dead-letters [retry ID | discard ID]')
      say(done ? 'Done' : 'There is no such dead letter')
    }),
  migrate: migrateCommand,
  backup: backupCommand,
  restore: restoreCommand,
  move: moveCommand,
  images: imagesCommand,
  schemas: schemasCommand,
  'service-key': serviceKeyCommand,
  'db-url': dbUrlCommand,
  config: async (_args, config) => {
    for (const [key, value] of Object.entries(config)) say(`${key.padEnd(20)} ${value instanceof Secret ? String(value) : JSON.stringify(value)}`)
    say(`${'log file'.padEnd(20)} ${join(resolve(config.dataDir), 'log', 'arena.log')}`)
  },
  help: async () => say(usage),
}

try {
  const [name = 'help', ...args] = process.argv.slice(2)
  const command = commands[name]
  if (!command) throw new ConfigError(`There is no command ${name}.\n\n${usage}`)
  await command(args, parseConfig(processEnvironment()))
} catch (cause) {
  complain(cause instanceof ConfigError ? cause.message : cause instanceof Error ? (cause.stack ?? cause.message) : String(cause))
  process.exitCode = cause instanceof ConfigError ? 2 : 1
}
