import type { ImportReport } from '#contracts/packages'
import type { PackagePlan, PackageReport } from './package-plan.ts'
import { some } from './package-plan.ts'

/** The files of an archive that belong to the package, by their paths in it. */
export type Entry = { readonly path: string; readonly size: number }
export type Archive = {
  /** The one folder everything lies in, or ''. */
  readonly top: string
  readonly isPolygon: boolean
  /** Paths without `top`. */
  readonly entries: readonly Entry[]
}

/** Left behind by file managers and version control. */
const isLitter = (path: string) =>
  /(^|\/)(__MACOSX|\.git|\.svn)(\/|$)/.test(path) || /(^|\/)(\.DS_Store|Thumbs\.db|desktop\.ini|\.gitignore|\.gitkeep)$/i.test(path)
/** Names that are devices on some systems: a package that has one cannot be unpacked there. */
const isDevice = (path: string) => path.split('/').some((part) => /^(con|prn|aux|nul|com[0-9]|lpt[0-9])(\.|$)/i.test(part))
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const isUnreadable = (path: string) => /[\u0000-\u001F\u007F\uFFFD]/.test(path) || !path.isWellFormed()

export function openArchive(all: readonly Entry[], report: PackageReport): Archive | undefined {
  const files = all.filter(({ path }) => !isLitter(path))
  const unreadable = files.filter(({ path }) => isUnreadable(path))
  if (unreadable.length > 0)
    report.complaints.push(`${unreadable.length} of its names are no text (${some(unreadable.map(({ path }) => JSON.stringify(path.toWellFormed())))})`)
  const devices = files.filter(({ path }) => isDevice(path))
  if (devices.length > 0) report.complaints.push(`names that are devices on some systems: ${some(devices.map(({ path }) => path))}`)
  const deep = files.filter(({ path }) => path.length > 500 || path.split('/').length > 20)
  if (deep.length > 0) report.complaints.push(`names that are longer than 500 characters, or deeper than 20 folders: ${deep.length}`)
  const paths = files.map(({ path }) => path)
  const found = ['problem.yaml', 'problem.xml'].map((name) => ({ name, top: topOf(paths, name) })).find(({ top }) => top !== undefined)
  if (found?.top === undefined) {
    report.complaints.push('there is no problem.yaml (ICPC, Kattis) and no problem.xml (Polygon) at its root, or inside its only folder')
    return undefined
  }
  const { top } = found
  const entries = files.filter(({ path }) => path.startsWith(top)).map(({ path, size }) => ({ path: path.slice(top.length), size }))
  return { top, isPolygon: found.name === 'problem.xml', entries }
}

function topOf(paths: readonly string[], name: string): string | undefined {
  if (paths.includes(name)) return ''
  const folder = `${paths[0]?.split('/')[0]}/`
  return paths.every((path) => path.startsWith(folder)) && paths.includes(`${folder}${name}`) ? folder : undefined
}

/** For the person who sent it: what was understood. */
export function importReport(plan: PackagePlan, title: string, report: PackageReport): ImportReport {
  const { format, tests, limits, mode, checker, interactor, statements, solutions } = plan
  const groups = (plan.groups ?? []).map(({ name, maxMilli }) => ({ name, points: maxMilli / 1000, tests: tests.filter(({ group }) => group === name).length }))
  return {
    ...{ format, title, groups, mode },
    tests: tests.length,
    samples: tests.filter(({ sample }) => sample).length,
    limits: { cpuMs: limits.cpuMs, memoryBytes: limits.memoryBytes },
    checker: (checker ?? interactor)?.protocol ?? 'default',
    statements: statements.map(({ language }) => language),
    solutions: solutions.length,
    ignored: [...report.ignored],
  }
}
