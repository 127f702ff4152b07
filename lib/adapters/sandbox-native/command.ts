import { readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { RunLimits } from '#ports/sandbox'
import { type Host, type Slot, workFolder } from './host.ts'
import { systemLinks } from './view.ts'

/**
 * The command line of a run without a runner: bubblewrap makes the namespaces and the view of the file system, a `/bin/sh` in there (the wrapper: uid 0
 * without capabilities but those to change its uid) joins the control group, sets the rlimits, says `start`, runs the program through
 * setpriv as the slot's uid with every capability, the bounding set and the groups dropped, waits and says how it ended.
 * The program gets descriptors 0, 1 and 2 and no other.
 */
export const statusFd = 3
export const firstCgroupFd = 4
export const seccompFd = 8
const stderrFd = 9

const fileBlock = 512 // the unit of `ulimit -f`
const maxBoundFiles = 256

/** Read-only system: programs and libraries, and our own small /etc (see `view.ts`). Every mount costs a run 0.1 ms and more. */
export function systemView(host: Pick<Host, 'etcFolder' | 'toolchains'>): readonly string[] {
  const view: string[] = ['--ro-bind', '/usr', '/usr', '--ro-bind', host.etcFolder, '/etc']
  for (const { path, target } of systemLinks()) view.push(...(target === undefined ? ['--ro-bind', path, path] : ['--symlink', target, path]))
  // The folders above would be made for root alone.
  for (const { folder, at } of host.toolchains) view.push('--perms', '0755', '--dir', dirname(at), '--ro-bind', folder, at)
  return view
}

const scratch = (host: Host, bytes: number, path: string) => [
  '--perms',
  '1777',
  ...(host.sizesTmpfs ? ['--size', String(Math.max(bytes, 4096))] : []),
  '--tmpfs',
  path,
]

/** A compiler works in the box itself; a test works in an empty folder of its own in which the box's files lie read-only. */
function workView(slot: Slot, keepFiles: boolean, bytes: number): readonly string[] {
  const box = join(slot.folder, 'box')
  if (keepFiles) return ['--bind', box, workFolder]
  const view = scratch(slot.host, bytes, workFolder)
  // Nothing runs in the box now, so what is seen here cannot change before bubblewrap binds it. Links stay outside: they could point anywhere.
  const entries = readdirSync(box, { withFileTypes: true }).filter((entry) => entry.isFile() || entry.isDirectory())
  for (const entry of entries.slice(0, maxBoundFiles)) view.push('--ro-bind', join(box, entry.name), `${workFolder}/${entry.name}`)
  return view
}

const namespaces = ['--unshare-pid', '--unshare-net', '--unshare-ipc', '--unshare-uts', '--die-with-parent', '--hostname', 'box']
const filterArgs = (host: Host) => (host.seccompFile === undefined ? [] : ['--seccomp', String(seccompFd)])

export function bwrapArgs(slot: Slot, argv: readonly string[], keepFiles: boolean, limits: RunLimits): readonly string[] {
  const { host } = slot
  const privileges = host.asRoot
    ? ['--cap-drop', 'ALL', '--cap-add', 'CAP_SETUID', '--cap-add', 'CAP_SETGID', '--cap-add', 'CAP_SETPCAP']
    : ['--unshare-user', '--uid', String(slot.uid), '--gid', String(slot.uid), '--cap-drop', 'ALL', ...(host.disablesUserns ? ['--disable-userns'] : [])]
  return [
    ...namespaces,
    '--unshare-cgroup-try',
    ...privileges,
    ...filterArgs(host),
    ...systemView(host),
    ...['--proc', '/proc'],
    ...(host.devFolder === undefined ? ['--dev', '/dev', ...scratch(host, limits.files, '/dev/shm')] : ['--dev-bind', host.devFolder, '/dev']),
    ...scratch(host, limits.files, '/tmp'),
    ...workView(slot, keepFiles, limits.files),
    ...['--chdir', workFolder, '--', '/bin/sh', '-c', wrapper(slot, limits), 'sh', ...argv],
  ]
}

function wrapper(slot: Slot, limits: RunLimits): string {
  const groups = slot.host.cgroups.version === 1 ? [4, 5, 6] : [firstCgroupFd]
  const stackKiB = Math.ceil(limits.memory / 1024)
  const drop = slot.host.asRoot
    ? `exec /usr/bin/setpriv --reuid=${slot.uid} --regid=${slot.uid} --clear-groups --no-new-privs --inh-caps=-all --bounding-set=-all -- "$@"`
    : 'exec "$@"'
  return [
    `exec ${stderrFd}>&2 2>&${statusFd}`,
    ...groups.map((fd) => `echo 0 >&${fd} || exit 125`),
    `exec ${[4, 5, 6, 7, 8].map((fd) => `${fd}>&-`).join(' ')}`,
    'ulimit -c 0',
    `ulimit -s ${stackKiB} || ulimit -s "$(ulimit -H -s)"`,
    `ulimit -f ${Math.ceil(limits.files / fileBlock)}`,
    'ulimit -n 256',
    // A belt beside the control group's clock, per process, should the worker stand still.
    `ulimit -t ${Math.ceil(limits.cpu / 1000) + 2}`,
    `echo start >&${statusFd}`,
    // A subshell, since a shell redirects a simple command before it forks and would then tell of a signal on the program's own stderr.
    `( exec 2>&${stderrFd} ${stderrFd}>&- ${statusFd}>&-; ${drop} )`,
    `echo "exit $?" >&${statusFd}`,
  ].join('\n')
}
