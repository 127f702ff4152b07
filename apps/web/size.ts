/**
 * What a first visit costs: the entry, everything it imports statically and the texts of the longest language, as brotli. Run after a build; exits 1 when over the budget.
 * `node apps/web/size.ts`
 */
import { readFileSync } from 'node:fs'
import { brotliCompressSync, constants } from 'node:zlib'

const budgetBytes = 60 * 1024
const dist = new URL('./dist/', import.meta.url)
type Chunk = { file: string; isEntry?: boolean; imports?: string[]; css?: string[] }
const manifest: Record<string, Chunk> = JSON.parse(readFileSync(new URL('.vite/manifest.json', dist), 'utf8'))

const brotliBytes = (file: string) => brotliCompressSync(readFileSync(new URL(file, dist)), { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }).length

/** Names of the manifest that load with `name`, itself included. */
function loadedWith(name: string, seen = new Set<string>()): Set<string> {
  if (seen.has(name)) return seen
  seen.add(name)
  for (const each of manifest[name]?.imports ?? []) loadedWith(each, seen)
  return seen
}

const entry = Object.keys(manifest).find((name) => manifest[name]?.isEntry)
if (!entry) throw new Error('the manifest has no entry; was the web built?')
const chunks = [...loadedWith(entry)].flatMap((name) => manifest[name] ?? [])
const scripts = chunks.map((chunk) => chunk.file).filter((file) => file.endsWith('.js'))
/** Everybody reads one language: the longest counts. */
const texts = Object.entries(manifest).flatMap(([name, { file }]) => (/locales\/\w+\.json\?part=first$/.test(name) ? [file] : []))
const [longest] = texts.sort((a, b) => brotliBytes(b) - brotliBytes(a))
if (!longest) throw new Error('the manifest has no texts')
scripts.push(longest)
const styles = [...new Set(chunks.flatMap((chunk) => chunk.css ?? []))]
const kib = (n: number) => `${(n / 1024).toFixed(1)} KiB`
let total = 0
for (const file of scripts) {
  const size = brotliBytes(file)
  total += size
  process.stdout.write(`${kib(size).padStart(10)}  ${file}\n`)
}
for (const file of styles) process.stdout.write(`${kib(brotliBytes(file)).padStart(10)}  ${file} (not counted)\n`)
process.stdout.write(`${kib(total).padStart(10)}  first-load JavaScript, brotli; budget ${kib(budgetBytes)}\n`)
if (total > budgetBytes) {
  process.stderr.write('over the budget\n')
  process.exitCode = 1
}
