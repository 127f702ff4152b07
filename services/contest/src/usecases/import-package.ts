import type { Problem } from '#contracts/contest'
import type { ApiFailure } from '#contracts/errors'
import { fail, ok, type Result } from '#kernel/result'
import type { Deps, UserCaller } from '#kit/define-service'
import type { Files } from '#ports/files'
import { layoutOf, type PackageLayout, type PackageTest } from '../domain/package-layout.ts'
import { type PackageSettings, settingsOf } from '../domain/package-settings.ts'
import { fromMarkdown, fromTex, maxStatement, missingStatement } from '../domain/package-statement.ts'
import type { Content, ProblemFields, SampleText, TestEntry } from '../domain/problem.ts'
import { isStorable } from '../domain/storable.ts'
import { BadZip, type OpenZip, withZip } from '../zip.ts'
import { answerFor } from './read-problem.ts'
import { addProblem } from './save-problem.ts'

type Needs = Pick<Deps, 'db' | 'files' | 'clock' | 'ids' | 'outbox'>
type Imported = { problem: Problem; warnings: string[]; verification: 'none' }
type Answer = Result<Imported, ApiFailure<'PACKAGE_INVALID'>>
type Read = { readonly fields: ProblemFields; readonly content: Content; readonly warnings: string[] }

/** A package as a problem of the caller's. Its own solutions are not run yet, so nothing is claimed of them. */
export async function importPackage(deps: Needs, bytes: AsyncIterable<Uint8Array>, caller: UserCaller): Promise<Answer> {
  const read = await withZip(bytes, (zip) => readPackage(zip, deps.files))
  const problem = read.ok ? (read.value.ok ? undefined : read.value.error) : read.error
  if (!read.ok || !read.value.ok) return fail({ code: 'PACKAGE_INVALID', details: { problem: (problem ?? '').slice(0, 500) } })
  const { fields, content, warnings } = read.value.value
  const saved = await addProblem(deps, { fields, content, ownerId: caller.userId, warnings })
  return ok({ problem: await answerFor(deps.db, saved, caller), warnings, verification: 'none' })
}

async function readPackage(zip: OpenZip, files: Files): Promise<Result<Read, string>> {
  const layout = layoutOf(zip.entries.map(({ path }) => path))
  if (!layout.ok) return layout
  const { top, tests } = layout.value
  const text = (path: string) => readText(zip, `${top}${path}`)
  const settings = settingsOf({
    problemYaml: await text(layout.value.yaml),
    yamlFiles: await readYaml(tests, text),
    testSettings: tests.map((test) => test.settings),
    timelimit: layout.value.timelimit && (await text(layout.value.timelimit)),
    domjudgeIni: layout.value.domjudgeIni && (await text(layout.value.domjudgeIni)),
    outputValidator: layout.value.outputValidator,
  })
  if (!settings.ok) return settings
  const statement = await readStatement(layout.value, text)
  if (statement.statement.length > maxStatement) return fail(`its statement is longer than ${maxStatement} characters`)
  const title = settings.value.title ?? statement.title ?? (top.slice(0, -1) || undefined)
  const fields = fieldsOf(title, statement.statement, settings.value)
  const { samples, warnings: sampleWarnings } = await readSamples(tests, text)
  if (!isStorable([fields, samples])) return fail('its name, statement or samples hold characters that are no text')
  const content = await storeProgram({ zip, files, layout: layout.value, settings: settings.value, samples })
  const solutions = layout.value.solutions
  return ok({
    fields,
    content,
    warnings: [
      ...(title === undefined ? ['the package names no title'] : []),
      ...[...settings.value.warnings, ...statement.warnings, ...layout.value.warnings, ...sampleWarnings],
      ...(solutions > 0 ? [`its ${solutions} example solutions are not run yet`] : []),
    ],
  })
}

const fieldsOf = (title = 'Imported problem', statement: string, { tags }: PackageSettings): ProblemFields => ({
  title: title.slice(0, 200).toWellFormed(),
  subject: 'computer-science',
  tags,
  public: false,
  statement,
})

async function readStatement({ statement }: PackageLayout, text: (path: string) => Promise<string>) {
  if (!statement) return missingStatement
  const read = (statement.format === 'tex' ? fromTex : fromMarkdown)(await text(statement.path))
  return read.statement === '' ? missingStatement : read
}

/** Each once, one after another: a package may have one a test. */
async function readYaml(tests: readonly PackageTest[], text: (path: string) => Promise<string>): Promise<ReadonlyMap<string, string>> {
  const files = new Map<string, string>()
  for (const path of new Set(tests.flatMap(({ settings }) => settings))) files.set(path, await text(path))
  return files
}

const textBytes = 1024 ** 2
/** A small file as text. */
async function readText(zip: OpenZip, path: string): Promise<string> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of await zip.read(path)) {
    size += chunk.byteLength
    if (size > textBytes) throw new BadZip(`${path} is larger than 1 MiB`)
    chunks.push(chunk)
  }
  // without the byte order mark that Windows editors leave
  return new TextDecoder().decode(Buffer.concat(chunks)).replaceAll('\r\n', '\n')
}

/** What is shown of a sample, characters; its data is judged whole. */
const sampleShown = 10_000
const samplesShown = 20
const shownOf = (text: string) => text.slice(0, sampleShown).toWellFormed() // the cut may go through a character
async function readSamples(tests: readonly PackageTest[], text: (path: string) => Promise<string>): Promise<{ samples: SampleText[]; warnings: string[] }> {
  const samples: SampleText[] = []
  const all = tests.filter(({ sample }) => sample)
  const warnings = all.length > samplesShown ? [`only the first ${samplesShown} samples are shown`] : []
  for (const test of all.slice(0, samplesShown)) {
    const input = await text(test.shownInput ?? test.input)
    const output = await text(test.shownOutput ?? test.output)
    const note = test.note && (await text(test.note)).trim().slice(0, 5_000).toWellFormed()
    if (input.length > sampleShown || output.length > sampleShown) warnings.push(`${test.name} is shown cut`)
    samples.push({ input: shownOf(input), output: shownOf(output), ...(note ? { note } : {}) })
  }
  return { samples, warnings }
}

type Storing = { zip: OpenZip; files: Files; layout: PackageLayout; settings: PackageSettings; samples: readonly SampleText[] }
/** The tests go from the archive to the Files port as streams, one after another. */
async function storeProgram({ zip, files, layout, settings, samples }: Storing): Promise<Content> {
  const put = async (path: string) => files.put(await zip.read(`${layout.top}${path}`))
  const tests: TestEntry[] = []
  for (const [at, { name, sample, input, output }] of layout.tests.entries()) {
    const [inFile, outFile] = [await put(input), await put(output)]
    tests.push({
      name: name.slice(0, 100).toWellFormed(),
      sample,
      input: inFile.digest,
      inputBytes: inFile.size,
      output: outFile.digest,
      outputBytes: outFile.size,
      ...(settings.testCompare[at] && { compare: settings.testCompare[at] }),
    })
  }
  return { kind: 'program', limits: settings.limits, compare: settings.compare, languages: null, samples, tests }
}
