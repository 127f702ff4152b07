/**
 * Signed requests to an S3-compatible store, tried again while that can help.
 *
 * A request is tried `tries` times when the connection failed, nothing came for `silenceMs`, or the store said that it is busy or broken (429, 5xx). The
 * pause doubles from `pauseMs` and is drawn at random below that, so that replicas do not come back in step. All our requests may be repeated: a blob's
 * name is its content. What the store refuses (a wrong key, no such bucket) is not tried again, and is told in a line with what to mend.
 */
import { Readable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import aws4 from 'aws4'
import { Agent, type Dispatcher } from 'undici'
import { FilesError } from '#ports/files'
import type { S3Address } from './files-s3-address.ts'

export type S3Patience = {
  /** Default 5. */
  readonly tries?: number
  /** Longest first pause, milliseconds; doubles each time. Default 200, so that five tries span up to three seconds. */
  readonly pauseMs?: number
  /** A connection on which nothing moves for so long is given up, milliseconds. Default 15,000. */
  readonly silenceMs?: number
}

export type S3Body = Uint8Array | Readable

export type S3Request = {
  readonly method: 'GET' | 'HEAD' | 'PUT'
  /** The object's key. */
  readonly key: string
  /** Made anew for each try. */
  readonly body?: { readonly open: () => S3Body; readonly size: number; readonly sha256: string }
  /** The first byte wanted. */
  readonly from?: number
}
export type S3Answer = { readonly status: number; readonly body: Readable }

export type S3Client = {
  /** @returns undefined when there is no such object. The body must be read to its end or destroyed. @throws FilesError */
  send(request: S3Request): Promise<S3Answer | undefined>
  /** Waits before try number `tried + 1`. @throws `cause` when there were enough. */
  pause(tried: number, cause: FilesError): Promise<void>
}

const connectMs = 5_000
const connections = 32
const emptySha256 = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'
const isBusy = (status: number) => status === 429 || status >= 500
/** Codes of a 4xx that pass: the clock of one message, a connection that was too slow. */
const passing = ['RequestTimeout', 'SlowDown', 'OperationAborted']

export function openS3Client(address: S3Address, { tries = 5, pauseMs = 200, silenceMs = 15_000 }: S3Patience): S3Client {
  const agent = new Agent({ connections, connect: { timeout: connectMs }, headersTimeout: silenceMs, bodyTimeout: silenceMs, keepAliveTimeout: 10_000 })
  const pause = async (tried: number, cause: FilesError) => {
    if (cause.retry === 'never' || tried >= tries) throw cause
    await sleep(Math.random() * pauseMs * 2 ** (tried - 1))
  }
  return {
    pause,
    send: async (request) => {
      for (let tried = 1; ; tried += 1) {
        try {
          return await sendOnce(agent, address, request)
        } catch (cause) {
          if (!(cause instanceof FilesError)) throw cause
          await pause(tried, cause)
        }
      }
    },
  }
}

async function sendOnce(agent: Agent, address: S3Address, request: S3Request): Promise<S3Answer | undefined> {
  const { method, key, body } = request
  const path = address.pathOf(key)
  let response: Dispatcher.ResponseData
  try {
    response = await agent.request({ origin: address.origin, path, method, headers: signed(address, request), body: body?.open() ?? null })
  } catch (cause) {
    throw new FilesError(`${address.name} cannot be reached: ${reasonOf(cause)}`, { retry: 'later', cause })
  }
  const status = response.statusCode
  if (status < 300) return { status, body: response.body }
  if (status === 416) {
    response.body.resume()
    return { status, body: Readable.from([]) } // it had broken off after the last byte
  }
  const code = await codeOf(response.body)
  // a HEAD says no code: whether it is the bucket that is missing, a GET tells
  if (status === 404 && ((method === 'GET' && code === 'NoSuchKey') || method === 'HEAD')) return undefined
  throw refusal(address, status, code)
}

function signed(address: S3Address, { method, key, body, from }: S3Request): Record<string, string> {
  const headers: Record<string, string> = { 'X-Amz-Content-Sha256': body?.sha256 ?? emptySha256 }
  if (body !== undefined) Object.assign(headers, { 'Content-Length': String(body.size), 'Content-Type': 'application/octet-stream' })
  if (from !== undefined && from > 0) headers.Range = `bytes=${from}-`
  const { host, region, accessKeyId, secretAccessKey } = address
  const request = { service: 's3', region, host, method, path: address.pathOf(key), headers }
  return aws4.sign(request, { accessKeyId, secretAccessKey }).headers as Record<string, string>
}

/** The code in a store's XML answer; '' without one. Reads at most 64 KiB of it. */
async function codeOf(body: Readable): Promise<string> {
  let text = ''
  try {
    for await (const chunk of body) {
      text += String(chunk)
      if (text.length > 65_536) break
    }
  } catch {
    return '' // the status says enough
  }
  return /<Code>(\w{1,80})<\/Code>/.exec(text)?.[1] ?? ''
}

const explained: Readonly<Record<string, string>> = {
  NoSuchBucket: 'it has no such bucket; make it, or correct the name',
  InvalidAccessKeyId: 'it does not know the access key',
  SignatureDoesNotMatch: 'the secret key is not the one that belongs to the access key (or the region is another)',
  RequestTimeTooSkewed: "this machine's clock differs too much from the store's",
  AccessDenied: 'the key may not do this; it needs GetObject, PutObject and ListBucket',
}

function refusal(address: S3Address, status: number, code: string): FilesError {
  const said = code === '' ? `${status}` : `${status} ${code}`
  if (isBusy(status) || passing.includes(code)) return new FilesError(`${address.name} is not well: ${said}`, { retry: 'later' })
  const why = explained[code] ?? (status === 403 ? explained.AccessDenied : 'see its log')
  return new FilesError(`${address.name} refuses (${said}; bucket ${address.bucket}): ${why}`, { retry: 'never' })
}

const reasonOf = (cause: unknown) => (cause instanceof Error ? ((cause as NodeJS.ErrnoException).code ?? cause.message) : String(cause))
