import type { Entry } from '../domain/package-archive.ts'
import type { PackageReport, PackageTexts, PlannedTest } from '../domain/package-plan.ts'
import type { SampleText } from '../domain/problem.ts'
import type { OpenZip } from '../zip.ts'

/** The small texts of a package: settings, statements, sources; and what is shown of its samples. */
export const textPath =
  /^(problem\.(yaml|xml)|arena\.json|domjudge-problem\.ini|\.timelimit|data\/.*\.(yaml|interaction|desc)|(problem_)?statement\/[^/]+\.(md|tex)|statement-sections\/[^/]+\/[^/]+\.tex|statements\/[^/]+\/problem\.tex|submissions\/.+)$/

/** Real settings, statements and sources are far below. */
const mostBytes = 1024 ** 2
const mostInAll = 32 * 1024 ** 2
/** Of YAML, whose parser compares keys pairwise: a thousand tests with a line each are a tenth of it. */
const mostSettings = 500_000

type Reading = { readonly zip: OpenZip; readonly top: string; readonly report: PackageReport }
export async function readTexts({ zip, top, entries, report }: Reading & { readonly entries: readonly Entry[] }): Promise<PackageTexts> {
  const texts = new Map<string, string>()
  let left = mostInAll
  const settings = entries.filter(({ path }) => path.endsWith('.yaml')).reduce((sum, { size }) => sum + size, 0)
  if (settings > mostSettings) {
    report.complaints.push('the settings of its tests are larger than 500 KB')
    return texts
  }
  for (const { path, size } of entries) {
    // what is read of solutions is a tag; a large one is a table of answers
    if (size > mostBytes || size > left) {
      if (!path.startsWith('submissions/'))
        report.complaints.push(size > mostBytes ? `${path} is larger than 1 MiB` : 'its settings and statements are larger than 32 MiB')
      continue
    }
    left -= size
    texts.set(path, await readText(zip, top + path))
  }
  return texts
}

async function readText(zip: OpenZip, path: string): Promise<string> {
  const chunks: Uint8Array[] = []
  for await (const chunk of await zip.read(path)) chunks.push(chunk)
  // without the byte order mark that Windows editors leave
  return new TextDecoder().decode(Buffer.concat(chunks)).replaceAll('\r\n', '\n')
}
/** The beginning of a file; the stream is left as soon as there is enough. */
async function readHead(zip: OpenZip, path: string, characters: number): Promise<string> {
  const decoder = new TextDecoder()
  let text = ''
  for await (const chunk of await zip.read(path)) {
    text += decoder.decode(chunk, { stream: true })
    if (text.length > characters) break
  }
  return text.replaceAll('\r\n', '\n')
}

/** What is shown of a sample, characters; its data is judged whole. */
const sampleShown = 10_000
const samplesShown = 20
const shownOf = (text: string) => text.slice(0, sampleShown).toWellFormed() // the cut may go through a character

type Samples = Reading & { readonly tests: readonly PlannedTest[]; readonly texts: PackageTexts }
export async function readSamples({ zip, top, tests, texts, report }: Samples): Promise<SampleText[]> {
  const all = tests.filter(({ sample, shown }) => sample && shown !== 'none')
  if (all.length > samplesShown) report.warnings.push(`only the first ${samplesShown} samples are shown`)
  const samples: SampleText[] = []
  for (const test of all.slice(0, samplesShown)) {
    const { input, output } = await readSample(test, { texts, head: (path) => readHead(zip, top + path, sampleShown) })
    const { note: given } = test
    const written = given === undefined ? '' : 'text' in given ? given.text : (texts.get(given.path) ?? '')
    const note = written.trim().slice(0, 5_000).toWellFormed()
    if (input.length > sampleShown || output.length > sampleShown) report.warnings.push(`sample ${test.name} is shown cut`)
    samples.push({ input: shownOf(input), output: shownOf(output), ...(note ? { note } : {}) })
  }
  return samples
}

type Source = { readonly texts: PackageTexts; readonly head: (path: string) => Promise<string> }
async function readSample({ input, output, shown }: PlannedTest, { texts, head }: Source): Promise<{ input: string; output: string }> {
  if (typeof shown === 'object' && 'interaction' in shown) return talkOf(texts.get(shown.interaction) ?? '')
  const from = typeof shown === 'object' ? shown : { input, output }
  return { input: await head(from.input), output: await head(from.output) }
}

/** A protocol of a talk (`<` to the program, `>` from it) as two columns whose lines stand where they are said. */
function talkOf(text: string): { input: string; output: string } {
  const lines = text.split('\n').filter((line) => /^[<>]/.test(line))
  const side = (mark: string) =>
    lines
      .map((line) => (line.startsWith(mark) ? line.slice(1).replace(/^ /, '') : ''))
      .join('\n')
      .concat('\n')
  return { input: side('<'), output: side('>') }
}
