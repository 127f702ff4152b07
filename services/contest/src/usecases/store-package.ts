import { createHash } from 'node:crypto'
import type { AuthorFile, AuthorProgram, Checker } from '#contracts/judging'
import type { Files } from '#ports/files'
import { type Constants, withConstants } from '../domain/package-constants.ts'
import { baseName, type PackagePlan, type PlannedCheck, type PlannedTest } from '../domain/package-plan.ts'
import { contentTypeOf, type StatementAsset, type StoredFile, type StoredPackage, type StoredSolution } from '../domain/package-stored.ts'
import type { Content, JudgedBy, SampleText, TestEntry } from '../domain/problem.ts'
import type { OpenZip } from '../zip.ts'

/**
 * Puts what a plan names into the Files port, one file after another as streams: memory holds a chunk, however large a test is. A blob that no row comes to
 * name, because the import fails after it, is not part of any problem and of no backup.
 */
type Storing = {
  readonly zip: OpenZip
  readonly files: Files
  readonly top: string
  readonly plan: PackagePlan
  readonly samples: readonly SampleText[]
  readonly constants: Constants
}
type Put = (path: string) => Promise<{ digest: string; size: number }>

export async function storePackage({
  zip,
  files,
  top,
  plan,
  samples,
  constants,
}: Storing): Promise<{ content: Content; files: StatementAsset[]; kept: StoredPackage }> {
  const known = new Map<string, { digest: string; size: number }>()
  const put: Put = async (path) => {
    const stored = known.get(path) ?? (await files.put(await zip.read(top + path)))
    known.set(path, stored)
    return stored
  }
  const putSource: Put = async (path) => {
    const size = zip.entries.find((entry) => entry.path === top + path)?.size ?? 0
    if (constants.size === 0 || size > sourceBytes) return put(path)
    return files.put(Buffer.from(withConstants(await textOf(await zip.read(top + path)), constants)))
  }
  const tests = await each(plan.tests, (test) => testEntry(test, put))
  const content: Content = {
    kind: 'program',
    limits: plan.limits,
    compare: plan.compare,
    languages: plan.languages,
    samples,
    tests,
    ...(await judgedBy(plan, putSource)),
  }
  const kept = await each(plan.kept, async ({ path, as }): Promise<StoredFile> => {
    const { digest, size } = await put(path)
    return { path: as, digest, bytes: size }
  })
  const solutions = await each(plan.solutions, async ({ path, paths, language, expected }): Promise<StoredSolution> => {
    return { path, language, expected, files: await each(paths, (file) => authorFile(file, putSource)) }
  })
  return { content, files: await statementAssets(plan, put), kept: { format: plan.format, meta: plan.meta, files: kept, solutions } }
}

/** A program that is larger holds no constants. */
const sourceBytes = 1024 ** 2
async function textOf(stream: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = []
  for await (const chunk of stream) chunks.push(chunk)
  return Buffer.concat(chunks).toString()
}

async function each<T, U>(items: readonly T[], work: (item: T) => Promise<U>): Promise<U[]> {
  const done: U[] = []
  for (const item of items) done.push(await work(item))
  return done
}

async function testEntry({ name, sample, input, output, compare, group, points, checkerArgs }: PlannedTest, put: Put): Promise<TestEntry> {
  const [inFile, outFile] = [await put(input), await put(output)]
  return {
    name: `${sample ? 'sample ' : ''}${name}`.slice(0, 100).toWellFormed(),
    sample,
    input: inFile.digest,
    inputBytes: inFile.size,
    output: outFile.digest,
    outputBytes: outFile.size,
    ...(compare && { compare }),
    ...(group !== undefined && { group }),
    ...(points && { points }),
    ...(checkerArgs && { checkerArgs }),
  }
}

async function judgedBy({ mode, checker, interactor, graders, groups }: PackagePlan, put: Put): Promise<JudgedBy> {
  const stored: Record<string, AuthorFile[]> = {}
  for (const [language, paths] of Object.entries(graders ?? {})) stored[language] = await each(paths, (path) => authorFile(path, put))
  return {
    ...(mode === 'batch' ? {} : { mode }),
    ...(checker && { checker: await storedCheck(checker, put) }),
    ...(interactor && { interactor: await storedCheck(interactor, put) }),
    ...(graders && { graders: stored }),
    ...(groups && { groups }),
  }
}

async function authorFile(path: string, put: Put): Promise<AuthorFile> {
  const { digest, size } = await put(path)
  return { name: baseName(path), digest, bytes: size }
}

async function storedCheck({ protocol, program, args, limits }: PlannedCheck, put: Put): Promise<Checker> {
  const files = await each(program.paths, (path) => authorFile(path, put))
  return {
    protocol,
    program: { language: program.language, files, digest: programDigest(program.language, files) },
    args: [...args],
    ...(limits && { limits }),
  }
}
const programDigest = (language: string, files: AuthorProgram['files']): string =>
  createHash('sha256')
    .update(JSON.stringify([language, files.map(({ name, digest }) => [name, digest])]))
    .digest('hex')

/** By name, the first of several of one name. */
async function statementAssets({ statementFiles, statements }: PackagePlan, put: Put): Promise<StatementAsset[]> {
  const named = statements.flatMap(({ parts }) => parts.filter(({ format }) => format === 'pdf').map(({ path }) => path))
  const byBase = new Map<string, string>()
  for (const path of [...named, ...statementFiles]) if (!byBase.has(baseName(path))) byBase.set(baseName(path), path)
  const assets = await each([...byBase], async ([name, path]) => {
    const contentType = contentTypeOf(name)
    if (contentType === undefined || !/^[\w-][\w.+-]{0,99}$/.test(name)) return []
    const { digest, size } = await put(path)
    return [{ name, digest, bytes: size, contentType }]
  })
  return assets.flat()
}
