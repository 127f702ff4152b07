/**
 * Keeps the shell and the files a person has used, so that the page opens without a line. The shell's index.html is one version's, with the files it names;
 * a new version is fetched beside it and takes over when no page is open, or when its reader says so. Data is dear: besides the shell nothing
 * is fetched that nobody asked for. Built into /sw.js (build-plugins.ts), which names the shell's files.
 */
import { isDigested, wayOf } from './rules.ts'

/** Replaced by the build. */
declare const shellFiles: readonly string[]
declare const shellVersion: string

type Lasting = { waitUntil(work: Promise<unknown>): void }
type Fetching = Lasting & { readonly request: Request; respondWith(answer: Promise<Response>): void }
type Told = Lasting & { readonly data: { readonly type?: string; readonly urls?: readonly string[] } }
type Worker = {
  addEventListener(type: 'install' | 'activate' | 'sync', listener: (event: Lasting) => void): void
  addEventListener(type: 'fetch', listener: (event: Fetching) => void): void
  addEventListener(type: 'message', listener: (event: Told) => void): void
  readonly clients: { claim(): Promise<void>; matchAll(): Promise<readonly { postMessage(message: unknown): void }[]> }
  skipWaiting(): Promise<void>
  readonly location: { readonly origin: string }
}
const worker = self as unknown as Worker

const shellCache = `arena-shell-${shellVersion}`
/** One for all versions: its names say what they hold. */
const fileCache = 'arena-files'
const keepFilesAtMost = 160

worker.addEventListener('install', (event) => {
  event.waitUntil(
    (async () => {
      const cache = await caches.open(shellCache)
      // the page itself anew, the rest from the browser's cache where it has just come from
      await cache.put('/', await fresh('/'))
      await cache.addAll(shellFiles)
    })(),
  )
})

async function fresh(path: string): Promise<Response> {
  const answer = await fetch(path, { cache: 'no-cache', credentials: 'omit' })
  if (!answer.ok) throw new Error(`${path}: ${answer.status}`)
  return answer
}

worker.addEventListener('activate', (event) => {
  event.waitUntil(
    (async () => {
      for (const name of await caches.keys()) if (name.startsWith('arena-shell-') && name !== shellCache) await caches.delete(name)
      await prune()
      await worker.clients.claim()
    })(),
  )
})

/** The ones used longest ago were put first. */
async function prune(): Promise<void> {
  const cache = await caches.open(fileCache)
  const kept = await cache.keys()
  for (const each of kept.slice(0, Math.max(0, kept.length - keepFilesAtMost))) await cache.delete(each)
}

worker.addEventListener('fetch', (event) => {
  const { request } = event
  const way = wayOf({ method: request.method, mode: request.mode, url: request.url, origin: worker.location.origin }, shellFiles)
  if (way === 'page') event.respondWith(page(request))
  if (way === 'file') event.respondWith(file(request, event))
})

async function page(request: Request): Promise<Response> {
  const shell = await caches.open(shellCache)
  return (await shell.match('/')) ?? fetch(request)
}

async function file(request: Request, event: Lasting): Promise<Response> {
  const known = (await (await caches.open(shellCache)).match(request.url)) ?? (await (await caches.open(fileCache)).match(request.url))
  if (known) return known
  const answer = await fetch(request)
  if (answer.ok && isDigested(new URL(request.url).pathname)) {
    const copy = answer.clone()
    event.waitUntil(caches.open(fileCache).then((cache) => cache.put(request.url, copy)))
  }
  return answer
}

worker.addEventListener('message', (event) => {
  const { type, urls = [] } = event.data ?? {}
  if (type === 'take-over') event.waitUntil(worker.skipWaiting())
  if (type === 'used') event.waitUntil(keepUsed(urls))
})

async function keepUsed(urls: readonly string[]): Promise<void> {
  const cache = await caches.open(fileCache)
  const shell = await caches.open(shellCache)
  for (const url of urls) {
    const { origin, pathname } = new URL(url)
    if (origin !== worker.location.origin || !isDigested(pathname) || (await cache.match(url)) || (await shell.match(url))) continue
    const answer = await fetch(url, { cache: 'force-cache' })
    if (answer.ok) await cache.put(url, answer)
  }
}

// The worker has no token, and must not renew the session beside the page's back; an open page sends.
worker.addEventListener('sync', (event) => {
  const tell = async () => {
    for (const page of await worker.clients.matchAll()) page.postMessage({ type: 'sync' })
  }
  event.waitUntil(tell())
})
