/**
 * Checks the borders between rooms in every source file, and that the check itself still bites: each line marked `// planted` below
 * scripts/boundary-canary/ must be found, and no other. Exit code 1 when either fails, or when no file was read.
 */
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Finding, findingsOf } from './boundaries.ts'

const root = join(import.meta.dirname, '..')
const canaryFolder = 'scripts/boundary-canary'
const aliases: Record<string, string> = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).imports

const sourceFiles = (cwd: string) =>
  globSync('{lib,services,apps,demo,e2e,bench,scripts}/**/*.{ts,tsx}', { cwd, exclude: (name) => /(^|\/)(node_modules|dist|boundary-canary)$/.test(name) })

const place = (finding: Finding) => `${finding.file}:${finding.line}`

function checkCanaries(): string[] {
  const cwd = join(root, canaryFolder)
  const files = sourceFiles(cwd)
  const sources = files.map((file) => ({ file, source: readFileSync(join(cwd, file), 'utf8') }))
  const planted = sources.flatMap(({ file, source }) => source.split('\n').flatMap((text, at) => (text.includes('// planted') ? [`${file}:${at + 1}`] : [])))
  const found = new Set(sources.flatMap(({ file, source }) => findingsOf(file, source, aliases)).map(place))
  const problems = planted.filter((at) => !found.has(at)).map((at) => `${canaryFolder}/${at}: a planted violation slipped through`)
  for (const at of found) if (!planted.includes(at)) problems.push(`${canaryFolder}/${at}: found, but not marked as planted`)
  if (planted.length === 0) problems.push(`${canaryFolder}: no planted violations were read`)
  return problems
}

const files = sourceFiles(root)
const findings = files.flatMap((file) => findingsOf(file, readFileSync(join(root, file), 'utf8'), aliases))
const problems = [...findings.map((finding) => `${place(finding)} ${finding.problem}`), ...checkCanaries()]
if (files.length === 0) problems.push('no source file was read')
for (const problem of problems) console.error(problem)
console.log(`${files.length} files, ${problems.length} borders broken`)
process.exitCode = problems.length === 0 ? 0 : 1
