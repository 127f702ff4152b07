/**
 * What the local servers of payment providers share: HTTP on a free port of 127.0.0.1 that can fail in each way a provider does, and webhooks that lie in a
 * tray until the test lets them out: late, twice, in another order, or never. Nothing happens by itself or by time.
 */
import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after } from 'node:test'

export type ProviderCall = { readonly method: string; readonly path: string; readonly headers: IncomingHttpHeaders; readonly body: string }
export type ProviderReply = { readonly status: number; readonly body: unknown; readonly headers?: Readonly<Record<string, string>> }

/** What befalls the next call. With `after` it is done all the same, and only its answer is lost. */
export type ProviderFailure =
  | { readonly kind: 'status'; readonly status: number; readonly body?: string; readonly headers?: Readonly<Record<string, string>>; readonly after?: boolean }
  /** Something that is not the API's: a proxy's page, half of an answer. */
  | { readonly kind: 'text'; readonly text: string; readonly after?: boolean }
  /** The connection ends in the middle of the body. */
  | { readonly kind: 'cut'; readonly after?: boolean }
  /** No answer, until the server stops. */
  | { readonly kind: 'silence'; readonly after?: boolean }
  /** Nothing: this call is well. For failing a later one. */
  | { readonly kind: 'pass' }
  /** More than anybody should read. */
  | { readonly kind: 'flood' }

export type WebhookMessage = { readonly body: Uint8Array; readonly headers: Readonly<Record<string, string>> }
/** Delivers one message; answers the status. */
export type Deliver = (message: WebhookMessage) => Promise<number>

export type PaymentServer = {
  readonly url: string
  readonly calls: readonly ProviderCall[]
  /** The next calls suffer these, in turn. */
  fail(...failures: readonly ProviderFailure[]): void
  /** Forgets what was to befall calls that did not come. */
  mend(): void
  /** As if it had died: connections are cut, new ones refused. Its books stay. */
  stop(): Promise<void>
  start(): Promise<void>
}

export async function openPaymentServer(answer: (call: ProviderCall) => ProviderReply): Promise<PaymentServer> {
  const failures: ProviderFailure[] = []
  const calls: ProviderCall[] = []
  let server: Server | undefined
  let port = 0
  const start = async () => {
    server = createServer(async (request, response) => {
      const chunks: Buffer[] = []
      for await (const chunk of request) chunks.push(chunk as Buffer)
      const call = { method: request.method ?? '', path: request.url ?? '', headers: request.headers, body: Buffer.concat(chunks).toString('utf8') }
      calls.push(call)
      const failure = failures.shift()
      if (failure === undefined || failure.kind === 'pass') return say(response, answer(call))
      if ('after' in failure && failure.after) answer(call)
      suffer(response, failure)
    }).listen(port, '127.0.0.1')
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
  after(stop)
  return { url: `http://127.0.0.1:${port}`, calls, fail: (...some) => void failures.push(...some), mend: () => void failures.splice(0), stop, start }
}

function say(response: ServerResponse, { status, body, headers }: ProviderReply): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers })
  response.end(JSON.stringify(body))
}

function suffer(response: ServerResponse, failure: Exclude<ProviderFailure, { kind: 'pass' }>): void {
  switch (failure.kind) {
    case 'status':
      response.writeHead(failure.status, { 'content-type': 'text/html', ...failure.headers })
      response.end(failure.body ?? '<html>Bad gateway</html>')
      break
    case 'text':
      response.writeHead(200, { 'content-type': 'application/json' })
      response.end(failure.text)
      break
    case 'cut':
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' })
      response.write('{"status":"succ')
      response.socket?.end()
      break
    case 'flood':
      response.writeHead(200, { 'content-type': 'application/json' })
      response.end(`"${'x'.repeat(2 * 1024 ** 2)}"`)
      break
    case 'silence':
      break
  }
}

export type WebhookTray = {
  /** Those that wait, the oldest first. */
  readonly waiting: number
  /** Lets all out in the order they came, or as `arrange` says: some of them, twice, in another order. What it leaves out is lost. */
  deliver(deliver: Deliver, arrange?: (messages: readonly WebhookMessage[]) => readonly WebhookMessage[]): Promise<number[]>
  put(make: () => WebhookMessage): void
  /** The oldest as it would come over the line now. It stays where it is. */
  peek(): WebhookMessage
}

/** Messages are signed when they leave, as providers do at each try. */
export function openWebhookTray(): WebhookTray {
  const tray: (() => WebhookMessage)[] = []
  return {
    get waiting() {
      return tray.length
    },
    put: (make) => void tray.push(make),
    peek: () => {
      const [oldest] = tray
      if (oldest === undefined) throw new Error('no webhook waits')
      return oldest()
    },
    deliver: async (deliver, arrange = (messages) => messages) => {
      const statuses: number[] = []
      for (const message of arrange(tray.splice(0).map((make) => make()))) statuses.push(await deliver(message))
      return statuses
    },
  }
}
