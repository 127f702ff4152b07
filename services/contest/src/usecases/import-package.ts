import type { Problem } from '#contracts/contest'
import type { ApiFailure } from '#contracts/errors'
import type { ImportReport } from '#contracts/packages'
import { fail, ok, type Result } from '#kernel/result'
import type { Deps, UserCaller } from '#kit/define-service'
import { importReport, openArchive } from '../domain/package-archive.ts'
import { constantsOf, filledTexts } from '../domain/package-constants.ts'
import { planKattis } from '../domain/package-kattis.ts'
import { openReport, type PackagePlan, type PackageReport, type PackageTexts } from '../domain/package-plan.ts'
import { planPolygon } from '../domain/package-polygon.ts'
import { missingStatement, readStatements } from '../domain/package-statement.ts'
import type { ProblemFields } from '../domain/problem.ts'
import { isStorable } from '../domain/storable.ts'
import { type OpenZip, withZip } from '../zip.ts'
import { readSamples, readTexts, textPath } from './package-texts.ts'
import { answerFor } from './read-problem.ts'
import { addProblem, type Brought } from './save-problem.ts'
import { storePackage } from './store-package.ts'

type Needs = Pick<Deps, 'db' | 'files' | 'clock' | 'ids' | 'outbox'>
type Imported = { problem: Problem; warnings: string[]; report: ImportReport; verification: 'running' | 'none' }
type Answer = Result<Imported, ApiFailure<'PACKAGE_INVALID'>>
type Read = {
  readonly fields: ProblemFields
  readonly plan: PackagePlan
  readonly stored: Awaited<ReturnType<typeof storePackage>>
  readonly report: PackageReport
} & Pick<Brought, 'language' | 'translations'>

/**
 * A package as a problem of the caller's, or a list of all that is wrong with it, and then nothing of it is there. Blobs go to the Files port only after the
 * whole of it was understood. Its own solutions are judged from then on (run-verification.ts).
 */
export async function importPackage(deps: Needs, bytes: AsyncIterable<Uint8Array>, caller: Pick<UserCaller, 'userId' | 'role'>): Promise<Answer> {
  const opened = await withZip(bytes, (zip) => readPackage(zip, deps))
  const read = opened.ok ? opened.value : fail([opened.error])
  if (!read.ok) return fail({ code: 'PACKAGE_INVALID', details: complaintsOf(read.error) })
  const { fields, plan, stored, report, language, translations } = read.value
  const warnings = [...report.warnings, ...(report.ignored.length ? [`not used: ${report.ignored.join(', ')}`] : [])].map((warning) =>
    warning.slice(0, 500).toWellFormed(),
  )
  const brought: Brought = { language, translations, files: stored.files, kept: stored.kept }
  const saved = await addProblem(deps, { fields, content: stored.content, ownerId: caller.userId, warnings, brought })
  const problem = await answerFor(deps.db, saved, caller)
  const verification = problem.authoring?.verification?.state === 'running' ? 'running' : 'none'
  return ok({ problem, warnings, report: importReport(plan, saved.title, report), verification })
}

/** The first complaints as one sentence, and all of them (at most 50) as a list. */
function complaintsOf(complaints: readonly string[]) {
  const problems = [...new Set(complaints)].slice(0, 50).map((each) => each.slice(0, 500).toWellFormed().replaceAll('\0', '\uFFFD'))
  return { problem: problems.join('; ').slice(0, 500).toWellFormed(), problems }
}

async function readPackage(zip: OpenZip, { files }: Needs): Promise<Result<Read, string[]>> {
  const report = openReport()
  const archive = openArchive(zip.entries, report)
  if (archive === undefined || report.complaints.length > 0) return fail(report.complaints)
  const wanted = archive.entries.filter(({ path }) => textPath.test(path))
  const written = await readTexts({ zip, top: archive.top, entries: wanted, report })
  const constants = constantsOf(written)
  const texts = filledTexts(written, constants)
  const paths = archive.entries.map(({ path }) => path)
  const plan = (archive.isPolygon ? planPolygon : planKattis)({ paths, texts, report })
  const samples = report.complaints.length > 0 ? [] : await readSamples({ zip, top: archive.top, tests: plan.tests, texts, report })
  const statements = readFields(plan, texts, report, archive.top)
  if (!isStorable([statements, samples, plan.meta])) report.complaints.push('its name, statement, settings or samples hold characters that are no text')
  if (report.complaints.length > 0) return fail(report.complaints)
  const stored = await storePackage({ zip, files, top: archive.top, plan, samples, constants })
  return ok({ ...statements, plan, stored, report })
}

function readFields(plan: PackagePlan, texts: PackageTexts, report: PackageReport, top: string): Pick<Read, 'fields' | 'language' | 'translations'> {
  const [first, ...others] = readStatements(plan.statements, texts, report)
  const title = plan.title ?? first?.title ?? (top.slice(0, -1) || undefined)
  if (title === undefined) report.warnings.push('the package names no title')
  const shown = (text = 'Imported problem') => text.slice(0, 200).toWellFormed()
  const fields = { title: shown(title), subject: 'computer-science' as const, tags: plan.tags, public: false, statement: first?.statement ?? missingStatement }
  const translations = others.map(({ language, title: own, statement }) => ({ language, title: shown(own ?? title), statement }))
  return { fields, language: first?.language ?? null, translations }
}
