import { randomUUID } from 'node:crypto'
import { type Ms, minutes, seconds } from '#kernel/units'
import { maxFindIds, maxStepRows, type PlacedRow, type Ranked, type RankedRow, type RankedView, type Rebuild } from '#ports/ranked-view'
import { addScript, advanceScript, findScript, finishScript, readScript, standScript } from './ranked-redis-scripts.ts'
import { RedisAway, type RedisConnection } from './redis-connection.ts'
import { openMeanwhile } from './redis-meanwhile.ts'

/** Boards that nobody touches for three days go; what asks for one again builds it again. */
const boardTtl = String(minutes(3 * 24 * 60))
/** What a builder leaves that died in the middle. */
const buildTtl = String(minutes(10))
/** For many rows at once, which take Redis some milliseconds a thousand. */
const patienceForMany = seconds(5)
const many = 500

/**
 * Boards that all replicas read and any may write. While Redis is away `meanwhile` opens a view of this process alone, which begins empty and is thrown
 * away when Redis is back: to the caller a board that was kept is then behind or not there, and is built from the database like any other.
 */
export function openRedisRankedView(redis: RedisConnection, { meanwhile }: { readonly meanwhile: () => RankedView }): RankedView {
  const orElse = openMeanwhile(redis, meanwhile)
  return {
    stand: (board) =>
      orElse(
        redis.runScript(standScript, { keys: keysOf(board), args: [boardTtl] }).then((answer) => {
          const [epoch, version] = (answer ?? []) as number[]
          return epoch === undefined || version === undefined ? undefined : { epoch, version }
        }),
        (view) => view.stand(board),
      ),
    advance: async (board, step) =>
      orElse(
        redis
          .runScript(
            advanceScript,
            { keys: keysOf(board), args: [boardTtl, String(step.epoch), String(step.version), String(step.from), step.head, ...rowsOf(step.rows)] },
            patienceFor(step.rows.length),
          )
          .then((answer) => answer === 1),
        (view) => view.advance(board, step),
      ),
    rebuild: (board, epoch) =>
      orElse(
        redis.run(async (client) => void (await client.ping())).then(() => buildIn(redis, board, epoch)),
        (view) => view.rebuild(board, epoch),
      ),
    read: (board, asked) =>
      orElse(
        redis
          .runScript(
            readScript,
            { keys: keysOf(board), args: [String(asked.from ?? 0), String(asked.top), String(asked.around?.sides ?? 0), asked.around?.id ?? ''] },
            patienceFor(asked.top),
          )
          .then(rankedIn),
        (view) => view.read(board, asked),
      ),
    find: async (board, ids) => {
      if (ids.length > maxFindIds) throw new RangeError(`${ids.length} ids at once, at most ${maxFindIds}`)
      return orElse(redis.runScript(findScript, { keys: keysOf(board), args: [...ids] }).then(rankedIn), (view) => view.find(board, ids))
    },
    drop: (board) =>
      orElse(
        redis.run(async (client) => void (await client.unlink(keysOf(board)))),
        (view) => view.drop(board),
      ),
  }
}

const patienceFor = (rows: number): Ms | undefined => (rows > many ? patienceForMany : undefined)

/** Beside the board, under a name nobody else has. When Redis goes, or forgets, in the middle, nothing more is added and `finish` says so. */
function buildIn(redis: RedisConnection, board: string, epoch: number): Rebuild {
  const keys = keysOf(board)
  const built = ['order', 'rows'].map((part) => `${tagOf(board)}:build:${randomUUID()}:${part}`)
  let total = 0
  let isLost = false
  const ask = async (asked: Promise<unknown>): Promise<unknown> => {
    try {
      return await asked
    } catch (cause) {
      if (!(cause instanceof RedisAway)) throw cause
      return undefined
    }
  }
  return {
    async add(rows) {
      if (isLost || rows.length === 0) return
      const answer = await ask(redis.runScript(addScript, { keys: built, args: [buildTtl, String(total), ...rowsOf(rows)] }, patienceForMany))
      isLost = typeof answer !== 'number' || answer < 0
      if (!isLost) total = Number(answer)
    },
    async finish({ version, head }) {
      if (isLost) return false
      const args = [boardTtl, String(epoch), String(version), head, String(total)]
      return (await ask(redis.runScript(finishScript, { keys: [...keys, ...built], args }, patienceForMany))) === 1
    },
  }
}

const tagOf = (board: string): string => `arena:board:{${board}}`
const keysOf = (board: string): string[] => ['head', 'order', 'rows'].map((part) => `${tagOf(board)}:${part}`)

function rowsOf(rows: readonly RankedRow[]): (string | Buffer)[] {
  if (rows.length > maxStepRows) throw new RangeError(`${rows.length} rows in one step, at most ${maxStepRows}`)
  return rows.flatMap((row) => [row.id, memberOf(row), row.body, String(row.version)])
}
function memberOf({ rank, tie, id }: RankedRow): Buffer {
  return Buffer.concat([Buffer.from(`${rank}\0`, 'latin1'), Buffer.from(tie, 'utf16le').swap16(), Buffer.from(`\0\0${id}`, 'latin1')])
}

function rankedIn(answer: unknown): Ranked | undefined {
  if (!Array.isArray(answer)) return undefined
  const [epoch, version, head, total, ...fields] = answer as [number, number, string, number, ...(number | string)[]]
  const rows: PlacedRow[] = []
  for (let at = 0; at < fields.length; at += 4)
    rows.push({ at: Number(fields[at]), place: Number(fields[at + 1]), id: String(fields[at + 2]), body: String(fields[at + 3]) })
  return { epoch, version, head, total, rows }
}
