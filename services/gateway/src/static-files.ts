import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { extname, join, relative, sep } from 'node:path'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'

/**
 * The built web (a few hundred files at most), read once into memory, so that no request can name a path outside it. Each file is compressed when it is
 * first asked for in that encoding and kept. Names under /assets carry a digest and never change; all else is revalidated by ETag.
 */
export type StaticFiles = { serve(request: IncomingMessage, response: ServerResponse): boolean }

type Kept = {
  readonly body: Buffer
  readonly type: string
  readonly etag: string
  readonly isImmutable: boolean
  readonly encoded: Map<Encoding, Promise<Buffer>>
}
type Encoding = 'br' | 'gzip'

const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.json': 'application/json',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.webmanifest': 'application/manifest+json',
  '.txt': 'text/plain; charset=utf-8',
  '.map': 'application/json',
}
const compressible = /^(text|application\/(json|manifest)|image\/svg)/
const encoders: Record<Encoding, (body: Buffer) => Promise<Buffer>> = {
  br: (body) => promisify(brotliCompress)(body, { params: { [constants.BROTLI_PARAM_QUALITY]: 10 } }),
  gzip: (body) => promisify(gzip)(body, { level: 9 }),
}

/** `prefix` is where the folder hangs (`/` or `/api/docs/`); `fallback` is the page for addresses that only the web's own router knows. */
export async function loadStaticFiles(folder: string, options: { prefix: string; fallback?: string; only?: readonly string[] }): Promise<StaticFiles> {
  const files = new Map<string, Kept>()
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || (options.only && !options.only.includes(entry.name))) continue
    const path = join(entry.parentPath, entry.name)
    const name = relative(folder, path).split(sep).join('/')
    const body = await readFile(path)
    const etag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`
    files.set(options.prefix + name, {
      body,
      type: types[extname(name)] ?? 'application/octet-stream',
      etag,
      isImmutable: name.startsWith('assets/'),
      encoded: new Map(),
    })
  }
  const page = options.fallback === undefined ? undefined : files.get(options.prefix + options.fallback)
  return {
    serve(request, response) {
      if (request.method !== 'GET' && request.method !== 'HEAD') return false
      const path = decoded(request.url ?? '/')
      const looksLikeFile = /\.[a-z0-9]+$/i.test(path)
      const file = files.get(path) ?? files.get(`${path}index.html`) ?? (looksLikeFile ? undefined : page)
      if (!file) return false
      void send(file, request, response)
      return true
    },
  }
}

async function send(file: Kept, request: IncomingMessage, response: ServerResponse) {
  response.setHeader('etag', file.etag)
  response.setHeader('cache-control', file.isImmutable ? 'public, max-age=31536000, immutable' : 'no-cache')
  response.setHeader('vary', 'accept-encoding')
  if (request.headers['if-none-match'] === file.etag) return void response.writeHead(304).end()
  const encoding = encodingFor(file, request.headers['accept-encoding'])
  const body = encoding ? await encodedBody(file, encoding) : file.body
  if (encoding) response.setHeader('content-encoding', encoding)
  response.writeHead(200, { 'content-type': file.type, 'content-length': body.byteLength })
  response.end(request.method === 'HEAD' ? undefined : body)
}

function encodingFor(file: Kept, accepted: string | string[] | undefined): Encoding | undefined {
  if (!compressible.test(file.type) || file.body.byteLength < 600) return undefined
  const list = String(accepted ?? '')
  return /\bbr\b/.test(list) ? 'br' : /\bgzip\b/.test(list) ? 'gzip' : undefined
}

function encodedBody(file: Kept, encoding: Encoding): Promise<Buffer> {
  const known = file.encoded.get(encoding) ?? encoders[encoding](file.body)
  file.encoded.set(encoding, known)
  return known
}

function decoded(url: string): string {
  try {
    return decodeURIComponent(url.split('?')[0] ?? '/')
  } catch {
    return '/' // a broken escape names no file
  }
}
