/**
 * An S3 server for tests, on a free port of 127.0.0.1: s3rver, which checks signatures of version 4 and answers as S3 does. What it does not do: compare
 * a body with the SHA-256 it was signed with, make an object seen only when it is whole, refuse a request without a signature. It runs in this process,
 * in a temporary folder; `stop` and `start` are a restart that keeps the objects.
 */
import { once } from 'node:events'
import { chmodSync, globSync, rmSync, writeFileSync } from 'node:fs'
import { mkdtemp } from 'node:fs/promises'
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after } from 'node:test'
import S3rver from '@20minutes/s3rver'

/** What happens instead of, or to, an answer. */
export type S3Fault =
  | { readonly kind: 'status'; readonly status: number; readonly code: string }
  /** The connection is closed after so many bytes of the body. */
  | { readonly kind: 'cut'; readonly afterBytes: number }
  /** The connection ends after so many bytes of the request's body. */
  | { readonly kind: 'hang-up'; readonly afterBytes: number }

export type SeenRequest = { readonly method: string; readonly path: string; readonly headers: IncomingHttpHeaders }

export type TestS3 = {
  readonly port: number
  /** An address for the Files adapter: a bucket that is there, unless another is named. */
  url(changes?: { readonly bucket?: string; readonly key?: string; readonly secret?: string; readonly port?: number; readonly query?: string }): string
  /** The next requests suffer these, in turn. */
  fail(...faults: readonly S3Fault[]): void
  /** Other bytes under the same name. */
  damage(digest: string, content: Uint8Array): void
  readonly seen: readonly SeenRequest[]
  /** Connections are cut, new ones refused. */
  stop(): Promise<void>
  start(): Promise<void>
}

const bucket = 'arena-files'
/** The one account s3rver knows. */
const account = 'S3RVER'

/** Call inside a test file: server and folder go when it ends. */
export async function startTestS3(): Promise<TestS3> {
  const folder = await mkdtemp(join(tmpdir(), 'arena-s3-'))
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
  const s3 = new S3rver({ directory: folder, silent: true, vhostBuckets: false, configureBuckets: [{ name: bucket }] })
  await s3.configureBuckets()
  const faults: S3Fault[] = []
  const seen: SeenRequest[] = []
  const answer = s3.callback()
  const listener: RequestListener = (request, response) => {
    seen.push({ method: request.method ?? '', path: request.url ?? '', headers: request.headers })
    const fault = faults.shift()
    if (fault?.kind === 'status') return void sayError(response, fault)
    if (fault?.kind === 'hang-up') return hangUpAfter(request, fault.afterBytes)
    if (fault?.kind === 'cut') cutAfter(response, fault.afterBytes)
    answer(request, response)
  }
  let server: Server | undefined
  let port = 0
  const start = async () => {
    server = createServer(listener).listen(port, '127.0.0.1')
    await once(server, 'listening')
    port = (server.address() as AddressInfo).port
  }
  const stop = async () => {
    const closed = server && once(server, 'close')
    server?.close()
    server?.closeAllConnections()
    await closed
    server = undefined
  }
  await start()
  after(async () => {
    await stop()
    rmSync(folder, { recursive: true, force: true })
  })
  return {
    get port() {
      return port
    },
    url: ({ bucket: other = bucket, key = account, secret = account, port: through = port, query = 'tls=off' } = {}) =>
      `s3://${key}:${secret}@127.0.0.1:${through}/${other}?${query}`,
    fail: (...some) => void faults.push(...some),
    damage: (digest, content) => {
      const [file] = globSync(join(folder, bucket, '**', `${digest}._S3rver_object`))
      if (file === undefined) throw new Error(`${digest} is not in the test's store`)
      chmodSync(file, 0o600)
      writeFileSync(file, content)
    },
    seen,
    stop,
    start,
  }
}

function sayError(response: ServerResponse, { status, code }: { status: number; code: string }): void {
  response.writeHead(status, { 'content-type': 'application/xml', connection: 'close' })
  response.end(`<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>as the test wants it</Message></Error>`)
}

function hangUpAfter(request: IncomingMessage, bytes: number): void {
  let left = bytes
  request.on('error', () => undefined) // it is our doing
  request.on('data', (chunk: Buffer) => {
    left -= chunk.byteLength
    if (left <= 0) request.socket.resetAndDestroy()
  })
}

/** Lets so many bytes of the body through, then resets the connection. */
function cutAfter(response: ServerResponse, bytes: number): void {
  let left = bytes
  const write = response.write.bind(response) as (chunk: Uint8Array) => boolean
  const cut = (chunk: unknown): boolean => {
    if (!(chunk instanceof Uint8Array) || left <= 0) return false
    const some = chunk.subarray(0, left)
    left -= some.byteLength
    write(some)
    if (left <= 0) response.socket?.end() // what was written still arrives
    return true
  }
  response.write = cut as typeof response.write
  response.end = ((chunk: unknown) => {
    if (chunk instanceof Uint8Array) cut(chunk)
    return response
  }) as typeof response.end
}
