/** wrk, the generator of HTTP load: cheap enough to share two cores with what it measures. Debian's package. */
import { execFile } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { promisify } from 'node:util'
import { rounded } from './figures.ts'

export type Load = { readonly url: string; readonly seconds: number; readonly connections: number; readonly script?: string }
export type Answers = {
  /** Answers with 2xx or 3xx. */
  readonly ok: number
  readonly perSecond: number
  readonly refused: number
  /** Connections that failed, and answers that took more than two seconds. */
  readonly failed: number
  readonly p50Ms: number
  readonly p99Ms: number
}

const inMs = { us: 0.001, ms: 1, s: 1_000 } as const

/** Each connection asks again when it has its answer. @throws when wrk is not installed or says nothing. */
export async function wrk({ url, seconds, connections, script }: Load): Promise<Answers> {
  const args = ['-t1', `-c${connections}`, `-d${seconds}`, '--latency', ...(script === undefined ? [] : ['-s', script]), url]
  const { stdout: said } = await promisify(execFile)('wrk', args)
  const found = (pattern: RegExp) => pattern.exec(said)
  const answered = Number(found(/(\d+) requests in/)?.[1])
  const refused = Number(found(/Non-2xx or 3xx responses: (\d+)/)?.[1] ?? 0)
  const failures = found(/Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)/)?.slice(1) ?? []
  const took = Number(found(/requests in ([\d.]+)s/)?.[1])
  const latency = (share: string) => {
    const [, value, unit] = found(new RegExp(`^\\s+${share}%\\s+([\\d.]+)(us|ms|s)$`, 'm')) ?? []
    return rounded(Number(value) * inMs[(unit ?? 'ms') as keyof typeof inMs], 2)
  }
  if (Number.isNaN(answered)) throw new Error(`wrk said: ${said}`)
  return {
    ok: answered - refused,
    perSecond: (answered - refused) / took,
    refused,
    failed: failures.reduce((sum, each) => sum + Number(each), 0),
    p50Ms: latency('50'),
    p99Ms: latency('99'),
  }
}

export type TokenScript = {
  /** One token a line. A crowd of `crowd` users takes turns until each has asked `timesEach` times; then comes the next crowd. */
  readonly tokensFile: string
  readonly crowd: number
  readonly timesEach: number
  readonly path: string
  readonly body: string
  /** Each connection waits before each request, evenly spread from none to twice this: `connections / meanPauseMs` thousand a second, at uneven moments. */
  readonly meanPauseMs: number
}

/** A script for wrk: one POST of `body` after another, each user from an address of their own as a proxy would tell it. @returns `file` */
export function writeTokenScript(file: string, { tokensFile, crowd, timesEach, path, body, meanPauseMs }: TokenScript): string {
  const pause = meanPauseMs > 0 ? `function delay() return math.random(0, ${Math.round(2 * meanPauseMs)}) end\n` : ''
  writeFileSync(
    file,
    `local tokens = {}
for line in io.lines("${tokensFile}") do tokens[#tokens + 1] = line end
local n = 0
local body = [==[${body}]==]
local head = "POST ${path} HTTP/1.1\\r\\nHost: arena\\r\\nContent-Type: application/json\\r\\nContent-Length: " .. #body .. "\\r\\nAuthorization: Bearer "
function request()
  local at = math.floor(n / (${crowd} * ${timesEach})) * ${crowd} + n % ${crowd}
  n = n + 1
  local user = at % #tokens
  return head .. tokens[user + 1] .. "\\r\\nX-Forwarded-For: 10." .. math.floor(user / 65536) .. "." .. math.floor(user / 256) % 256 .. "." .. user % 256 .. "\\r\\n\\r\\n" .. body
end
${pause}`,
  )
  return file
}
