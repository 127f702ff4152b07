import { Agent, type Dispatcher } from 'undici'
import { ProviderFault } from '#ports/payment-provider'

/**
 * HTTPS to a provider of payments: one try with a deadline over all of it, and one over all requests that belong to one call of the port; redirects not followed (a key must not travel to another host), answers of a
 * mebibyte at most. Nothing is tried again here: whoever asks knows what may be repeated. Messages name host and status, never a header or a body.
 */
type PaymentHttp = {
  /** The requests of one call of the port, which together end within `callMs`. */
  forOneCall(): PaymentCall
  close(): Promise<void>
}
export type PaymentCall = {
  /** @throws ProviderFault when no whole answer came. Every status is an answer. */
  send(request: PaymentHttpRequest): Promise<PaymentHttpAnswer>
}
export type PaymentHttpRequest = {
  readonly method: 'GET' | 'POST'
  /** Below the provider's address, with its query. */
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}
export type PaymentHttpAnswer = { readonly status: number; readonly headers: Readonly<Record<string, string | string[] | undefined>>; readonly text: string }

export type PaymentHttpOptions = {
  /** For messages. */
  readonly provider: string
  /** May have a path, which goes before that of each request. */
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  /** Of one request, milliseconds. Default 10,000. */
  readonly deadlineMs?: number | undefined
  /** Of all requests of one call. Default 40,000: well within the time for which callers keep others from beginning the same (60 s). */
  readonly callMs?: number | undefined
}

const largestBytes = 1024 ** 2

export function openPaymentHttp({ provider, url, headers, deadlineMs = 10_000, callMs = 40_000 }: PaymentHttpOptions): PaymentHttp {
  const { origin, pathname } = new URL(url)
  const prefix = pathname.replace(/\/+$/, '')
  const agent = new Agent({ connections: 16, keepAliveTimeout: 10_000 })
  const openCall = (end: AbortSignal): PaymentCall => ({
    async send(request) {
      const { method, path, body } = request
      try {
        const response = await agent.request({
          origin,
          path: `${prefix}${path}`,
          method,
          headers: { accept: 'application/json', ...headers, ...request.headers },
          body: body ?? null,
          signal: AbortSignal.any([AbortSignal.timeout(deadlineMs), end]),
        })
        return { status: response.statusCode, headers: response.headers, text: await bounded(response) }
      } catch (cause) {
        throw new ProviderFault(`${provider} gave no answer: ${reasonOf(cause, end.aborted ? callMs : deadlineMs)}`, { retry: 'later', cause })
      }
    },
  })
  return { forOneCall: () => openCall(AbortSignal.timeout(callMs)), close: () => agent.close() }
}

/**
 * A failure of theirs, or of the way there: too many requests, a server's own error, a redirect, a key that is not taken. All of it passes or is mended by the
 * operator, and says nothing about the payment that was asked for.
 * @throws ProviderFault `later`
 */
export function refuseUnwell(provider: string, { status }: PaymentHttpAnswer): void {
  const later = (why: string) => new ProviderFault(`${provider} ${why} (${status})`, { retry: 'later' })
  if (status === 401 || status === 403) throw later('does not take our key: check it, and what it may do')
  if (status === 408 || status === 409 || status === 425 || status === 429 || status >= 500) throw later('is not well, or busy')
  if (status < 200 || (status >= 300 && status < 400)) throw later('answers with a redirect: check its address')
}

async function bounded({ body }: Dispatcher.ResponseData): Promise<string> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of body as AsyncIterable<Uint8Array>) {
    size += chunk.byteLength
    if (size > largestBytes) throw new Error(`more than ${largestBytes} bytes`) // leaving the loop closes the connection
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

function reasonOf(cause: unknown, deadlineMs: number): string {
  if (!(cause instanceof Error)) return 'unknown'
  if (cause.name === 'TimeoutError') return `none within ${deadlineMs} ms`
  const { code } = cause as NodeJS.ErrnoException
  return typeof code === 'string' ? code : cause.message
}
