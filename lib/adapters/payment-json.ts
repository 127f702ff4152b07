/**
 * JSON of providers that write money as decimals. A number is read as the text it was written as (`15.10` stays `15.10`) and written as the text we mean:
 * no amount ever is a float. So every number in what `parseExact` answers is a string, ids and times too.
 */
export function parseExact(text: string): unknown {
  const keepText = (_key: string, value: unknown, context?: { readonly source?: string }) => (typeof value === 'number' ? context?.source : value)
  try {
    return JSON.parse(text, keepText)
  } catch {
    return undefined // no JSON, or nested beyond reason
  }
}

/** For `JSON.stringify`: this decimal text, as a number, digit by digit. */
export const exactNumber = (decimal: string): unknown => (JSON as unknown as { rawJSON(text: string): unknown }).rawJSON(decimal)

/** What lies at the path; undefined where there is no such thing. */
export function valueAt(value: unknown, ...path: readonly string[]): unknown {
  let found = value
  for (const key of path) {
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, key)) return undefined
    found = (found as Record<string, unknown>)[key]
  }
  return found
}

/** The text (or number) at the path; undefined where there is none, or an empty one. */
export function textAt(value: unknown, ...path: readonly string[]): string | undefined {
  const found = valueAt(value, ...path)
  return typeof found === 'string' && found !== '' ? found : undefined
}

export const listAt = (value: unknown, ...path: readonly string[]): readonly unknown[] => {
  const found = valueAt(value, ...path)
  return Array.isArray(found) ? found : []
}

/** UTF-8 alone: anything else is undefined, as is JSON that is no object. */
export function readObject(body: Uint8Array): object | undefined {
  try {
    const value = parseExact(new TextDecoder('utf-8', { fatal: true }).decode(body))
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined
  } catch {
    return undefined
  }
}
