/** `npm run dev`: the arena and the web, both watching their sources. The page is on Vite's port, which passes /api on to the arena. */
import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..')

/** Ctrl-C reaches all of them by itself; whichever ends first takes the other along. */
const children: ChildProcess[] = [
  spawn(process.execPath, ['--watch', '--watch-preserve-output', 'apps/arena/src/main.ts', ...process.argv.slice(2)], { cwd: root, stdio: 'inherit' }),
  spawn(join(root, 'node_modules', '.bin', 'vite'), ['dev', '--config', 'apps/web/vite.config.ts', '--clearScreen', 'false'], { cwd: root, stdio: 'inherit' }),
]
const stop = () => {
  for (const child of children) child.kill('SIGTERM')
}
process.on('SIGTERM', stop)
process.on('SIGHUP', stop)
process.on('SIGINT', () => undefined)
for (const child of children) {
  child.once('exit', (code) => {
    process.exitCode ??= code ?? 1
    stop()
  })
}
