/**
 * The demonstration: real problems and contests, so that a fresh arena has something to try.
 *
 * `quiz/*.yaml` hold questions, `problems/<key>/` program packages, `contests.yaml` the contests. This module reads
 * them into values of the contract and checks what a schema cannot see; it writes nothing and knows no service. Whoever
 * seeds an arena makes the problems first, puts the ids it gets in place of the keys, and gives `window` contests
 * their times: a demonstration must not expire, so no times are kept here.
 */
import { readdir, readFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { TSchema } from 'typebox'
import { parse } from 'yaml'
import { NewContest } from '#contracts/contest'
import { NewProblem } from '#contracts/problem'
import { check } from './check.ts'
import { readPackage, readSubmissions } from './package.ts'

/** `key` is stable and unique among the problems; `accepted` solves a program problem and is empty for questions. */
export type DemoProblem = {
  readonly key: string
  readonly body: NewProblem
  readonly accepted: readonly { readonly language: string; readonly source: string }[]
}
export type DemoContestProblem = { readonly problemKey: string; readonly label: string; readonly points: number; readonly maxAttempts?: number }
/** A new contest without times; those with timing `window` need `startsAt` and `endsAt` before they can be made. */
export type DemoContest = Omit<NewContest, 'problems' | 'startsAt' | 'endsAt'> & { readonly key: string; readonly problems: readonly DemoContestProblem[] }
export type Demo = { readonly problems: readonly DemoProblem[]; readonly contests: readonly DemoContest[] }

/**
 * @param root the folder with `quiz`, `problems` and `contests.yaml`
 * @throws Error that names file and mistake; nothing is left out silently
 */
export async function loadDemo(root: string = import.meta.dirname): Promise<Demo> {
  const contests = await readContests(join(root, 'contests.yaml'))
  const found = [...(await readQuizzes(join(root, 'quiz'))), ...(await readPrograms(join(root, 'problems')))]
  refuseTwice(
    found.map((problem) => problem.key),
    `${root}: problem`,
  )
  refuseStrays(found, contests, root)
  const untimed = new Set(contests.filter((contest) => contest.timing === 'untimed').flatMap((contest) => contest.problems.map((entry) => entry.problemKey)))
  return { contests, problems: found.map((problem) => publish(problem, untimed)) }
}

/** For the front page (docs/adr/0046): in no contest, so that trying one tells nothing. */
const isSample = ({ body }: DemoProblem) => body.tags?.includes('sample') === true

/** Samples, and programs of open contests, are for practice too. Other questions are not: practising would tell the answer the contest asks for. */
function publish(problem: DemoProblem, untimed: ReadonlySet<string>): DemoProblem {
  return { ...problem, body: { ...problem.body, public: isSample(problem) || (problem.body.kind === 'program' && untimed.has(problem.key)) } }
}

async function readQuizzes(folder: string): Promise<DemoProblem[]> {
  const problems: DemoProblem[] = []
  for (const name of (await readdir(folder)).sort()) {
    const file = join(folder, name)
    for (const entry of records(parse(await readFile(file, 'utf8')), file)) {
      const { key, ...body } = entry
      const where = `${file} (${String(key)})`
      problems.push({ key: keyOf(key, file), body: question(body, where), accepted: [] })
    }
  }
  return problems
}

/** A question that can be answered: its right options exist, and one that takes one answer has one. */
function question(fields: Readonly<Record<string, unknown>>, where: string): NewProblem {
  const body = checkProblem(fields, where)
  if (body.kind === 'program') throw new Error(`${where}: a program belongs into a package folder`)
  if (body.kind === 'numeric') return body
  const ids = body.options.map((option) => option.id)
  refuseTwice(ids, `${where}: option`)
  refuseTwice(body.correct, `${where}: correct option`)
  const missing = body.correct.find((id) => !ids.includes(id))
  if (missing !== undefined) throw new Error(`${where}: correct option ${missing} is not among the options`)
  if (!body.multiple && body.correct.length !== 1) throw new Error(`${where}: ${body.correct.length} options are correct, so it needs multiple: true`)
  return body
}

async function readPrograms(folder: string): Promise<DemoProblem[]> {
  const problems: DemoProblem[] = []
  for (const name of (await readdir(folder)).sort()) {
    const where = join(folder, name)
    const body = checkProblem(await readPackage(where), where)
    const accepted = (await readSubmissions(where, 'accepted')).map(({ language, source }) => ({ language, source }))
    if (accepted.length === 0) throw new Error(`${where}: submissions/accepted is empty`)
    problems.push({ key: keyOf(basename(where), folder), body, accepted })
  }
  return problems
}

/** Checked against the schema of its own kind, so that a mistake is named once and not once for each kind. */
function checkProblem(body: unknown, where: string): NewProblem {
  const kind = (body as { kind?: unknown }).kind
  const schema: TSchema = NewProblem.anyOf.find((one) => one.properties.kind.const === kind) ?? NewProblem
  return check(schema, body, where) as NewProblem
}

/** Stands for the ids that seeding will give, where the contract wants one. */
const anyId = '00000000-0000-4000-8000-000000000000'

async function readContests(file: string): Promise<DemoContest[]> {
  const contests = records(parse(await readFile(file, 'utf8')), file).map((entry) => contestOf(entry, file))
  refuseTwice(
    contests.map((contest) => contest.key),
    `${file}: contest`,
  )
  return contests
}

function contestOf(entry: Readonly<Record<string, unknown>>, file: string): DemoContest {
  const { key, problems, ...fields } = entry
  const where = `${file} (${String(key)})`
  const entries = records(problems, `${where}: problems`).map(({ problem, ...rest }) => ({ problemKey: keyOf(problem, where), rest }))
  const body = check(NewContest, { ...fields, problems: entries.map(({ rest }) => ({ ...rest, problemId: anyId })) }, where)
  const { startsAt, endsAt, ...contest } = body
  if (startsAt !== undefined || endsAt !== undefined) throw new Error(`${where}: times are given when the demonstration is loaded`)
  const listed = body.problems.map(({ label, points, maxAttempts }, index): DemoContestProblem => {
    const problemKey = entries[index]?.problemKey ?? ''
    if (label === undefined || points === undefined) throw new Error(`${where}: ${problemKey} needs a label and points`)
    return { problemKey, label, points, ...(maxAttempts !== undefined && { maxAttempts }) }
  })
  refuseTwice(
    listed.map((problem) => problem.label),
    `${where}: label`,
  )
  return { ...contest, key: keyOf(key, file), problems: listed }
}

/** Every problem is in exactly one contest, a sample in none, and every contest knows its problems. */
function refuseStrays(found: readonly DemoProblem[], contests: readonly DemoContest[], root: string): void {
  const keys = new Set(found.map((problem) => problem.key))
  const used = contests.flatMap((contest) => contest.problems.map((entry) => entry.problemKey))
  refuseTwice(used, `${join(root, 'contests.yaml')}: problem`)
  const unknown = used.find((key) => !keys.has(key))
  if (unknown !== undefined) throw new Error(`${join(root, 'contests.yaml')}: there is no problem ${unknown}`)
  const asked = found.find((problem) => isSample(problem) && used.includes(problem.key))
  if (asked) throw new Error(`${join(root, 'contests.yaml')}: ${asked.key} is a sample, which no contest may ask`)
  const unused = [...keys].find((key) => !used.includes(key) && !found.some((problem) => problem.key === key && isSample(problem)))
  if (unused !== undefined) throw new Error(`${join(root, 'contests.yaml')}: problem ${unused} is in no contest`)
}

function records(value: unknown, where: string): Readonly<Record<string, unknown>>[] {
  if (!Array.isArray(value) || value.some((one) => one === null || typeof one !== 'object' || Array.isArray(one)))
    throw new Error(`${where}: expected a list of entries`)
  return value
}

function keyOf(value: unknown, where: string): string {
  if (typeof value === 'string' && /^[a-z0-9]+(-[a-z0-9]+)*$/.test(value)) return value
  throw new Error(`${where}: ${JSON.stringify(value)} is no key (small letters, digits, hyphens)`)
}

function refuseTwice(values: readonly string[], what: string): void {
  const twice = values.find((value, index) => values.indexOf(value) !== index)
  if (twice !== undefined) throw new Error(`${what} ${twice} occurs twice`)
}
