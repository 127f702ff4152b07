/**
 * What being watched costs (docs/adr/0027): durable accepts of a lone submission service, as bench/load/accepts.ts measures them, with nothing on, with metrics
 * (scraped every second, fifteen times as often as usual), and with metrics and a tenth of all requests traced. In turns, so that a busy machine is as busy
 * for each. `npm run bench -- observe`; prints a line of JSON.
 *
 *   cpu_us         CPU time of the service for one accept: what others on the machine do not change
 *   accepts_per_s  by the clock
 *   over_none      the share by which cpu_us is above that of nothing on, turn by turn: median, least and most
 *
 *   BENCH_SECONDS (5) of a round, BENCH_ROUNDS (5), BENCH_CONNECTIONS (64)
 */
import { writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { v7 } from 'uuid'
import { problemUpdated } from '#contracts/contest'
import { eventually } from '#testkit/eventually'
import { busy, machine, overRounds } from './load/stage/figures.ts'
import { freePort, type LoneService, startLone } from './load/stage/lone-service.ts'
import { writeTokenScript, wrk } from './load/stage/wrk.ts'

const seconds = Number(process.env.BENCH_SECONDS ?? 5)
const rounds = Number(process.env.BENCH_ROUNDS ?? 5)
const connections = Number(process.env.BENCH_CONNECTIONS ?? 64)
/** Above what this machine takes, so that nobody comes to the bound on what one may have pending (ten). */
const mostPerSecond = 8_000
const submissionsEach = 8

const collector = createServer((request, response) => request.resume().on('end', () => response.end('{}')))
await new Promise<void>((resolve) => collector.listen(0, '127.0.0.1', resolve))
const metricsPorts = [await freePort(), await freePort()] as const
const otlp = `http://127.0.0.1:${(collector.address() as AddressInfo).port}`
const ways = {
  none: {},
  metrics: { ARENA_METRICS_PORT: String(metricsPorts[0]) },
  metrics_and_traces: { ARENA_METRICS_PORT: String(metricsPorts[1]), ARENA_OTLP_URL: otlp, ARENA_TRACE_SHARE: '0.1' },
} as const
type Way = keyof typeof ways
type Round = { readonly perSecond: number; readonly cpuUs: number }

const services = new Map<Way, { readonly lone: LoneService; readonly body: string }>()
const scraping = setInterval(() => {
  for (const port of metricsPorts)
    fetch(`http://127.0.0.1:${port}/metrics`)
      .then((answer) => answer.text())
      .catch(() => undefined) // it is starting or has ended
}, 1_000)
try {
  for (const [way, env] of Object.entries(ways)) services.set(way as Way, await prepared(env))
  const found: Record<Way, Round[]> = { none: [], metrics: [], metrics_and_traces: [] }
  for (let n = 0; n <= rounds; n++)
    for (const [way, { lone, body }] of services) {
      const round = await oneRound(lone, body, `${way}-${n}`)
      if (n > 0) found[way].push(round) // the first is to warm up
    }
  const figures = (way: Way) => ({
    cpu_us: overRounds(found[way].map(({ cpuUs }) => cpuUs)),
    accepts_per_s: overRounds(found[way].map(({ perSecond }) => perSecond)),
    over_none: overRounds(
      found[way].map(({ cpuUs }, at) => cpuUs / (found.none[at]?.cpuUs ?? Number.NaN) - 1),
      3,
    ),
  })
  const byWay = Object.fromEntries((Object.keys(ways) as Way[]).map((way) => [way, figures(way)]))
  console.log(JSON.stringify({ bench: 'observe', machine: machine(), busy: busy(), seconds, rounds, connections, ...byWay }))
} finally {
  clearInterval(scraping)
  for (const { lone } of services.values()) await lone.stop()
  collector.close()
  collector.closeAllConnections()
}

async function prepared(env: Readonly<Record<string, string>>) {
  const lone = await startLone(['submission'], { env })
  const problem = { problemId: v7(), revision: 1, version: 1, ownerId: v7(), title: 'Sum', kind: 'program', public: true, deleted: false }
  await lone.tell(problemUpdated.topic, [{ ...problem, languages: null, sourceBytes: 65_536, optionIds: null, multiple: false }])
  const body = JSON.stringify({ problemId: problem.problemId, language: 'python', source: `# ${'x'.repeat(2_000)}` })
  await eventually(async () => {
    const { token } = await lone.tokenFor()
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
    const answer = await fetch(`${lone.url}/api/submit`, { method: 'POST', headers, body })
    if (answer.status !== 202) throw new Error(`not accepted: ${answer.status} ${await answer.text()}`)
  })
  return { lone, body }
}

async function oneRound(lone: LoneService, body: string, name: string): Promise<Round> {
  const tokens = await Promise.all(Array.from({ length: Math.ceil((mostPerSecond * seconds) / submissionsEach) }, () => lone.tokenFor()))
  const tokensFile = join(lone.folder, `${name}.tokens`)
  writeFileSync(tokensFile, tokens.map(({ token }) => `${token}\n`).join(''))
  const script = writeTokenScript(join(lone.folder, `${name}.lua`), {
    tokensFile,
    crowd: 400,
    timesEach: submissionsEach,
    path: '/api/submit',
    body,
    meanPauseMs: 0,
  })
  const before = lone.cpu().service
  const { ok, perSecond, refused } = await wrk({ url: `${lone.url}/api/submit`, seconds, connections, script })
  if (refused > ok / 100) throw new Error(`${refused} of ${ok + refused} were refused`)
  await new Promise((resolve) => setTimeout(resolve, 1_500)) // what is relayed, marked and sent after the last answer belongs to the round
  return { perSecond, cpuUs: ((lone.cpu().service - before) * 1e6) / ok }
}
