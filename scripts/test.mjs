/**
 * npm test [-- GROUP…]: sets the machine up (npm packages, bubblewrap, Chromium for the browser journey), then runs the groups of scripts/test.ts.
 * Plain JavaScript for Node 20: it runs before anything is installed. What cannot be installed is told to test.ts by the environment.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { aptInstall, findProgram } from './setup/apt.mjs'
import { ensureBubblewrap } from './setup/bubblewrap.mjs'
import { root, run } from './setup/packages.mjs'

const args = process.argv.slice(2)
const wants = (group) => args.length === 0 || args.includes(group)

const findChromium = () => ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'].map(findProgram).find(Boolean)

/** Ubuntu's package of that name is a snap, which does not run in containers nor headless from a temporary folder. */
function aptChromium() {
  const release = readFileSync('/etc/os-release', 'utf8')
  if (!/^ID=debian$/m.test(release)) return 'install Chromium or Google Chrome'
  return aptInstall(['chromium', 'fonts-dejavu-core'], 'Installing Chromium for the browser journey (about 100 MB) …')
}

/** @returns the environment that tells the browser tests where Chromium is, or why there is none. */
function chromium() {
  if (!wants('browser')) return {}
  const why = findChromium() || process.platform !== 'linux' ? undefined : aptChromium()
  const path = findChromium()
  return path ? { TEST_CHROMIUM: path } : { TEST_NO_CHROMIUM: why ?? 'install Chromium or Google Chrome' }
}

const needsSandbox = ['ports', 'judging', 'services', 'e2e', 'e2e-faults', 'e2e-many', 'browser', 'timing'].some(wants)
if (needsSandbox) ensureBubblewrap()
const env = { ...process.env, ...chromium() }
// A name of its own for the tests: an arena's environment on this machine must not steer them.
for (const name of Object.keys(env)) if (name.startsWith('ARENA_')) delete env[name]
process.exitCode = await run(process.execPath, [join(root, 'scripts', 'with-node.mjs'), 'scripts/test.ts', ...args], { env })
