/**
 * Clients that do not read: `npm run bench -- load/slow`. A part of a crowd stops reading while a board is pushed again and again, as large as a push may
 * be. Prints a line of JSON: what the process held at the most, above what it held before, KiB for each that did not read; how many of their connections it
 * still has afterwards (none); and how long the others' pushes took from the first socket to the last, ms.
 *
 *   BENCH_SOCKETS (1000), BENCH_DEAF (200), BENCH_PUSHES (1000)
 */
import { leaderboardChanged } from '#contracts/leaderboard'
import { eventually } from '#testkit/eventually'
import { busy, machine, overRounds, residentBytes, rounded } from './stage/figures.ts'
import { openInspector } from './stage/inspector.ts'
import { openLiveBoard } from './stage/live-board.ts'
import { freePort } from './stage/lone-service.ts'

const sockets = Number(process.env.BENCH_SOCKETS ?? 1_000)
const deaf = Number(process.env.BENCH_DEAF ?? 200)
const pushes = Number(process.env.BENCH_PUSHES ?? 1_000)

const inspectorPort = await freePort()
const board = await openLiveBoard({ sockets, participants: 1, nodeFlags: [`--inspect=127.0.0.1:${inspectorPort}`] })
const inspector = await openInspector(inspectorPort, board.lone.pid)
try {
  const { crowd, lone, contestId } = board
  await crowd.enter()
  const row = { userId: contestId, name: 'n'.repeat(6_000), school: '', score: 0, penalty: 0, lastMinute: 0, cells: [] }
  const push = async (revision: number) => {
    const pushed = crowd.nextPush()
    await lone.bus.broadcast(leaderboardChanged.topic, { contestId, revision, previous: revision - 1, cells: [row], refetch: false })
    return pushed
  }
  for (let revision = 1_000; revision < 1_050; revision++) await push(revision)
  const before = await inspector.held()
  crowd.deafen(deaf)
  const took: number[] = []
  let most = 0
  for (let revision = 2_000; revision < 2_000 + pushes; revision++) {
    const { first, last } = await push(revision)
    took.push(last - first)
    most = Math.max(most, residentBytes(lone.pid))
  }
  const left = await eventually(async () => {
    const open = await inspector.openSockets()
    if (open > before.openSockets - deaf) throw new Error(`${open - before.openSockets + deaf} of those who do not read are still there`)
    return open - before.openSockets + deaf
  }, 30_000)
  const after = await inspector.held()
  const each = (bytes: number) => rounded(bytes / deaf / 1024, 1)
  console.log(
    JSON.stringify({
      bench: 'load/slow',
      machine: machine(),
      busy: busy(),
      sockets,
      deaf,
      pushes,
      most_kib_each: each(most - before.residentBytes),
      kept_heap_kib_each: each(after.heapBytes + after.outsideHeapBytes - before.heapBytes - before.outsideHeapBytes),
      left,
      others_first_to_last_ms: overRounds(took, 1),
    }),
  )
} finally {
  inspector.close()
  await board.stop()
}
