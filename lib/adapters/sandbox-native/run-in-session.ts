import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { type RunResult, type RunSpec, SandboxFault } from '#ports/sandbox'
import { openSession, type Session } from '../runner/session.ts'
import { emptyFolder } from './folders.ts'
import type { BoxSession, Host, Slot } from './host.ts'
import { cleared } from './processes.ts'
import { boxPlaces } from './view.ts'

const run = promisify(execFile)

/**
 * A box served by a runner: namespaces with the runner as their first process, made ahead, used for one box, thrown away. The runner's end, of
 * its own, by `kill`, or by this process's death (the closed pipe, and its parent's, the spawner's), ends every process of the box.
 */
function startSession(slot: Slot, { spawner, view }: NonNullable<Host['boxes']>): BoxSession {
  const { groups, host } = slot
  const accounting = { kind: 'groups', folders: groups.folders.map((_, index) => `/${boxPlaces.group(index)}`) } as const
  const binds = [
    [join(slot.folder, 'tmp'), boxPlaces.temporary],
    [join(slot.folder, 'test'), boxPlaces.tests],
    [join(slot.folder, 'box'), boxPlaces.builds],
    ...groups.folders.map((folder, index) => [folder, boxPlaces.group(index)] as const),
    ...(slot.joint === undefined ? [] : [[slot.joint, boxPlaces.joint] as const]),
  ] as const
  // In version 2 a group outside the own root cannot be joined; there programs see the name of their group, which tells nothing.
  const wire = spawner.startBox({ view, binds, hidesGroups: host.cgroups.version === 1 })
  const session = openSession(wire, { testUid: slot.uid, buildUid: slot.buildUid, filter: slot.host.filter, accounting })
  // before it is up it may not yet be the session of its own that the kernel weighs
  const giveWay = () => void session.ready().then(wire.giveWay, () => undefined)
  if (slot.givesWay) giveWay()
  return { ...session, giveWay }
}

/** Where a runner has died, what its last run wrote is still there: the next one finds empty folders all the same, and what was put and compiled. */
export async function sessionOf(slot: Slot): Promise<BoxSession> {
  if (slot.session?.isDead()) {
    await slot.session.end()
    await cleared(slot.groups)
    for (const name of ['test', 'tmp']) await emptyFolder(join(slot.folder, name))
    slot.session = undefined
  }
  if (slot.host.boxes === undefined) throw new Error('without a runner a run is served alone')
  slot.session ??= startSession(slot, slot.host.boxes)
  return slot.session
}

/** Starts what the slot's next box will need, so that it need not wait. */
export function prepare(slot: Slot): void {
  if (slot.host.boxes !== undefined && slot.session === undefined) slot.session = startSession(slot, slot.host.boxes)
}

/** From now on, until the slot's box is closed. */
export function giveWay(slot: Slot): void {
  slot.givesWay = true
  if (slot.session === undefined) prepare(slot)
  else slot.session.giveWay()
}

export async function runInSession(slot: Slot, spec: RunSpec, core: number): Promise<RunResult> {
  return await (await sessionFor(slot, spec)).run(spec, { core, givesWay: slot.givesWay })
}

/** The slot's session, when what such a run may write is bounded. */
export async function sessionFor(slot: Slot, { keepFiles, limits }: Pick<RunSpec, 'keepFiles' | 'limits'>): Promise<Session> {
  if (!keepFiles && limits.files !== slot.testBytes) await resize(slot, limits.files)
  return await sessionOf(slot)
}

/** The file system in which tests write is as large as they may write; it is empty between runs. Tests of one kind have one size: this is rare. */
async function resize(slot: Slot, size: number): Promise<void> {
  try {
    await run('mount', ['-o', `remount,size=${Math.max(size, 4096)}`, join(slot.folder, 'test')])
  } catch (error) {
    throw new SandboxFault(`cannot bound the work folder: ${(error as Error).message}`, 'later', error)
  }
  slot.testBytes = size
}
