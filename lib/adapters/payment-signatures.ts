import { createHash, createHmac, timingSafeEqual } from 'node:crypto'

/** A header that came exactly once. Two of a kind are nobody's signature. */
export function oneHeader(headers: Readonly<Record<string, string | string[] | undefined>>, name: string): string | undefined {
  const value = headers[name]
  return typeof value === 'string' && value !== '' ? value : undefined
}

/** In a time that depends on neither, their lengths included. */
export function isSameSecret(given: string, right: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(given), digest(right))
}

export const hmacSha256 = (secret: string, ...parts: readonly (string | Uint8Array)[]): Buffer => {
  const hmac = createHmac('sha256', secret)
  for (const part of parts) hmac.update(part)
  return hmac.digest()
}

/**
 * Whether a moment lies within `toleranceMs` of now, before or after: what is signed with its time is good for a while only, so that a message somebody
 * caught is worth nothing later.
 */
export const isFresh = (atMs: number, nowMs: number, toleranceMs = 300_000): boolean => Math.abs(nowMs - atMs) <= toleranceMs

/** `t=…,v1=…,v1=…` → time (whole number) and signatures. Undefined where it is none; other schemes are passed over. */
export function readSignatures(header: string): { readonly t: string; readonly v1: readonly string[] } | undefined {
  const pairs = header.split(',').map((pair) => pair.trim().split('=', 2) as [string, string | undefined])
  const times = pairs.filter(([key]) => key === 't').map(([, value]) => value ?? '')
  const v1 = pairs.filter(([key]) => key === 'v1').map(([, value]) => value ?? '')
  const [t = ''] = times
  return times.length === 1 && /^\d{1,15}$/.test(t) && v1.length > 0 ? { t, v1 } : undefined
}
