/**
 * The ranked view, in memory and in a Redis of its own (nothing on disk): one row moves, the first 100 rows, eleven rows around somebody; medians and 95th
 * percentiles for boards of 10^3, 10^5 and 10^6 rows of twelve problems, and what a row weighs. `node --expose-gc bench/board.ts [ROWS…]`, about two
 * minutes; three rounds each, of which the median of the medians counts.
 */
import { openMemoryRankedView } from '#adapters/ranked-memory'
import { openRedisRankedView } from '#adapters/ranked-redis'
import { openRedis } from '#adapters/redis-connection'
import { seconds } from '#kernel/units'
import { maxStepRows, type RankedRow, type RankedView } from '#ports/ranked-view'
import { rowText } from '#services/leaderboard/src/domain/board'
import { seeded } from '#testkit/harsh-bus'
import { startRedis, withoutRedis } from '#testkit/redis'

const sizes = process.argv.slice(2).map(Number)
const rounds = 3
const callsARound = 400
const board = 'bench/public'
const random = seeded(11)
const upTo = (n: number) => Math.floor(random() * n)

const idOf = (n: number) => `01900000-0000-7000-8000-${String(n).padStart(12, '0')}`
function row(n: number, version: number): RankedRow {
  const cells = Array.from({ length: 12 }, (_, at) => {
    const solved = random() < 0.4
    return { problemId: String(at), solved, score: solved ? 1 : 0, attempts: upTo(4), pending: 0, ...(solved ? { minute: upTo(300) } : {}) }
  })
  const scored = { userId: idOf(n), score: cells.filter((cell) => cell.solved).length, penalty: upTo(3_000), lastMinute: upTo(300), cells }
  return { id: idOf(n), version, ...rowText({ row: scored, name: `Uwase ${n}`, school: 'GS Remera Catholique' }) }
}

async function fill(view: RankedView, size: number) {
  const build = await view.rebuild(board, 0)
  for (let from = 0; from < size; from += maxStepRows) await build.add(Array.from({ length: Math.min(maxStepRows, size - from) }, (_, n) => row(from + n, 1)))
  if (!(await build.finish({ version: 1, head: '{}' }))) throw new Error('the board was not built')
}

const percentile = (values: readonly number[], p: number) =>
  values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * p))] ?? Number.NaN
async function timed(act: () => Promise<unknown>): Promise<{ p50: number; p95: number }> {
  const all: { p50: number; p95: number }[] = []
  for (let round = 0; round < rounds; round++) {
    const took: number[] = []
    for (let call = 0; call < callsARound; call++) {
      const startedAt = performance.now()
      await act()
      took.push((performance.now() - startedAt) * 1_000)
    }
    all.push({ p50: percentile(took, 0.5), p95: percentile(took, 0.95) })
  }
  return {
    p50: percentile(
      all.map((one) => one.p50),
      0.5,
    ),
    p95: percentile(
      all.map((one) => one.p95),
      0.5,
    ),
  }
}
const shown = ({ p50, p95 }: { p50: number; p95: number }) => `p50 ${p50.toFixed(0).padStart(5)} µs, p95 ${p95.toFixed(0).padStart(5)} µs`

async function measure(name: string, view: RankedView, size: number, bytesNow: () => Promise<number>) {
  const before = await bytesNow()
  const startedAt = performance.now()
  await fill(view, size)
  const filledS = (performance.now() - startedAt) / 1_000
  const bytesARow = ((await bytesNow()) - before) / size
  let version = 1
  const change = async () => {
    version += 1
    if (!(await view.advance(board, { epoch: 0, from: version - 1, version, head: '{}', rows: [row(upTo(size), version)] })))
      throw new Error('a step was refused')
  }
  await timed(change) // warm
  const update = await timed(change)
  const top = await timed(() => view.read(board, { top: 100 }))
  const around = await timed(() => view.read(board, { top: 0, around: { id: idOf(upTo(size)), sides: 5 } }))
  console.log(
    `${name.padEnd(6)} ${String(size).padStart(9)} rows: update ${shown(update)}; top 100 ${shown(top)}; around ${shown(around)}; ${bytesARow.toFixed(0)} bytes a row; built in ${filledS.toFixed(1)} s`,
  )
  await view.drop(board)
}

const heap = async () => {
  ;(globalThis as { gc?: () => void }).gc?.()
  return process.memoryUsage().heapUsed
}
for (const size of sizes.length > 0 ? sizes : [1_000, 100_000, 1_000_000]) await measure('memory', openMemoryRankedView(), size, heap)
if (withoutRedis) console.log(withoutRedis)
else {
  for (const size of sizes.length > 0 ? sizes : [1_000, 100_000, 1_000_000]) {
    const server = await startRedis()
    const redis = await openRedis(server.url, { patience: seconds(20) })
    const used = async () => Number(/used_memory:(\d+)/.exec(String(await server.command('INFO', 'memory')))?.[1])
    await measure('Redis', openRedisRankedView(redis, { meanwhile: openMemoryRankedView }), size, used)
    await redis.close()
    await server.stop()
  }
}
