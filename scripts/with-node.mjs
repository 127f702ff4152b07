/**
 * node scripts/with-node.mjs [--sandbox] FILE ARGS…: runs a TypeScript file on Node 24 from a fresh clone, whatever Node (20 or newer) is at hand.
 *
 * Installs the npm packages when the lock has changed (Node 24 is one of them), with --sandbox also bubblewrap, then hands the terminal over.
 * Ctrl-C reaches the whole process group, so SIGINT is not forwarded (the arena would get it twice); SIGTERM and SIGHUP are. Should this wrapper or
 * the npm above it be killed, the program is told by SIGTERM, so that no orphan keeps the port.
 */
import { spawn } from 'node:child_process'
import { delimiter, join } from 'node:path'
import { findProgram } from './setup/apt.mjs'
import { ensureBubblewrap } from './setup/bubblewrap.mjs'
import { delegationPrefix } from './setup/delegation.mjs'
import { ensurePackages, nodeFromNpm, root } from './setup/packages.mjs'

const bin = join(root, 'node_modules', '.bin')

/** Node 24 or newer: the one from npm, else the one running this. */
function nodeBinary() {
  const fromNpm = nodeFromNpm()
  if (fromNpm) return fromNpm
  return Number(process.versions.node.split('.')[0]) >= 24 ? process.execPath : undefined
}

/** Runs until the program ends, then ends the same way. */
function handOver(node, args, prefix = []) {
  const command = [...prefix, node, '--disable-warning=ExperimentalWarning', ...args]
  if (process.platform === 'linux' && findProgram('setpriv')) command.unshift('setpriv', '--pdeathsig', 'TERM', '--')
  const child = spawn(command[0], command.slice(1), {
    stdio: 'inherit',
    env: {
      ...process.env,
      PATH: `${bin}${delimiter}${process.env.PATH ?? ''}`,
      NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE ?? join(root, 'node_modules', '.cache', 'compiled'),
    },
  })
  process.on('SIGINT', () => undefined)
  process.on('SIGTERM', () => child.kill('SIGTERM'))
  process.on('SIGHUP', () => child.kill('SIGHUP'))
  if (process.env.npm_lifecycle_event) stopWithParent(() => child.kill('SIGTERM'))
  child.once('error', (cause) => {
    console.error(`Cannot start ${node}: ${cause.message}`)
    process.exitCode = 1
  })
  child.once('exit', (code, signal) => {
    if (!signal) process.exit(code ?? 1)
    process.removeAllListeners(signal)
    process.kill(process.pid, signal)
  })
}

/** npm passes no SIGTERM on: when it is gone, we have another parent. */
function stopWithParent(stop) {
  const parent = process.ppid
  const timer = setInterval(() => {
    if (process.ppid === parent) return
    clearInterval(timer)
    stop()
  }, 250)
  timer.unref()
}

const args = process.argv.slice(2)
const wantsSandbox = args[0] === '--sandbox'
if (wantsSandbox) args.shift()
const onlyAsks = args.slice(1).some((arg) => arg === '--help' || arg === '-h' || arg === '--version')

if (Number(process.versions.node.split('.')[0]) < 20) {
  console.error(`Node.js 20 or newer is needed; this is ${process.version}.`)
  process.exit(1)
}
const code = await ensurePackages()
if (code !== 0) process.exit(code)
if (wantsSandbox && !onlyAsks && process.env.ARENA_SANDBOX !== 'docker') ensureBubblewrap()
const node = nodeBinary()
if (!node) {
  console.error(`No Node 24 for ${process.platform} ${process.arch} comes from npm: install Node.js 24 or newer (https://nodejs.org), then try again.`)
  process.exit(1)
}
handOver(node, args, wantsSandbox && !onlyAsks ? delegationPrefix() : [])
