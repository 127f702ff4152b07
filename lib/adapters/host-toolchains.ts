import { existsSync } from 'node:fs'
import { mkdir, readlink, rm, symlink } from 'node:fs/promises'
import { dirname, join } from 'node:path'

/**
 * Toolchains that the native sandbox shows to programs beside the system's own `/usr`. A language's row names its programs as a box sees them;
 * `probesOf` says how the same programs are asked for their version outside of a box.
 */
export type HostToolchain = {
  /** On this machine. */
  readonly folder: string
  /** As programs see it. */
  readonly at: string
}

/** The very Node that runs the arena, so that there is one wherever there is an arena, and its version is the one that was tried. */
export const ownNode = (at: string): HostToolchain => ({ folder: dirname(process.execPath), at })

/** Language id → the command that prints its toolchain's version on this machine. */
export const probesOf = (
  languages: readonly { readonly id: string; readonly probe: readonly string[] }[],
  toolchains: readonly HostToolchain[],
): Readonly<Record<string, readonly string[]>> =>
  Object.fromEntries(languages.map(({ id, probe }) => [id, probe.map((part) => onThisMachine(part, toolchains))]))

function onThisMachine(path: string, toolchains: readonly HostToolchain[]): string {
  const found = toolchains.find(({ at }) => path.startsWith(`${at}/`))
  return found === undefined ? path : found.folder + path.slice(found.at.length)
}

const quickLinker = '/usr/bin/ld.gold'

/** Makes this machine's quick linker the `ld` of a folder that compilers are told of by `-B`; without one the folder is empty and they take their own. */
export async function offerLinker(folder: string): Promise<void> {
  const link = join(folder, 'ld')
  const isThere = existsSync(quickLinker)
  await mkdir(folder, { recursive: true, mode: 0o755 })
  if ((await readlink(link).catch(() => undefined)) === (isThere ? quickLinker : undefined)) return
  await rm(link, { force: true })
  if (isThere)
    await symlink(quickLinker, link).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error // another arena of this checkout was quicker
    })
}
