/**
 * The main figures, on the whole arena as `npm start` runs it (two processes, own database with fsync, real sandbox): `npm run bench -- arena`.
 *
 *   submit → verdict on the socket, 3 tests, one at a time, each source distinct: p50 and p95, milliseconds; bare: the same compilation and runs
 *   by fork and exec, unconfined (bare.c), before and after; above_bare: the difference of the medians
 *   judged per second: all handed in at once by several users, distinct sources, to the last verdict; bare: as many as the CPU of the bare
 *   compilation and runs would allow on all cores; share: the one of the other
 *   accepts per second: durable, 32 connections, 2 KB sources, the worker stopped meanwhile (as the baseline's is)
 *   leaderboard reads per second: 32 connections, a board of 100 rows, and of one
 *
 * ARENA_SANDBOX (native, docker) chooses the sandbox. Needs wrk (`apt-get install wrk`). Prints one line of JSON; noisy machines: compare with the baseline in one run and quote ratios.
 */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { availableParallelism, cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { importJWK, type JWK, SignJWT } from 'jose'
import { v7 } from 'uuid'
import { accessTokenRules } from '#kit/access-tokens'
import { startArena } from '#testkit/arena'
import { bareSubmission, openBare } from './bare.ts'

const sources = {
  // the first of each of these includes is compiled ahead
  cpp_std: (n: number) => `// ${n}\n#include <bits/stdc++.h>\nint main() { int a, b; std::cin >> a >> b; std::cout << a + b; }\n`,
  python: (n: number) => `# ${n}\na, b = map(int, input().split())\nprint(a + b)\n`,
  cpp: (n: number) => `// ${n}\n#include <iostream>\nint main() { int a, b; std::cin >> a >> b; std::cout << a + b; }\n`,
} as const
type Language = keyof typeof sources
const languageOf = { python: 'python', cpp: 'cpp', cpp_std: 'cpp' } as const satisfies Record<Language, string>

/** `BENCH_ONLY=verdicts,reads,accepts` runs a part. */
const parts = (process.env.BENCH_ONLY ?? 'verdicts,reads,accepts').split(',')
const rounds = Number(process.env.BENCH_ROUNDS ?? 30)
const perSecond = (said: string) => Math.round(Number(/Requests\/sec:\s+([\d.]+)/.exec(said)?.[1] ?? Number.NaN))
/** Between two lone submissions: what is made ahead for the next (a container costs 190 ms of CPU) is then made. */
const pauseMs = Number(process.env.BENCH_PAUSE_MS ?? 0)
const connections = 32
const loadSeconds = 5
const users = 6
const percentile = (values: number[], p: number) =>
  Math.round(values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * p))] ?? Number.NaN)

