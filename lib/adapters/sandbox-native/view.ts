import { execFileSync } from 'node:child_process'
import { accessSync, chmodSync, constants, cpSync, existsSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { firstUid } from './host.ts'

const uids = 256

/** An /etc with the loader's cache, Debian's alternatives, the settings its Java does not start without, and a name for every slot's uid; nothing else of the host's. */
export function makeEtc(folder: string): string {
  const etc = join(folder, 'etc')
  mkdirSync(etc)
  const names = ['ld.so.cache', 'ld.so.conf', 'ld.so.conf.d', 'alternatives', ...readdirSync('/etc').filter((name) => /^java-\d+-openjdk$/.test(name))]
  for (const name of names) {
    if (existsSync(`/etc/${name}`)) cpSync(`/etc/${name}`, join(etc, name), { recursive: true, verbatimSymlinks: true, filter: isReadable })
  }
  const lines = Array.from({ length: uids }, (_, index) => `box:x:${firstUid + index}:${firstUid + index}::/box:/bin/sh\n`)
  writeFileSync(join(etc, 'passwd'), `root:x:0:0::/:/bin/false\n${lines.join('')}`)
  chmodSync(join(etc, 'passwd'), 0o644)
  chmodSync(etc, 0o755)
  return etc
}

const isReadable = (path: string) => {
  try {
    accessSync(path, constants.R_OK)
    return true
  } catch {
    return false // not ours to see, or a link to nothing
  }
}

/**
 * A /dev with the five harmless devices, made once instead of mounted node by node for each run. Its folder belongs to root, so nothing can be
 * put into it; shared memory lies in /tmp, which is a tmpfs of the run's own. @returns undefined where devices cannot be made (containers).
 */
export function makeDev(folder: string): string | undefined {
  const dev = join(folder, 'dev')
  mkdirSync(dev)
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k,mode=755,nosuid,noexec', 'arena-dev', dev], { stdio: 'pipe' })
    for (const [name, minor] of [
      ['null', 3],
      ['zero', 5],
      ['full', 7],
      ['random', 8],
      ['urandom', 9],
    ] as const) {
      execFileSync('mknod', ['-m', '666', join(dev, name), 'c', '1', String(minor)], { stdio: 'pipe' })
    }
    execFileSync('dd', ['if=/dev/zero', `of=${join(dev, 'null')}`, 'count=1'], { stdio: 'pipe' }) // a container may let nodes be made and not used
  } catch {
    return undefined // bubblewrap then binds the host's own devices
  }
  for (const [name, fd] of [
    ['stdin', 0],
    ['stdout', 1],
    ['stderr', 2],
  ] as const)
    symlinkSync(`/proc/self/fd/${fd}`, join(dev, name))
  symlinkSync('/proc/self/fd', join(dev, 'fd'))
  symlinkSync('/tmp', join(dev, 'shm'))
  return dev
}
