/**
 * Contests, problems and own submissions that a pupil has opened, for reading them again without a line. They belong to one account, are wiped when
 * it is left (school computers are shared), and are never kept for staff, whose answers hold tests and other people's work.
 */
import type { KeptAnswer, KeptReads } from './api-client.ts'
import type { Table } from './browser-db.ts'

type Kept = KeptAnswer & { readonly userId: string; readonly at: number }

/** A contest, a problem, the lists: no board, no person, nothing of accounts. */
const keepable = /^[/]api[/](contests|problems|submissions)([?]|$|[/][^/]+$)|^[/]api[/]languages$/
const keepAtMost = 80

export type KeptAnswers = KeptReads & {
  /** Only what belongs to `userId` stays; nothing does when nobody is logged in. */
  readonly wipeAllBut: (userId: string | undefined) => Promise<void>
}

/** @param reader the account whose answers may be shown and kept now */
export function createKeptAnswers(table: Table, { reader, now }: { readonly reader: () => string | undefined; readonly now: () => number }): KeptAnswers {
  const name = (userId: string, path: string) => `${userId} ${path}`
  const prune = async () => {
    const keys = await table.keys()
    if (keys.length <= keepAtMost) return
    const dated = await Promise.all(keys.map(async (key) => ({ key, at: ((await table.get(key)) as Kept | undefined)?.at ?? 0 })))
    for (const { key } of dated.sort((a, b) => a.at - b.at).slice(0, keys.length - keepAtMost + keepAtMost / 4)) await table.remove(key)
  }
  return {
    async read(path) {
      const userId = reader()
      if (userId === undefined || !keepable.test(path)) return undefined
      const kept = (await table.get(name(userId, path))) as Kept | undefined
      return kept?.userId === userId ? { body: kept.body, etag: kept.etag } : undefined
    },
    write(path, userId, { body, etag }) {
      if (userId !== reader() || !keepable.test(path)) return
      void table.put(name(userId, path), { userId, at: now(), body, etag } satisfies Kept).then(prune)
    },
    async wipeAllBut(userId) {
      for (const key of await table.keys()) if (userId === undefined || !key.startsWith(`${userId} `)) await table.remove(key)
    },
  }
}
