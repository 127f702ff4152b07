/**
 * What first visits cost, as brotli, by the files that index.html and theme.js ask for. Run after a build; exits 1 when a budget is passed.
 * `node apps/web/size.ts [FOLDER]`
 *
 * 1. JavaScript of the first page: entry, what it imports statically, and the longest language.
 * 2. All files of a contest's problem with a formula: page, styles and the formula's fonts too. (What the API answers comes on top: a few KB.)
 */
import { readdirSync, readFileSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import { brotliCompressSync, constants } from 'node:zlib'

const scriptBudget = 55 * 1024
const problemBudget = 100 * 1024
const dist = process.argv[2] === undefined ? new URL('./dist/', import.meta.url) : pathToFileURL(`${process.argv[2]}/`)
type Chunk = { file: string; imports?: string[]; css?: string[] }
const manifest: Record<string, Chunk> = JSON.parse(readFileSync(new URL('.vite/manifest.json', dist), 'utf8'))
const html = readFileSync(new URL('index.html', dist), 'utf8')

/** Fonts are compressed already. */
function bytes(file: string): number {
  const content = readFileSync(new URL(file, dist))
  return file.endsWith('.woff2') ? content.length : brotliCompressSync(content, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }).length
}
const sum = (files: Iterable<string>) => [...files].reduce((total, file) => total + bytes(file), 0)
const longest = (files: readonly string[]) => [...files].sort((a, b) => bytes(b) - bytes(a)).slice(0, 1)

/** Names of the manifest that load with `name`, itself included. */
function loadedWith(name: string, seen = new Set<string>()): Set<string> {
  if (seen.has(name)) return seen
  seen.add(name)
  for (const each of manifest[name]?.imports ?? []) loadedWith(each, seen)
  return seen
}

/** What theme.js is told under this name, without the leading `/`. */
const named = (name: string) => (new RegExp(` data-${name}="([^"]*)"`).exec(html)?.[1] ?? '').split(' ').flatMap((file) => (file === '' ? [] : [file.slice(1)]))
const asset = (pattern: RegExp) => readdirSync(new URL('assets/', dist)).flatMap((file) => (pattern.test(file) ? [`assets/${file}`] : []))

const [, script] = /<script type="module"[^>]* src="[/]([^"]*)"/.exec(html) ?? []
const entry = Object.keys(manifest).find((name) => manifest[name]?.file === script)
if (!entry) throw new Error('index.html asks for no script that was built')
const chunks = [...loadedWith(entry)].flatMap((name) => manifest[name] ?? [])
const texts = longest(['en', 'fr', 'rw'].flatMap(named))
const scripts = [...chunks.map(({ file }) => file).filter((file) => file.endsWith('.js')), ...texts]
const problem = new Set([
  'index.html',
  'theme.js',
  'favicon.svg',
  ...scripts,
  ...chunks.flatMap((chunk) => chunk.css ?? []),
  ...named('contest'),
  ...named('problem'),
  ...longest(['room-en', 'room-fr', 'room-rw'].flatMap(named)),
  // what nearly every formula is written in
  ...asset(/^katex.*\.css$|^KaTeX_(Main-Regular-signs|Math-Italic-letters)-/),
])

const kib = (n: number) => `${(n / 1024).toFixed(1)} KiB`.padStart(10)
let isOver = false
function tell(title: string, files: Iterable<string>, budget: number): void {
  const total = sum(files)
  for (const file of files) process.stdout.write(`${kib(bytes(file))}  ${file}\n`)
  process.stdout.write(`${kib(total)}  ${title}; budget ${kib(budget).trim()}\n\n`)
  isOver ||= total > budget
}
tell('first-load JavaScript', scripts, scriptBudget)
tell('a problem of a contest, with a formula', problem, problemBudget)
if (texts.length === 0 || named('problem').length === 0) throw new Error('index.html names no early files')
if (isOver) {
  process.stderr.write('over the budget\n')
  process.exitCode = 1
}
