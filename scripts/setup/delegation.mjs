/**
 * Bounds on memory and processes need control groups. Root has them; anybody else is lent a group of their own by systemd (a user scope with
 * delegation), where there is one. Without it quizzes work and programs wait, which the arena says itself.
 */
import { spawnSync } from 'node:child_process'
import { accessSync, constants, existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { findProgram } from './apt.mjs'

const scope = ['systemd-run', '--user', '--scope', '--quiet', '--property=Delegate=yes', '--']

const mayWrite = (file) => {
  try {
    accessSync(file, constants.W_OK)
    return true
  } catch {
    return false
  }
}

/** Whether this process's own group can be divided already (the start was wrapped by hand, or a container gave it). */
function hasOwnGroup() {
  const own = /^0::(.*)$/m.exec(readFileSync('/proc/self/cgroup', 'utf8'))?.[1]
  return own !== undefined && mayWrite(join('/sys/fs/cgroup', own, 'cgroup.subtree_control'))
}

/** @returns words to put before the command that starts the arena; none where they are not needed or not to be had. */
export function delegationPrefix() {
  if (process.platform !== 'linux' || process.getuid?.() === 0) return []
  if (!existsSync('/sys/fs/cgroup/cgroup.controllers') || hasOwnGroup() || !findProgram('systemd-run')) return []
  return spawnSync(scope[0], [...scope.slice(1), 'true'], { stdio: 'ignore', timeout: 5_000 }).status === 0 ? scope : []
}
