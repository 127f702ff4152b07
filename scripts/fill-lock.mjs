/**
 * Completes package-lock.json for platforms whose packages the registry at hand did not serve: `npm ci` refuses a lock in which an optional
 * dependency has no entry, even one for another platform. Run after every change of dependencies (`npm run lock`); changes nothing when complete.
 * Added entries carry no integrity hash (there was no file to hash); those that npm wrote keep theirs.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './setup/packages.mjs'

const systems = ['aix', 'android', 'darwin', 'freebsd', 'linux', 'netbsd', 'openbsd', 'openharmony', 'sunos', 'win32']
const processors = ['arm64', 'arm', 'ia32', 'loong64', 'mips64el', 'ppc64', 'riscv64', 's390x', 'wasm32', 'x64']

/** What `os`, `cpu` and `libc` a platform package has, read off its name (`…-linux-arm64-musl`). */
export function platformOf(name) {
  const words = name.split(/[-/]/)
  const os = systems.find((system) => words.includes(system))
  const cpu = processors.find((processor) => words.includes(processor))
  if (!os || !cpu) throw new Error(`cannot tell the platform of ${name} from its name; add it to package-lock.json by hand`)
  const libc = words.some((word) => word.startsWith('musl')) ? 'musl' : words.some((word) => word.startsWith('gnu')) && os === 'linux' ? 'glibc' : undefined
  return { cpu: [cpu], ...(libc && { libc: [libc] }), os: [os] }
}

/** Where Node would look for `name` from the package at `path`, nearest first. */
function* placesFor(path, name) {
  for (let from = path; ; from = from.slice(0, Math.max(0, from.lastIndexOf('node_modules/') - 1))) {
    yield from === '' ? `node_modules/${name}` : `${from}/node_modules/${name}`
    if (from === '') return
  }
}

/** @returns the entries added, as `path@version`. */
export function fillLock(lock) {
  const added = []
  for (const [path, entry] of Object.entries(lock.packages)) {
    for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
      const found = [...placesFor(path, name)].find((place) => lock.packages[place])
      if (found && (lock.packages[found].version === version || !/^\d/.test(version))) continue
      if (!/^\d+\.\d+\.\d+/.test(version)) throw new Error(`${path} wants ${name}@${version}: a range cannot be filled in without the registry`)
      const rootFree = !lock.packages[`node_modules/${name}`]
      const place = rootFree ? `node_modules/${name}` : `${path}/node_modules/${name}`
      lock.packages[place] = { version, ...platformOf(name), ...(entry.dev && { dev: true }), license: entry.license, optional: true }
      added.push(`${place}@${version}`)
    }
  }
  const inner = Object.entries(lock.packages).sort(([a], [b]) => (a < b ? -1 : 1))
  lock.packages = Object.fromEntries(inner)
  for (const entry of inner) delete entry[1].resolved
  return added
}

if (process.argv[1]?.endsWith('fill-lock.mjs')) {
  const file = join(root, 'package-lock.json')
  const lock = JSON.parse(readFileSync(file, 'utf8'))
  const added = fillLock(lock)
  writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`)
  console.log(added.length === 0 ? 'package-lock.json is complete.' : `Added to package-lock.json:\n  ${added.join('\n  ')}`)
}