const arena = await startArena({ env: { ARENA_SANDBOX: process.env.ARENA_SANDBOX ?? 'native' } })
const bare = openBare()
const folder = mkdtempSync(join(tmpdir(), 'arena-bench-'))
try {
  const result: Record<string, number | string> = { machine: `${availableParallelism()} x ${cpus()[0]?.model ?? '?'}`, rounds }
  const teacher = await arena.as('teacher')
  const test = (a: number, b: number) => ({ input: `${a} ${b}\n`, output: `${a + b}\n` })
  const problemId = await teacher.createProblem({
    kind: 'program',
    title: 'Sum',
    subject: 'computer-science',
    statement: 'Add.',
    public: true,
    limits: { cpuMs: 1000, memoryBytes: 256 * 1024 ** 2 },
    samples: [test(1, 2)],
    tests: [test(20, 30), test(-5, 5)],
  })
  const contest = await teacher.createContest({ title: 'Bench', format: 'icpc', problems: [{ problemId }] })
  const crowd = await Promise.all(Array.from({ length: users }, () => arena.as('student')))
  const people = await Promise.all(
    crowd.map(async (client) => {
      await client.join(contest.id)
      const socket = await client.socket()
      socket.socket.setMaxListeners(100) // one for each submission on its way
      return { client, socket }
    }),
  )
  const [first] = people
  if (!first) throw new Error('there is nobody')

  let serial = 0
  const one = async ({ client, socket }: typeof first, language: Language) => {
    const judged = new Map<string, string>()
    const heard = Promise.withResolvers<string>()
    let id = ''
    const hear = (data: Buffer) => {
      const message = JSON.parse(data.toString()) as { type: string; id: string; verdict: string }
      if (message.type !== 'submission.judged') return
      judged.set(message.id, message.verdict)
      if (message.id === id) heard.resolve(message.verdict)
    }
    socket.socket.on('message', hear)
    id = await client.submit({ contestId: contest.id, problemId, language: languageOf[language], source: sources[language](++serial) })
    const verdict = judged.get(id) ?? (await heard.promise)
    socket.socket.off('message', hear)
    if (verdict !== 'AC') throw new Error(`not accepted but ${verdict}`)
  }
  for (const language of parts.includes('verdicts') ? (['python', 'cpp', 'cpp_std'] as const) : []) {
    await one(first, language) // warm
    const twin = () =>
      bareSubmission(bare, { languageId: languageOf[language], source: sources[language](++serial), inputs: ['1 2\n', '20 30\n', '-5 5\n'], rounds })
    const before = twin()
    const times: number[] = []
    for (let n = 0; n < rounds; n++) {
      await pause(pauseMs)
      const begun = performance.now()
      await one(first, language)
      times.push(performance.now() - begun)
    }
    result[`${language}_verdict_p50_ms`] = percentile(times, 0.5)
    result[`${language}_verdict_p95_ms`] = percentile(times, 0.95)
    const between = twin()
    const count = language === 'python' ? 60 : 30
    const begun = performance.now()
    await Promise.all(Array.from({ length: count }, (_, n) => one(people[n % users] ?? first, language)))
    const perSecondJudged = (count * 1000) / (performance.now() - begun)
    const afterwards = twin()
    const bareWall = (before.wallMs + between.wallMs) / 2
    const barePerSecond = (1000 * availableParallelism()) / ((between.cpuMs + afterwards.cpuMs) / 2)
    result[`${language}_bare_ms`] = Math.round(bareWall)
    result[`${language}_above_bare_ms`] = Math.round(percentile(times, 0.5) - bareWall)
    result[`${language}_judged_per_s`] = Math.round(perSecondJudged * 10) / 10
    result[`${language}_bare_per_s`] = Math.round(barePerSecond * 10) / 10
    result[`${language}_share_of_bare`] = Math.round((perSecondJudged / barePerSecond) * 100) / 100
  }

  if (parts.includes('reads')) result.board_reads_per_s = perSecond(wrk([`${arena.url}/api/leaderboard/${contest.id}`]))

  if (parts.includes('accepts')) Object.assign(result, await accepts(problemId))
  console.log(JSON.stringify(result))
} finally {
  const worker = arena.workerPid()
  if (worker !== undefined) process.kill(worker, 'SIGKILL')
  await arena.stop()
  bare.close()
  rmSync(folder, { recursive: true, force: true })
}

/** Each user may have ten pending, so many users; their tokens are signed as the user service would. */
async function accepts(problemId: string) {
  process.kill(arena.workerPid() as number, 'SIGSTOP')
  const script = join(folder, 'load.lua')
  writeFileSync(script, loadScript(await manyTokens(2500), JSON.stringify({ problemId, language: 'python', source: 'x'.repeat(2000) })))
  const before = await countSubmissions()
  const said = wrk(['-s', script, `${arena.url}/api/submit`])
  const stored = (await countSubmissions()) - before
  const refused = Number(/Non-2xx or 3xx responses: (\d+)/.exec(said)?.[1] ?? 0)
  const answered = Number(/(\d+) requests in/.exec(said)?.[1])
  return {
    accepts_per_s: Math.round((perSecond(said) * (answered - refused)) / answered),
    accepts_refused: refused,
    accepts_stored_share: Math.round((stored / (answered - refused)) * 1000) / 1000,
  }
}

function wrk(args: string[]): string {
  return execFileSync('wrk', ['-t1', `-c${connections}`, `-d${loadSeconds}`, ...args], { encoding: 'utf8' })
}

async function countSubmissions(): Promise<number> {
  const [row] = await arena.sql<{ n: string }>('select count(*) as n from submission.submissions')
  return Number(row?.n)
}

async function manyTokens(count: number): Promise<string[]> {
  const [row] = await arena.sql<{ kid: string; private_jwk: JWK }>('select kid, private_jwk from "user".signing_keys order by created_at desc limit 1')
  if (!row) throw new Error('the user service has no key')
  const key = await importJWK(row.private_jwk, 'EdDSA')
  const { issuer, audience, type, lifetimeSeconds } = accessTokenRules
  return Promise.all(
    Array.from({ length: count }, () =>
      new SignJWT({ role: 'student', name: 'Load', sid: v7() })
        .setProtectedHeader({ alg: 'EdDSA', typ: type, kid: row.kid })
        .setSubject(v7())
        .setIssuer(issuer)
        .setAudience(audience)
        .setIssuedAt()
        .setExpirationTime(`${lifetimeSeconds}s`)
        .sign(key),
    ),
  )
}

/** Ten submissions a token, then the next one. */
function loadScript(tokens: readonly string[], body: string): string {
  return `local tokens = {${tokens.map((token) => `"${token}"`).join(',')}}
local n = 0
local body = [[${body}]]
function request()
  n = n + 1
  local token = tokens[(n % #tokens) + 1]
  return wrk.format("POST", nil, {["content-type"] = "application/json", ["authorization"] = "Bearer " .. token}, body)
end
`
}
