import { baseName, byName, folderOf, type PackageReport, type PlannedProgram, some } from './package-plan.ts'

/** Programs of a package: which files, which language. */

/** Ids of `languages.ts` by extension. C++ is the newest standard that the formats name. */
const languageOfExtension: Readonly<Record<string, string>> = {
  c: 'c',
  ...Object.fromEntries(['cpp', 'cc', 'cxx', 'c++', 'C'].map((extension) => [extension, 'cpp20'])),
  py: 'python',
  py3: 'python',
  java: 'java',
  js: 'javascript',
  ts: 'typescript',
  go: 'go',
  rs: 'rust',
}
const extensionOf = (path: string) => /\.([A-Za-z0-9+]+)$/.exec(path)?.[1] ?? ''
export const languageOfPath = (path: string): string | undefined => {
  const extension = extensionOf(path)
  return Object.hasOwn(languageOfExtension, extension) ? languageOfExtension[extension] : undefined
}

/** Codes of the formats' table of languages. A code stands for every standard and implementation of its language. */
const languagesOfCode: Readonly<Record<string, readonly string[]>> = {
  c: ['c'],
  cpp: ['cpp', 'cpp20', 'cpp23'],
  java: ['java'],
  python3: ['python', 'pypy'],
  python: ['python', 'pypy'],
  pypy3: ['pypy'],
  javascript: ['javascript'],
  typescript: ['typescript'],
  go: ['go'],
  rust: ['rust'],
}
export const languagesOf = (code: string): readonly string[] => (Object.hasOwn(languagesOfCode, code) ? (languagesOfCode[code] ?? []) : [])
/** The other way round: the code that stands for exactly these ids, or several. */
export const codesOf = (ids: readonly string[]): string[] =>
  ['c', 'cpp', 'java', 'python3', 'javascript', 'typescript', 'go', 'rust'].filter((code) => languagesOf(code).some((id) => ids.includes(id)))

const plainName = /^[A-Za-z0-9_][A-Za-z0-9_.+-]{0,99}$/
/** Languages whose sources are compiled together; of others one is run, and the rest lie beside it. */
const isCompiledTogether = (language: string) => /^(c|cpp\d*|java|go)$/.test(language)

/** As the contract of authors' programs has it. */
const mostFiles = 100

/**
 * The programs right below a folder: a file each, or a folder each.
 * @returns by the name of file or folder, in order.
 */
export function programsIn(folder: string, paths: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const programs = new Map<string, string[]>()
  for (const path of [...paths].sort(byName)) {
    if (!path.startsWith(folder)) continue
    const name = path.slice(folder.length).split('/')[0] ?? ''
    const files = programs.get(name)
    if (files) files.push(path)
    else programs.set(name, [path])
  }
  return programs
}

/** One program of the package's own that the arena runs: its language by its extension, what is compiled first. Undefined with a complaint. */
export function planProgram(what: string, paths: readonly string[], report: PackageReport): PlannedProgram | undefined {
  const complain = (problem: string) => void report.complaints.push(`${what} ${problem}`)
  if (paths.length > mostFiles) return complain(`has more than ${mostFiles} files`)
  const folder = folderOf(paths[0] ?? '')
  const script = paths.find((path) => /^(build|run)(\.sh)?$/.test(baseName(path)))
  if (script !== undefined) return complain(`has a script ${script}: only sources are taken, which the arena compiles itself`)
  const strange = paths.find((path) => folderOf(path) !== folder || !plainName.test(baseName(path)))
  if (strange !== undefined) return complain(`has a file the arena cannot keep beside it: ${strange}`)
  const sources = paths.filter((path) => languageOfPath(path) !== undefined && !/README/i.test(path))
  const languages = new Set(sources.map((path) => languageOfPath(path)))
  const [language] = languages
  if (language === undefined) return complain(`is in no language the arena knows (${some(paths.map(baseName))})`)
  if (languages.size > 1) return complain(`is in more than one language (${some(sources.map(baseName))})`)
  const rest = paths.filter((path) => !sources.includes(path))
  if (sources.length === 1) return { language, paths: [...sources, ...rest] }
  if (language === 'python') {
    const main = sources.find((path) => /^(__main__|main)\.py$/.test(baseName(path)))
    return main === undefined ? complain('has several files and no main.py') : { language, paths: [main, ...sources.filter((path) => path !== main), ...rest] }
  }
  if (!isCompiledTogether(language)) return complain(`has several sources (${some(sources.map(baseName))}), and nothing says which of them is run`)
  const main = sources.find((path) => /\/(main|validator?|check(er)?|interactor?)\.[^/]+$/i.test(path)) ?? sources[0] ?? ''
  return { language, paths: [main, ...sources.filter((path) => path !== main), ...rest] }
}
