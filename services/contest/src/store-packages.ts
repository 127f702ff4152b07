import type { Queryable, Tx } from '#ports/db'
import type { StoredPackage } from './domain/package-stored.ts'

/** What packages brought beside their problems; rows are parsed on the way in. */
export async function insertPackage(tx: Tx, problemId: string, kept: StoredPackage): Promise<void> {
  await tx.query('insert into problem_packages (problem_id, package) values ($1, $2)', [problemId, JSON.stringify(kept)])
}
export async function findPackage(db: Queryable, problemId: string): Promise<StoredPackage | undefined> {
  const { rows } = await db.query<{ package: StoredPackage }>('select package from problem_packages where problem_id = $1', [problemId])
  return rows[0]?.package
}
/** So that a backup takes them along. */
export async function insertPackageFiles(tx: Tx, problemId: string, digests: readonly string[]): Promise<void> {
  const unique = [...new Set(digests)].sort()
  await tx.query('insert into package_files (problem_id, digest) select $1, unnest($2::text[]) on conflict do nothing', [problemId, unique])
}
