import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import { arenaForTests } from '#testkit/arena'
import { eventually } from '#testkit/eventually'

type Span = { readonly traceId: string; readonly spanId: string; readonly parentSpanId?: string; readonly name: string; readonly attributes: unknown }
type Batch = { readonly resourceSpans: readonly { readonly scopeSpans: readonly { readonly spans: readonly Span[] }[] }[] }

/** What a collector would be sent. */
const spans: Span[] = []
const collector = createServer(async (request, response) => {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  const batch = JSON.parse(Buffer.concat(chunks).toString('utf8')) as Batch
  spans.push(...batch.resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap((scope) => scope.spans)))
  response.writeHead(200, { 'content-type': 'application/json' }).end('{}')
})
await new Promise<void>((resolve) => collector.listen(0, '127.0.0.1', resolve))
after(() => {
  collector.close()
  collector.closeAllConnections()
})

const arena = await arenaForTests({
  env: {
    ARENA_METRICS_PORT: '0',
    ARENA_OTLP_URL: `http://127.0.0.1:${(collector.address() as AddressInfo).port}`,
    ARENA_TRACE_SHARE: '1',
  },
})
const logLines = () =>
  readFileSync(join(arena.dataDir, 'log', 'arena.log'), 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as Record<string, unknown>)
const secretOfSource = 'a word that only the source has'

describe('the arena, watched', () => {
  const metricsOf = async (process: string) => {
    const line = await eventually(() => {
      const found = logLines().find(({ msg, of }) => msg === 'metrics are told at /metrics' && of === process)
      assert.ok(found, `${process} has not told where its metrics are`)
      return found
    })
    assert.equal(line.host, '127.0.0.1')
    return `http://127.0.0.1:${line.port}/metrics`
  }
  const scrape = async (process: string) => (await fetch(await metricsOf(process))).text()
  const value = (text: string, series: string) =>
    Number(
      text
        .split('\n')
        .find((line) => line.startsWith(`${series} `))
        ?.slice(series.length + 1),
    )

  it('one submission is one trace, from the request through the judge to the socket', async () => {
    const teacher = await arena.as('teacher')
    const problemId = await teacher.createProblem({
      kind: 'program',
      title: 'Sum',
      subject: 'computer-science',
      statement: 'Add.',
      public: true,
      limits: { cpuMs: 5000, memoryBytes: 256 * 1024 ** 2 },
      samples: [{ input: '1 2\n', output: '3\n' }],
      tests: [{ input: '20 30\n', output: '50\n' }],
    })
    const contest = await teacher.createContest({ title: 'Watched', format: 'icpc', problems: [{ problemId }] })
    const pupil = await arena.as('student')
    await pupil.join(contest.id)
    const socket = await pupil.socket()
    const source = `// ${secretOfSource}\n#include <iostream>\nint main() { int a, b; std::cin >> a >> b; std::cout << a + b; }\n`
    const id = await pupil.submit({ contestId: contest.id, problemId, language: 'cpp', source })
    assert.equal((await pupil.waitForVerdict(id, 60_000)).status, 'judged')

    const wanted = [
      'POST /api/submit',
      'outbox',
      'wait in evaluation.contest',
      'handle evaluation.contest',
      'open a box',
      'compile',
      'tests',
      'wait in submission.events',
      'handle submission.events',
      'handle leaderboard.events',
      'handle notifications.events',
      'push',
    ]
    await eventually(() => {
      const traceId = spans.find(({ name }) => name === 'POST /api/submit')?.traceId
      const trace = spans.filter((span) => span.traceId === traceId)
      const names = new Set(trace.map(({ name }) => name))
      assert.deepEqual(
        wanted.filter((name) => !names.has(name)),
        [],
        `found: ${[...names].join(', ')}`,
      )
      const ids = new Set(trace.map(({ spanId }) => spanId))
      const roots = trace.filter(({ parentSpanId }) => !parentSpanId)
      const loose = trace.filter(({ parentSpanId }) => parentSpanId && !ids.has(parentSpanId))
      assert.deepEqual([roots.map(({ name }) => name), loose], [['POST /api/submit'], []], 'each span but the first hangs on another one of the trace')
    }, 30_000)
    socket.socket.terminate()
  })

  it('metrics answer on a port of their own, in both processes, and through no door', async () => {
    await eventually(async () => {
      const services = await scrape('arena')
      assert.equal(value(services, 'arena_http_requests_total{service="submission",route="POST /api/submit",status="202"}'), 1)
      assert.equal(value(services, 'arena_stage_seconds_count{stage="accept"}'), 1)
      for (const stage of ['store', 'whole', 'push']) assert.ok(value(services, `arena_stage_seconds_count{stage="${stage}"}`) >= 1, stage)
      assert.equal(value(services, 'arena_oldest_unjudged_seconds{lane="contest"}'), 0)
      assert.equal(value(services, 'arena_queue_messages{queue="evaluation.contest",state="dead"}'), 0)
      assert.ok(value(services, 'arena_consumer_poll_age_seconds{queue="submission.events"}') < 60)
      assert.equal(value(services, 'arena_judges{sandbox="native"}'), 1)
      assert.equal(value(services, 'arena_board_revision_lag'), 0)
      assert.ok(value(services, 'arena_db_connections{service="submission",state="idle"}') >= 0)
    }, 30_000)
    const worker = await scrape('evaluation')
    assert.equal(value(worker, 'arena_judgings_total{lane="contest",end="judged"}'), 1)
    for (const stage of ['sandbox', 'compile', 'tests', 'compare']) assert.equal(value(worker, `arena_stage_seconds_count{stage="${stage}"}`), 1, stage)
    assert.equal(value(worker, 'arena_queue_wait_seconds_count{queue="evaluation.contest"}'), 1)
    for (const path of ['/metrics', '/api/metrics', '/api/admin/metrics', '/internal/metrics']) {
      const text = await (await fetch(new URL(path, arena.url))).text()
      assert.doesNotMatch(text, /arena_stage_seconds/, path)
    }
    for (const path of ['/', '/metrics/', '/metrics?x']) assert.equal((await fetch(new URL(path, await metricsOf('arena')))).status, 404, path)
  })

  it('no metric holds an id or a verdict, whatever was asked for', async () => {
    await fetch(new URL('/api/submissions/01890000-0000-7000-8000-000000000001', arena.url))
    await fetch(new URL('/api/submissions/scan-of-a-stranger/more', arena.url))
    for (const process of ['arena', 'evaluation']) {
      const text = await scrape(process)
      assert.doesNotMatch(text, /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}/)
      assert.doesNotMatch(text, /stranger/)
      assert.doesNotMatch(text, /="(AC|WA|TLE|MLE|OLE|RE|CE|PARTIAL)"/)
    }
  })

  it('neither spans nor log lines hold a source or a token', async () => {
    const told = JSON.stringify(spans) + readFileSync(join(arena.dataDir, 'log', 'arena.log'), 'utf8')
    assert.doesNotMatch(told, new RegExp(secretOfSource))
    assert.doesNotMatch(told, /eyJ[\w-]+\.[\w-]+\.[\w-]+/)
  })
})
