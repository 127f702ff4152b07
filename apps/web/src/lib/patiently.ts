/** What a wait needs of the browser. */
export type Line = { readonly isOpen: () => boolean; readonly opened: () => Promise<void>; readonly sleep: (ms: number) => Promise<void> }

const browser: Line = {
  isOpen: () => navigator.onLine,
  opened: () => new Promise((resolve) => window.addEventListener('online', () => resolve(), { once: true })),
  sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
}
const mostTries = 3
const firstPauseMs = 1_000

/**
 * Fetches a part of the page again when the line has lost it: as often as it comes back, and twice more besides. A page that waits is better than one that is
 * gone; what an update has taken away fails after a few seconds, and then the page says so.
 */
export async function patiently<Part>(load: () => Promise<Part>, line: Line = browser): Promise<Part> {
  for (let tries = 1; ; ) {
    try {
      return await load()
    } catch (error) {
      if (!line.isOpen()) await line.opened()
      else if (tries === mostTries) throw error
      else await line.sleep(firstPauseMs * tries++)
    }
  }
}
