/**
 * Board reads: `npm run bench -- load/reads`. A leaderboard service in a process of its own answers for the first 100 rows, plain and to a client that has
 * them already (ETag). Prints a line of JSON: reads a second and CPU time of service and database for one.
 *
 *   BENCH_PARTICIPANTS (2000), BENCH_SECONDS (5) of a round, BENCH_ROUNDS (3)
 *   BENCH_BASELINE_URL: `GET /leaderboard/1` there is measured in turns with ours
 */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { busy, machine, overRounds } from './stage/figures.ts'
import { openLiveBoard } from './stage/live-board.ts'
import { wrk } from './stage/wrk.ts'

const participants = Number(process.env.BENCH_PARTICIPANTS ?? 2_000)
const seconds = Number(process.env.BENCH_SECONDS ?? 5)
const rounds = Number(process.env.BENCH_ROUNDS ?? 3)
const connections = 32
const baseline = process.env.BENCH_BASELINE_URL

const board = await openLiveBoard({ sockets: 1, participants })
try {
  const { lone, contestId } = board
  const url = `${lone.url}/api/leaderboard/${contestId}`
  const etag = (await fetch(url)).headers.get('etag')
  const script = join(lone.folder, 'again.lua')
  writeFileSync(script, `wrk.headers["if-none-match"] = [==[${etag}]==]\n`)
  const plain: { perSecond: number; cpuUs: number }[] = []
  const again: typeof plain = []
  const theirs: number[] = []
  const once = async (more: { script?: string }) => {
    const before = lone.cpu()
    const answers = await wrk({ url, seconds, connections, ...more })
    if (answers.refused + answers.failed > 0) throw new Error(`reads were refused: ${JSON.stringify(answers)}`)
    const after = lone.cpu()
    return { perSecond: answers.perSecond, cpuUs: ((after.service - before.service + after.database - before.database) * 1e6) / answers.ok }
  }
  for (let round = 0; round < rounds; round++) {
    plain.push(await once({}))
    if (baseline !== undefined) theirs.push((await wrk({ url: `${baseline}/leaderboard/1`, seconds, connections })).perSecond)
    again.push(await once({ script }))
  }
  const told = (of: typeof plain) => ({ per_s: overRounds(of.map((one) => one.perSecond)), cpu_us: overRounds(of.map((one) => one.cpuUs)) })
  const ratios = theirs.map((their, at) => (plain[at]?.perSecond ?? Number.NaN) / their)
  console.log(
    JSON.stringify({
      bench: 'load/reads',
      machine: machine(),
      busy: busy(),
      participants,
      seconds,
      rounds,
      top_100: told(plain),
      unchanged: told(again),
      ...(baseline === undefined ? {} : { baseline_per_s: overRounds(theirs), ratio: overRounds(ratios, 2) }),
    }),
  )
} finally {
  await board.stop()
}
