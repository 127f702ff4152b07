import type { AuthorFile } from '#contracts/judging'
import type { SolutionExpectation } from '#contracts/packages'
import type { PackageFormat } from './package-plan.ts'

/** What is kept of a package beside the problem that was made of it; the files' bytes are in the Files port. */
export type StoredFile = { readonly path: string; readonly digest: string; readonly bytes: number }
export type StoredSolution = {
  /** Below `submissions`. */
  readonly path: string
  readonly language: string | null
  readonly files: readonly AuthorFile[]
  readonly expected: SolutionExpectation
}
export type StoredPackage = {
  readonly format: PackageFormat
  readonly meta: Readonly<Record<string, unknown>>
  /** Under their names in the format of 2025-09. */
  readonly files: readonly StoredFile[]
  readonly solutions: readonly StoredSolution[]
}
/** Pictures and PDF files that statements name. */
export type StatementAsset = { readonly name: string; readonly digest: string; readonly bytes: number; readonly contentType: string }
export type Translation = { readonly language: string; readonly title: string; readonly statement: string; readonly html: string }

const contentTypes: Readonly<Record<string, string>> = {
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  svg: 'image/svg+xml',
  pdf: 'application/pdf',
}
export const contentTypeOf = (name: string): string | undefined => contentTypes[/\.([A-Za-z]+)$/.exec(name)?.[1]?.toLowerCase() ?? '']

/** The address of a statement's file. Its key is a part of its digest: only who has been shown the statement can know it. */
export const statementFileUrl = (problemId: string, { name, digest }: StatementAsset): string =>
  `/api/problems/${problemId}/files/${encodeURIComponent(name)}?key=${statementFileKey(digest)}`
export const statementFileKey = (digest: string): string => digest.slice(0, 32)

/** By name, as statements say it: with or without folders and the extension that TeX leaves out. */
export function fileNamed(files: readonly StatementAsset[], wanted: string): StatementAsset | undefined {
  const name = wanted.slice(wanted.lastIndexOf('/') + 1)
  return files.find((file) => file.name === name) ?? files.find((file) => file.name.replace(/\.[^.]+$/, '') === name && file.contentType.startsWith('image/'))
}

/** The reader's language, else the nearest: `fr-RW` is served `fr`. Undefined: none of those there are. */
export function chosenLanguage(wanted: readonly string[], there: readonly string[]): string | undefined {
  for (const each of wanted) {
    const exact = there.find((language) => language.toLowerCase() === each.toLowerCase())
    const near = exact ?? there.find((language) => language.split('-')[0]?.toLowerCase() === each.split('-')[0]?.toLowerCase())
    if (near !== undefined) return near
  }
  return undefined
}

/** Of an `Accept-Language`, the wished-for first. */
export function acceptedLanguages(header: string | undefined): string[] {
  const wanted = (header ?? '')
    .slice(0, 500)
    .split(',')
    .map((part) => {
      const [language = '', ...parameters] = part.trim().split(';')
      const weight = Number(
        parameters
          .find((each) => each.trim().startsWith('q='))
          ?.trim()
          .slice(2) ?? 1,
      )
      return { language: language.trim(), weight: Number.isFinite(weight) ? weight : 0 }
    })
  return wanted
    .filter(({ language, weight }) => /^[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*$/.test(language) && weight > 0)
    .sort((a, b) => b.weight - a.weight)
    .map(({ language }) => language)
}
