/** What the service worker does with a request. Pure. Nothing of /api ever passes through its cache: no account, no token, nobody's answers. */
export type Asked = { readonly method: string; readonly mode: string; readonly url: string; readonly origin: string }
/** `page`: the shell, whatever the address; `file`: kept by name once it was used; `network`: none of the worker's business. */
export type Way = 'page' | 'file' | 'network'

/** Names that carry a digest never change; the few others are kept with the version of the shell. */
export const isDigested = (path: string): boolean => /^\/assets\/[^/]+-[\w-]{8}\.\w+$/.test(path)

export function wayOf({ method, mode, url, origin }: Asked, shell: readonly string[]): Way {
  const { pathname, origin: asked } = new URL(url)
  if (method !== 'GET' || asked !== origin || /^\/(api|internal|\.well-known)(\/|$)/.test(pathname)) return 'network'
  if (mode === 'navigate') return /\.\w+$/.test(pathname) ? 'network' : 'page'
  return isDigested(pathname) || shell.includes(pathname) ? 'file' : 'network'
}
