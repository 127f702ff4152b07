/** What another service has just told may be a moment behind a fast client (join, then submit at once): these refusals wait for it, a little. */
const mayBeLate: ReadonlySet<string> = new Set(['NOT_REGISTERED', 'CONTEST_NOT_FOUND', 'PROBLEM_NOT_FOUND'])
const waitsMs = [20, 40, 80, 160, 300]

/** Asks again while the refusal may be due to news that are on their way: for 0.6 s at most. */
export async function allowingForLateNews<R extends { ok: true } | { ok: false; error: { code: string } }>(ask: () => Promise<R>): Promise<R> {
  for (const wait of waitsMs) {
    const result = await ask()
    if (result.ok || !mayBeLate.has(result.error.code)) return result
    await new Promise((resolve) => setTimeout(resolve, wait))
  }
  return ask()
}
