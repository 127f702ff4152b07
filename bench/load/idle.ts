/**
 * What sockets cost the server in memory: `npm run bench -- load/idle`. A notifications service holds a crowd that is logged in, looks at a board and is
 * quiet. Prints a line of JSON, KiB a socket: `resident` (what the process has of the machine) and `heap`, after its garbage was collected.
 *
 *   BENCH_SOCKETS (10000)
 */
import { busy, machine, rounded } from './stage/figures.ts'
import { openInspector } from './stage/inspector.ts'
import { openLiveBoard } from './stage/live-board.ts'
import { freePort } from './stage/lone-service.ts'

const sockets = Number(process.env.BENCH_SOCKETS ?? 10_000)
const promiseKiB = 12

const inspectorPort = await freePort()
const board = await openLiveBoard({ sockets, participants: 50, nodeFlags: [`--inspect=127.0.0.1:${inspectorPort}`] })
const inspector = await openInspector(inspectorPort, board.lone.pid)
try {
  const before = await inspector.held()
  await board.crowd.enter()
  const idle = await inspector.held()
  const perSocket = (bytes: number) => rounded(bytes / sockets / 1024, 1)
  const resident = perSocket(idle.residentBytes - before.residentBytes)
  console.log(
    JSON.stringify({
      bench: 'load/idle',
      machine: machine(),
      busy: busy(),
      sockets,
      resident_kib: resident,
      heap_kib: perSocket(idle.heapBytes - before.heapBytes),
      outside_heap_kib: perSocket(idle.outsideHeapBytes - before.outsideHeapBytes),
      kept: resident <= promiseKiB,
    }),
  )
} finally {
  inspector.close()
  await board.stop()
}
