import { hash } from 'node:crypto'
import type { FastifyInstance } from 'fastify'

/**
 * Coming back costs little on a dear line: an answer that is the one the client has (If-None-Match) is 304 without a body. The server's time, which every
 * answer carries and which is never the same, does not count; it is told in `x-server-now`. Answers stay `no-store`: school computers are shared, so the
 * client keeps what it keeps by itself, under the account it belongs to.
 */
export function answerUnchanged(app: FastifyInstance): void {
  app.addHook('onSend', async (request, reply, payload) => {
    const isPlain = request.method === 'GET' && reply.statusCode === 200 && request.url.startsWith('/api/') && !reply.hasHeader('etag')
    if (!isPlain || typeof payload !== 'string' || payload.length < worthwhile) return payload
    const { etag, serverNow } = revisionOf(payload)
    void reply.header('etag', etag)
    if (request.headers['if-none-match'] !== etag) return payload
    if (serverNow !== undefined) void reply.header('x-server-now', serverNow)
    void reply.code(304).removeHeader('content-type').removeHeader('content-length')
    return null
  })
}

/** Characters; below it the headers are most of an answer. */
const worthwhile = 600

/** Weak, since the same answer comes in several encodings. A quotation mark in a text is escaped, so only a name of the answer's own is found. */
export function revisionOf(payload: string): { readonly etag: string; readonly serverNow: string | undefined } {
  const found = /"serverNow":"([^"]*)"/.exec(payload)
  const same = found ? payload.slice(0, found.index) + payload.slice(found.index + found[0].length) : payload
  return { etag: `W/"${hash('sha256', same, 'base64url').slice(0, 22)}"`, serverNow: found?.[1] }
}
