import { Readable } from 'node:stream'
import { ZipFile } from 'yazl'
import type { ApiFailure } from '#contracts/errors'
import type { ExportFormat } from '#contracts/packages'
import { fail, ok, type Result } from '#kernel/result'
import { toDate } from '#kernel/time'
import { type Deps, Ready } from '#kit/define-service'
import type { Files } from '#ports/files'
import { type PackageEntry, packageName, packageOf } from '../domain/package-write.ts'
import type { StoredProblem } from '../domain/problem.ts'
import type { Viewer } from '../domain/visibility.ts'
import { findPackage } from '../store-packages.ts'
import { findProblem } from '../store-problems.ts'
import { editable } from './save-problem.ts'

type Needs = Pick<Deps, 'db' | 'files'>
type Failure = ApiFailure<'PROBLEM_NOT_FOUND' | 'FORBIDDEN' | 'PROBLEM_INVALID'>
type Exported = { readonly name: string; readonly bytes: AsyncIterable<Uint8Array> }

/** A problem with everything that judges it, for its author: also one that was made by a form. */
export async function writePackage(
  { db, files }: Needs,
  { id, format }: { id: string; format: ExportFormat },
  viewer: Viewer,
): Promise<Result<Exported, Failure>> {
  const problem = editable(await findProblem(db, id), viewer)
  if (!problem.ok) return problem
  const entries = packageOf(problem.value, await findPackage(db, id), format)
  if (entries === undefined) return fail({ code: 'PROBLEM_INVALID', details: { problem: 'packages are for programs; this is a question' } })
  return ok({ name: packageName(problem.value), bytes: zipped(problem.value, entries, files) })
}

type Wanted = { readonly id: string; readonly format?: ExportFormat; readonly setHeader: (name: string, value: string) => void }
export async function exportPackage(deps: Needs, { id, format = 'legacy', setHeader }: Wanted, viewer: Viewer): Promise<Result<Ready, Failure>> {
  const written = await writePackage(deps, { id, format }, viewer)
  if (!written.ok) return written
  setHeader('content-disposition', `attachment; filename="${written.value.name}.zip"`)
  return ok(new Ready(written.value.bytes))
}

/** One file after another, each a stream, dated by the problem: the same problem gives the same bytes. */
async function* zipped(problem: StoredProblem, entries: readonly PackageEntry[], files: Files): AsyncIterable<Uint8Array> {
  const zip = new ZipFile()
  const output = zip.outputStream as Readable
  const open = new Set<Readable>()
  // a blob that cannot be read breaks the answer off; unheard, it would end the process
  zip.on('error', (cause) => output.destroy(cause))
  const options = { mtime: toDate(problem.updatedAt), mode: 0o100644 }
  for (const { path, text, digest } of entries) {
    const name = `${packageName(problem)}/${path}`
    if (digest === undefined) zip.addBuffer(Buffer.from(text ?? ''), name, options)
    else
      zip.addReadStreamLazy(name, options, (take) => {
        const blob = Readable.from(bytesOf(files, digest), { objectMode: false })
        open.add(blob.on('close', () => open.delete(blob)))
        take(null, blob)
      })
  }
  zip.end()
  try {
    for await (const chunk of output) yield chunk as Buffer
  } finally {
    // whoever asked may have gone in the middle
    for (const blob of open) blob.destroy()
  }
}

async function* bytesOf(files: Files, digest: string): AsyncIterable<Uint8Array> {
  const blob = await files.get(digest)
  if (!blob) throw new Error(`package file ${digest} is not in the files`)
  yield* blob
}
