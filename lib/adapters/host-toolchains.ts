import { dirname } from 'node:path'

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
