import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..', '..', '..')
const web = join(root, 'apps', 'web')
export const webRoot = join(web, 'dist')
const stamp = join(webRoot, '.built-from')

/** Builds the web when its sources changed since it was built. In an image the sources are not there and the built web is taken as it is. */
export async function ensureWeb(say: (line: string) => void): Promise<void> {
  if (!existsSync(join(web, 'src'))) return
  const digest = await sourceDigest()
  if ((await readFile(stamp, 'utf8').catch(() => '')) === digest) return
  say('Building the web (a few seconds, once after each change) …')
  const fresh = `${webRoot}.new-${process.pid}`
  await build(fresh)
  await writeFile(join(fresh, '.built-from'), digest)
  await rm(webRoot, { recursive: true, force: true })
  await rename(fresh, webRoot)
}

function build(outDir: string): Promise<void> {
  const vite = join(root, 'node_modules', 'vite', 'bin', 'vite.js')
  const child = spawn(process.execPath, [vite, 'build', '--config', join(web, 'vite.config.ts'), '--outDir', outDir, '--emptyOutDir', '--logLevel', 'warn'], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const said: Buffer[] = []
  child.stdout.on('data', (chunk: Buffer) => said.push(chunk))
  child.stderr.on('data', (chunk: Buffer) => said.push(chunk))
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', (code) => (code === 0 ? resolve() : reject(new Error(`building the web failed:\n${Buffer.concat(said).toString('utf8').slice(-4000)}`))))
  })
}

/** Of every file the build reads: the web's own, the contracts and the kernel, the versions of packages. */
async function sourceDigest(): Promise<string> {
  const files = [join(root, 'package-lock.json')]
  for (const folder of [web, join(root, 'lib', 'contracts'), join(root, 'lib', 'kernel')]) {
    for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
      const path = join(entry.parentPath, entry.name)
      if (entry.isFile() && !path.startsWith(webRoot) && !path.endsWith('.test.ts')) files.push(path)
    }
  }
  const hash = createHash('sha256')
  for (const file of files.sort())
    hash
      .update(file.slice(root.length))
      .update('\0')
      .update(await readFile(file))
      .update('\0')
  return hash.digest('hex')
}
