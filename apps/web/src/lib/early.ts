/** What public/theme.js asked for before the program had come. Each is taken once; nothing there, or nothing clear, means that it is asked for as always. */
export type EarlyAnswer = { readonly path: string; readonly body: { readonly serverNow?: unknown }; readonly sentAt: number; readonly receivedAt: number }
type Early = { session?: Promise<unknown> | undefined; contest?: Promise<EarlyAnswer | undefined> | undefined }

const early = () => (globalThis as { arenaEarly?: Early }).arenaEarly

/** The answer of a renewal that is done or under way. */
export async function takeEarlySession(): Promise<unknown> {
  const found = early()
  const session = found?.session
  if (found) found.session = undefined
  return session
}

export async function takeEarlyAnswer(path: string): Promise<EarlyAnswer | undefined> {
  const found = early()
  // a path is not known before it has come, and only one is asked for
  if (found?.contest === undefined || !/^\/api\/contests\/[^/?]+$/.test(path)) return undefined
  const contest = found.contest
  found.contest = undefined
  const answer = await contest
  return answer?.path === path ? answer : undefined
}
