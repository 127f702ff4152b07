/**
 * The cookies of the web. `arena_refresh` is the session; `arena_device` names a browser, so that tries from it have a budget of their own.
 * HttpOnly: no script reads them. SameSite=Strict: no other site sends them. Path=/api: pages and files are fetched without them.
 */
export const refreshCookie = 'arena_refresh'
export const deviceCookie = 'arena_device'

export function setCookie(name: string, value: string, options: { maxAgeSeconds: number; secure: boolean }): string {
  return `${name}=${value}; Path=/api; Max-Age=${options.maxAgeSeconds}; HttpOnly; SameSite=Strict${options.secure ? '; Secure' : ''}`
}
export const clearCookie = (name: string, secure: boolean) => setCookie(name, '', { maxAgeSeconds: 0, secure })

/** Values of ours are base64url; anything else is no cookie of ours. */
export function readCookie(header: string | undefined, name: string): string | undefined {
  for (const pair of header?.split(';') ?? []) {
    const [key, value] = pair.trim().split('=')
    if (key === name && value !== undefined && /^[\w-]{1,200}$/.test(value)) return value
  }
  return undefined
}

type Headers = Readonly<Record<string, string | string[] | undefined>>

/**
 * Whether a request that carries the session's cookie was meant by our own page. JSON cannot be sent to another origin without a preflight, which
 * nothing here answers. Without it (an empty body has no type, and so a foreign page could send one) a browser must say `same-origin`; a client that
 * sends neither Origin nor Sec-Fetch-Site is no browser and has no cookie that it did not put there itself.
 */
export function isOwnPage(headers: Headers): boolean {
  const site = headers['sec-fetch-site']
  if (site !== undefined) return site === 'same-origin' || site === 'none' // none: the user's own doing, no page asked
  return isJson(headers) || headers.origin === undefined
}
const isJson = (headers: Headers) => /^application\/json\s*(;|$)/i.test(String(headers['content-type'] ?? ''))
