/**
 * The page's side of public service worker `/sw.js` (src/sw): registered once the page stands, where the browser allows one (https, localhost; not on a
 * school's plain http, where drafts and the outbox do without). A new version waits until all pages are closed or somebody asks for it: nobody's contest
 * is interrupted by a reload.
 */
import { createStore } from './store.ts'

/** A new version has been fetched and waits. */
export const newVersion = createStore(false)
let waiting: ServiceWorker | undefined

export function loadNewVersion(): void {
  navigator.serviceWorker.addEventListener('controllerchange', () => window.location.reload(), { once: true })
  waiting?.postMessage({ type: 'take-over' })
}

function watch(registration: ServiceWorkerRegistration): void {
  const look = () => {
    // without a controller it is the first version, which has nothing to take over from
    if (!registration.waiting || !navigator.serviceWorker.controller) return
    waiting = registration.waiting
    newVersion.set(true)
  }
  look()
  registration.addEventListener('updatefound', () => registration.installing?.addEventListener('statechange', look))
}

/** Those parts of the page that came before the worker did are handed to it by name; it has them from the browser's own cache. */
function tellWhatIsUsed(registration: ServiceWorkerRegistration): void {
  const urls = performance.getEntriesByType('resource').map(({ name }) => name)
  registration.active?.postMessage({ type: 'used', urls })
}

/** @param onSync the browser found the line back while nobody looked at the page (Background Sync) */
export function startServiceWorker(onSync: () => void): void {
  const workers = (navigator as { readonly serviceWorker?: ServiceWorkerContainer }).serviceWorker
  if (!workers || !import.meta.env.PROD) return
  const start = async () => {
    const registration = await workers.register('/sw.js')
    watch(registration)
    tellWhatIsUsed(await workers.ready)
    workers.addEventListener('message', ({ data }) => data?.type === 'sync' && onSync())
  }
  // refused by the browser's settings: the page does without
  const begin = () => void start().catch(() => undefined)
  if (document.readyState === 'complete') begin()
  else window.addEventListener('load', begin, { once: true })
}

/** Asks the browser to wake the worker when the line is back, where it can and is allowed to. */
export async function askForSync(): Promise<void> {
  try {
    const registration = await (navigator as { readonly serviceWorker?: ServiceWorkerContainer }).serviceWorker?.getRegistration()
    const { sync } = (registration ?? {}) as { readonly sync?: { register(tag: string): Promise<void> } }
    await sync?.register('outbox')
  } catch {
    // Not allowed here: the page's own timers and events remain.
  }
}
