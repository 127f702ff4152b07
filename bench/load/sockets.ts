/**
 * Board pushes to many sockets: `npm run bench -- load/sockets`. A leaderboard and a notifications service in one process, fsync on; real sockets over
 * loopback through the real limits, held by one small process. From the moment the verdict is told on the bus. Prints a line of JSON, times in ms:
 *
 *   lone       one verdict on a quiet board until a socket has the push: median and 99th percentile of the sockets, the last of them; each over the rounds
 *   coalesced  20 verdicts a second: pushes a second, from a push's first socket to its last, and how long after the last verdict all had everything
 *   cpu_ms_of_a_push  the server's CPU time for one push to all
 *
 *   BENCH_SOCKETS (10000), BENCH_ROUNDS (20) lone verdicts, BENCH_SECONDS (20) of the stream
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { monotonicMs } from './stage/crowd.ts'
import { busy, machine, overRounds, percentile, rounded } from './stage/figures.ts'
import { type LiveBoard, openLiveBoard } from './stage/live-board.ts'

const sockets = Number(process.env.BENCH_SOCKETS ?? 10_000)
const rounds = Number(process.env.BENCH_ROUNDS ?? 20)
const seconds = Number(process.env.BENCH_SECONDS ?? 20)
const verdictsPerSecond = 20
/** Above the pause between two pushes of a board, so that neither the one before nor its acceptance holds a verdict up. */
const quietMs = 800

const profile = process.env.BENCH_PROFILE
const board = await openLiveBoard({ sockets, participants: 500, nodeFlags: profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profile}`] })
try {
  const entered = await board.crowd.enter()
  const lone = await loneVerdicts(board)
  const coalesced = await stream(board)
  console.log(
    JSON.stringify({ bench: 'load/sockets', machine: machine(), busy: busy(), sockets: entered.ready, rounds, lone, coalesced, lost: board.crowd.lost() }),
  )
} finally {
  await board.stop()
}

async function loneVerdicts({ crowd, lone, fact, accept, judge }: LiveBoard) {
  const took: { p50: number; p99: number; last: number; cpu: number }[] = []
  for (let round = -2; round < rounds; round++) {
    const one = fact()
    const accepted = crowd.nextPush()
    await accept(one)
    await accepted
    await sleep(quietMs)
    const pushed = crowd.nextPush()
    const cpu = lone.cpu().service
    const toldAt = monotonicMs()
    await judge(one)
    const { p50, p99, last } = await pushed
    if (round >= 0) took.push({ p50: p50 - toldAt, p99: p99 - toldAt, last: last - toldAt, cpu: (lone.cpu().service - cpu) * 1_000 })
    await sleep(quietMs)
  }
  const of = (pick: (one: (typeof took)[number]) => number) => overRounds(took.map(pick), 1)
  return { p50: of((one) => one.p50), p99: of((one) => one.p99), last: of((one) => one.last), cpu_ms_of_a_push: of((one) => one.cpu) }
}

async function stream({ crowd, lone, revision, fact, accept, judge }: LiveBoard) {
  const before = crowd.heard.length
  const cpu = lone.cpu().service
  const begun = monotonicMs()
  let lastAt = begun
  for (let n = 0; n < seconds * verdictsPerSecond; n++) {
    await sleep(Math.max(0, begun + (n * 1_000) / verdictsPerSecond - monotonicMs()))
    const one = fact()
    await accept(one)
    lastAt = monotonicMs()
    await judge(one)
  }
  const tookSeconds = (monotonicMs() - begun) / 1_000
  const newest = await settled(crowd, revision)
  const pushes = crowd.heard.slice(before)
  return {
    verdicts_per_s: rounded((seconds * verdictsPerSecond) / tookSeconds, 1),
    pushes_per_s: rounded(((pushes.length - 1) * 1_000) / ((pushes.at(-1)?.first ?? 0) - (pushes[0]?.first ?? 0)), 2),
    first_to_last_p50: rounded(
      percentile(
        pushes.map((push) => push.last - push.first),
        0.5,
      ),
      1,
    ),
    first_to_last_max: rounded(Math.max(...pushes.map((push) => push.last - push.first)), 1),
    all_had_all_after: rounded(newest.last - lastAt, 1),
    cpu_share: rounded((lone.cpu().service - cpu) / tookSeconds, 2),
  }
}

/** Waits for the push that makes everybody's board the stored one. */
async function settled(crowd: LiveBoard['crowd'], revision: LiveBoard['revision']) {
  for (const giveUpAt = monotonicMs() + 30_000; monotonicMs() < giveUpAt; await sleep(50)) {
    const newest = crowd.heard.at(-1)
    if (newest !== undefined && newest.revision === (await revision())) return newest
  }
  throw new Error('the sockets never had the newest revision')
}
