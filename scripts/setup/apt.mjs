/** Debian packages, asked of the machine only when a program is missing. Never throws: what cannot be had is answered as a reason. */
import { spawnSync } from 'node:child_process'
import { accessSync, constants, existsSync, readdirSync } from 'node:fs'
import { delimiter, join } from 'node:path'

/** @returns the full path of a program, or undefined. */
export function findProgram(name) {
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    const file = join(folder, name)
    try {
      accessSync(file, constants.X_OK)
      return file
    } catch {
      // not in this folder
    }
  }
  return undefined
}

const listsAreMissing = () => {
  const folder = '/var/lib/apt/lists'
  return !existsSync(folder) || !readdirSync(folder).some((name) => /_Packages(\.\w+)?$/.test(name))
}

/** How commands are run as root here: directly, through a sudo that asks nothing, or not at all. */
function asRoot() {
  if (process.getuid?.() === 0) return []
  if (findProgram('sudo') && spawnSync('sudo', ['-n', 'true'], { stdio: 'ignore' }).status === 0) return ['sudo', '-n']
  return undefined
}

/**
 * Installs Debian packages when apt and the rights are there, and says `announcement` before it begins.
 * @returns undefined when it worked, else why not, as the end of a sentence.
 */
export function aptInstall(packages, announcement) {
  if (!findProgram('apt-get')) return 'this machine has no apt-get'
  const prefix = asRoot()
  if (!prefix) return 'installing needs root or a sudo without password'
  console.error(announcement)
  const options = ['-o', 'Acquire::Retries=1', '-o', 'Acquire::http::Timeout=20', '-o', 'DPkg::Lock::Timeout=120', '-qq']
  const apt = (...args) => {
    const [command, ...rest] = [...prefix, 'env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get', ...options, ...args]
    return spawnSync(command, rest, { encoding: 'utf8', stdio: ['ignore', 'ignore', 'pipe'] })
  }
  const install = () => apt('install', '-y', '--no-install-recommends', ...packages)
  if (listsAreMissing()) apt('update')
  let outcome = install()
  if (outcome.status !== 0) {
    apt('update') // old lists name files that are gone
    outcome = install()
  }
  if (outcome.status === 0) return undefined
  const said = `${outcome.stderr ?? ''}`.split('\n').find((line) => line.startsWith('E:'))
  return `apt-get failed${said ? `: ${said.slice(3)}` : ''}`
}
