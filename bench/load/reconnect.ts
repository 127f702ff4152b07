/**
 * Everybody comes again at once, as after a replica's restart: `npm run bench -- load/reconnect`. A crowd that looks at a board is cut off and comes back
 * as the page does, each after a random part of half a second, later again when it is refused; it is back when the last one has logged in and subscribed.
 * Prints a line of JSON: `over_ms`, tries that the limits of one address refused, and the CPU time of service and database for one socket.
 *
 *   BENCH_SOCKETS (10000), BENCH_ROUNDS (3)
 */
import { busy, machine, overRounds } from './stage/figures.ts'
import { openLiveBoard } from './stage/live-board.ts'

const sockets = Number(process.env.BENCH_SOCKETS ?? 10_000)
const rounds = Number(process.env.BENCH_ROUNDS ?? 3)
const promiseMs = 10_000

const profile = process.env.BENCH_PROFILE
const board = await openLiveBoard({ sockets, participants: 50, nodeFlags: profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profile}`] })
try {
  const first = await board.crowd.enter() // tokens nobody has seen yet: each is verified
  const storms: { ms: number; refused: number; cpuUs: number }[] = []
  for (let round = 0; round < rounds; round++) {
    board.crowd.leave()
    const before = board.lone.cpu()
    const { ms, refused } = await board.crowd.enter()
    const after = board.lone.cpu()
    storms.push({ ms, refused, cpuUs: ((after.service - before.service + after.database - before.database) * 1e6) / sockets })
  }
  const over = overRounds(storms.map((storm) => storm.ms))
  console.log(
    JSON.stringify({
      bench: 'load/reconnect',
      machine: machine(),
      busy: busy(),
      sockets,
      rounds,
      first_ms: Math.round(first.ms),
      over_ms: over,
      refused: overRounds(storms.map((storm) => storm.refused)),
      cpu_us_of_a_socket: overRounds(storms.map((storm) => storm.cpuUs)),
      kept: over.spread[1] <= promiseMs,
    }),
  )
} finally {
  await board.stop()
}
