import { createReadStream, createWriteStream } from 'node:fs'
import { readdir, rename, rm, stat } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { ZipFile } from 'yazl'
import type { ExportFormat } from '#contracts/packages'
import { ConfigError } from '#kit/config'
import type { Deps } from '#kit/define-service'
import { importPackage, writePackage } from '#services/contest/src/operations'
import { complain, say } from './terminal.ts'

const usage = `npm run arena -- problem import FILE|DIR [--owner NAME]
npm run arena -- problem export ID FILE [--format legacy|2025-09]`

type Needs = Pick<Deps, 'db' | 'files' | 'clock' | 'ids' | 'outbox'>
export type ProblemTools = { readonly contest: Needs; readonly ownerOf: (loginName: string) => Promise<string | undefined>; readonly firstAdmin: string }

/** `problem import` and `problem export`: the same checks as by upload, on the arena's own database and files. */
export async function problemCommand(args: readonly string[], tools: () => Promise<ProblemTools>): Promise<void> {
  const { words, flags } = parse(args)
  const [action, first, second, ...more] = words
  if (action === 'import' && first !== undefined && second === undefined) return importProblem(first, flags.get('--owner'), await tools())
  if (action === 'export' && first !== undefined && second !== undefined && more.length === 0)
    return exportProblem(first, second, flags.get('--format'), await tools())
  throw new ConfigError(usage)
}

function parse(args: readonly string[]): { words: readonly string[]; flags: ReadonlyMap<string, string> } {
  const words: string[] = []
  const flags = new Map<string, string>()
  const left = [...args]
  for (let arg = left.shift(); arg !== undefined; arg = left.shift()) {
    const value = arg === '--owner' || arg === '--format' ? left.shift() : undefined
    if (value !== undefined) flags.set(arg, value)
    else if (arg.startsWith('--')) throw new ConfigError(usage)
    else words.push(arg)
  }
  return { words, flags }
}

async function importProblem(path: string, owner: string | undefined, { contest, ownerOf, firstAdmin }: ProblemTools): Promise<void> {
  const userId = await ownerOf(owner ?? firstAdmin)
  if (userId === undefined) throw new ConfigError(`There is no account with the login ${owner ?? firstAdmin}; whose is the problem? --owner NAME`)
  const made = await importPackage(contest, await bytesOf(path), { userId, role: 'admin' })
  if (!made.ok) {
    const { problems = [made.error.details?.problem] } = made.error.details ?? {}
    for (const problem of problems as string[]) complain(`  ${problem}`)
    throw new ConfigError(`${path} was not imported`)
  }
  await contest.outbox.stop()
  const { problem, report, warnings } = made.value
  say(
    `${problem.title}: ${report.tests} tests, ${report.samples} of them samples; checked by ${report.checker}; ${report.limits.cpuMs} ms; ${report.solutions} solutions`,
  )
  for (const { name, points, tests } of report.groups) say(`  ${name.padEnd(30)} ${points} points, ${tests} tests`)
  for (const warning of warnings) say(`  note: ${warning}`)
  say(problem.id)
}

/** A file as it is; of a folder an archive, made as it is read. */
async function bytesOf(path: string): Promise<AsyncIterable<Uint8Array>> {
  const found = await stat(path).catch(() => undefined)
  if (found === undefined) throw new ConfigError(`${path} is not there`)
  return found.isDirectory() ? zipped(path) : createReadStream(path)
}

async function zipped(folder: string): Promise<AsyncIterable<Uint8Array>> {
  const top = await readdir(folder)
  // before anything is read of what may be a whole disk
  if (!top.some((name) => name === 'problem.yaml' || name === 'problem.xml'))
    throw new ConfigError(`${folder} has no problem.yaml and no problem.xml: it is no package`)
  const zip = new ZipFile()
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (entry.isDirectory()) continue
    const path = join(entry.parentPath, entry.name)
    if (!entry.isFile()) throw new ConfigError(`${path} is a link or a device`)
    zip.addFile(path, relative(folder, path))
  }
  zip.end()
  return Readable.from(zip.outputStream)
}

async function exportProblem(id: string, file: string, format: string | undefined, { contest }: ProblemTools): Promise<void> {
  if (format !== undefined && format !== 'legacy' && format !== '2025-09') throw new ConfigError(usage)
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id)) throw new ConfigError(`${id} is no id of a problem`)
  const wanted: ExportFormat = format ?? 'legacy'
  const written = await writePackage(contest, { id, format: wanted }, { userId: '', role: 'admin' })
  if (!written.ok)
    throw new ConfigError(written.error.code === 'PROBLEM_INVALID' ? 'Packages are for programs; this is a question' : `There is no problem ${id}`)
  // under its name only when it is whole
  const part = `${file}.part`
  try {
    await pipeline(Readable.from(written.value.bytes, { objectMode: false }), createWriteStream(part))
    await rename(part, file)
  } finally {
    await rm(part, { force: true })
  }
  say(`${file}: ${wanted === 'legacy' ? 'ICPC/Kattis, legacy' : 'ICPC/Kattis, 2025-09'}`)
}
