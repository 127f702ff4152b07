import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { ZipFile } from 'yazl'
import type { ArenaClient } from '#testkit/arena-client'

/** Problem packages as teachers upload them. */
export type Files = Readonly<Record<string, string | Buffer>>

const folder = join(import.meta.dirname, '..', 'services', 'contest', 'test', 'packages')

/** One of the contest service's own, with its solutions. */
export function packageFiles(name: string): Record<string, Buffer> {
  const root = join(folder, name)
  const found = readdirSync(root, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  return Object.fromEntries(found.map((entry) => join(entry.parentPath, entry.name)).map((path) => [relative(root, path), readFileSync(path)]))
}

/** @returns the problem's id. */
export async function importPackage(teacher: ArenaClient, files: Files): Promise<string> {
  const answer = await teacher.raw('POST', '/api/problems/import', { headers: { 'content-type': 'application/zip' }, body: await zipOf(files) })
  assert.equal(answer.status, 201, answer.text)
  return answer.body.problem.id
}

async function zipOf(files: Files): Promise<Buffer> {
  const zip = new ZipFile()
  for (const [path, content] of Object.entries(files)) zip.addBuffer(Buffer.from(content), path)
  zip.end()
  const chunks: Buffer[] = []
  for await (const chunk of zip.outputStream) chunks.push(Buffer.from(chunk))
  return Buffer.concat(chunks)
}
