/**
 * A reporter for node:test that is quiet about what passes: failures in full at the end, skips by name with their reason, and the counts as JSON in
 * the file named by TEST_COUNTS_FILE, for the sum over all groups. Counts are node's own, but for two holes: a file that registers no test counts
 * as a failure (it would pass for ever), and so does a test marked todo (its failure would be hidden).
 */
import { writeFileSync } from 'node:fs'
import { relative, resolve } from 'node:path'
import type { TestEvent } from 'node:test/reporters'
import { inspect } from 'node:util'

export type Counts = {
  readonly passed: number
  readonly failed: number
  readonly skips: readonly { readonly name: string; readonly reason: string }[]
}
type Of<Type extends TestEvent['type']> = Extract<TestEvent, { type: Type }>['data']

/** What a file printed is kept up to this many characters, its end rather than its beginning. */
const keptOutput = 20_000

const placeOf = (file: string | undefined) => (file ? relative(process.cwd(), resolve(file)) : '')
/** Node tells of the file itself by an event of the same kind, named by the path it was given. */
const isWholeFile = (name: string, file: string | undefined) => file !== undefined && resolve(name) === resolve(file)
const isMarked = (mark: string | boolean | undefined) => mark !== undefined && mark !== false

/** The error the test threw, without node's wrapper around it. */
function detailOf(error: Error): string {
  const inner = error.cause instanceof Error || typeof error.cause === 'string' ? error.cause : error
  return typeof inner === 'string' ? inner : inspect(inner, { depth: 4 })
}

function collector() {
  const failures: { readonly title: string; readonly detail: string; readonly file: string }[] = []
  const skips: { readonly name: string; readonly reason: string }[] = []
  const output = new Map<string, string>()
  const path: string[] = []
  const counts = { passed: 0, failed: 0 }

  const titleOf = ({ file, nesting, name }: { file?: string; nesting: number; name: string }) =>
    isWholeFile(name, file) ? placeOf(file) : `${placeOf(file)}: ${[...path.slice(0, nesting), name].join(' › ')}`
  const keep = (file: string | undefined, text: string) => {
    const key = placeOf(file)
    output.set(key, `${output.get(key) ?? ''}${text}`.slice(-keptOutput))
  }
  const failAfterAll = (title: string, detail: string) => {
    counts.failed += 1
    failures.push({ title, detail, file: '' })
  }

  return {
    failures,
    skips,
    output,
    keep,
    started({ nesting, name }: Of<'test:start'>) {
      path.length = nesting
      path[nesting] = name
    },
    passed(data: Of<'test:pass'>) {
      const title = titleOf(data)
      if (isMarked(data.skip)) skips.push({ name: title, reason: typeof data.skip === 'string' ? data.skip : '' })
      if (isMarked(data.todo)) failAfterAll(title, 'is marked as todo, which would hide a failure')
      if (!isWholeFile(data.name, data.file)) return
      counts.passed -= 1
      failAfterAll(title, 'registers no test, so it would pass for ever')
    },
    failed(data: Of<'test:fail'>) {
      const { error } = data.details
      const onlyAParent = 'failureType' in error && error.failureType === 'subtestsFailed'
      if (!onlyAParent) failures.push({ title: titleOf(data), detail: detailOf(error), file: placeOf(data.file) })
    },
    summed({ counts: sum, file }: Of<'test:summary'>) {
      if (file !== undefined) return // one of many; the sum comes last
      counts.passed += sum.passed
      counts.failed += sum.tests - sum.passed - sum.skipped - sum.todo
    },
    /** A suite whose hook failed is no test to node: it must not read as "0 failed". */
    result: (): Counts => ({ passed: counts.passed, failed: counts.failed === 0 ? failures.length : counts.failed, skips }),
  }
}

function take(seen: ReturnType<typeof collector>, event: TestEvent): void {
  if (event.type === 'test:start') seen.started(event.data)
  else if (event.type === 'test:stdout' || event.type === 'test:stderr') seen.keep(event.data.file, event.data.message)
  else if (event.type === 'test:diagnostic') seen.keep(event.data.file, `${event.data.message}\n`)
  else if (event.type === 'test:pass') seen.passed(event.data)
  else if (event.type === 'test:fail') seen.failed(event.data)
  else if (event.type === 'test:summary') seen.summed(event.data)
}

export default async function* quiet(source: AsyncIterable<TestEvent>): AsyncGenerator<string> {
  const seen = collector()
  for await (const event of source) take(seen, event)
  for (const { title, detail } of seen.failures) yield `\nFAILED ${title}\n${detail.replaceAll(/^/gm, '    ')}\n`
  for (const file of new Set(seen.failures.map((failure) => failure.file))) {
    const printed = file && seen.output.get(file)
    if (printed) yield `\n--- what ${file} printed\n${printed}\n`
  }
  for (const { name, reason } of seen.skips) yield `skipped ${name} (${reason || 'no reason given'})\n`
  if (process.env.TEST_COUNTS_FILE) writeFileSync(process.env.TEST_COUNTS_FILE, JSON.stringify(seen.result()))
}
