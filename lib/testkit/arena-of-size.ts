/**
 * The arena of a test that means the same in both sizes: `SIZE=many` starts the many size, anything else one. In a process with several such files they
 * share one arena of the many size, since its start costs a quarter of a minute.
 */
import { after } from 'node:test'
import { arenaForTests, type RunningArena, tellOfFailures } from './arena.ts'
import { startArenaMany } from './arena-many.ts'

/** What both sizes have. */
export type SizedArena = Pick<RunningArena, 'url' | 'port' | 'pids' | 'dataDir' | 'adminPassword' | 'client' | 'as' | 'log' | 'sql'>

/** The same arena where it is of one size: with processes to kill. */
export const asOneSize = (arena: SizedArena): RunningArena | undefined => ('workerPid' in arena ? (arena as RunningArena) : undefined)

let many: ReturnType<typeof startForAll> | undefined

/** Call at the top level of a test file. It is stopped when the file ends; its story is told for each test that fails. */
export async function arenaOfSize(): Promise<SizedArena> {
  return process.env.SIZE === 'many' ? manyForTests() : arenaForTests()
}

/** The many size of this test process. */
export function manyForTests() {
  many ??= startForAll()
  return many
}

async function startForAll() {
  const arena = await startArenaMany()
  tellOfFailures(arena)
  after(() => arena.stop())
  return arena
}
