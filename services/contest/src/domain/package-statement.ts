import type { PackageReport, PackageTexts, PlannedStatement, SectionName, StatementPart } from './package-plan.ts'
import { some } from './package-plan.ts'
import { fromTex } from './package-tex.ts'

/** A package's statements as the arena's Markdown, one a language: what only the package's own tools understand is taken out. */
export type ReadStatement = { readonly language: string; readonly title: string | undefined; readonly statement: string }

/** The contract's bound on a statement, characters. */
export const maxStatement = 50_000

export const fromMarkdown = (text: string): string =>
  text
    .replaceAll(/\{\{\s*(nextsample|remainingsamples|sample\.\w+)\s*\}\}/gi, '')
    .replaceAll(/\{\{\s*img\s+([^\s{}]{1,200})[^{}\n]{0,200}\}\}/g, '![]($1)')
    .trim()

const headings: Readonly<Record<SectionName, Readonly<Record<string, string>>>> = {
  input: { en: 'Input', fr: 'Entrée', rw: 'Ibyinjira', ru: 'Входные данные' },
  output: { en: 'Output', fr: 'Sortie', rw: 'Ibisohoka', ru: 'Выходные данные' },
  interaction: { en: 'Interaction', fr: 'Interaction', rw: 'Uko porogaramu ziganira', ru: 'Протокол взаимодействия' },
  scoring: { en: 'Scoring', fr: 'Barème', rw: 'Amanota', ru: 'Система оценки' },
  notes: { en: 'Notes', fr: 'Notes', rw: 'Icyitonderwa', ru: 'Примечание' },
}

/** English first, then by language. A statement that is too long, or nothing, is left out with a word on it. */
export function readStatements(planned: readonly PlannedStatement[], texts: PackageTexts, report: PackageReport): ReadStatement[] {
  const unknown = new Set<string>()
  const read = planned.flatMap(({ language, title, parts }) => {
    const pieces = parts.map((part) => readPart(part, language, texts))
    for (const piece of pieces) for (const command of piece.unknown) unknown.add(command)
    const statement = pieces
      .map((piece) => piece.statement)
      .filter(Boolean)
      .join('\n\n')
    if (statement === '') return []
    if (statement.length > maxStatement) {
      report.complaints.push(`its statement in ${language} is longer than ${maxStatement} characters`)
      return []
    }
    return [{ language, title: title ?? pieces.find((piece) => piece.title !== undefined)?.title, statement }]
  })
  if (unknown.size > 0) report.warnings.push(`commands of TeX that are not understood were left out of the statement: ${some([...unknown])}`)
  if (planned.some(({ parts }) => parts.some(({ format }) => format === 'tex'))) report.warnings.push('the statement was made from TeX: look it through')
  if (read.length === 0) report.warnings.push('there is no statement')
  return read.sort((a, b) => Number(b.language === 'en') - Number(a.language === 'en') || (a.language < b.language ? -1 : 1))
}

function readPart(
  { path, format, heading }: StatementPart,
  language: string,
  texts: PackageTexts,
): { statement: string; title?: string | undefined; unknown: readonly string[] } {
  const name = path.slice(path.lastIndexOf('/') + 1)
  if (format === 'pdf') return { statement: `[${name}](${name})`, unknown: [] }
  const text = texts.get(path) ?? ''
  if (format === 'markdown') return { statement: fromMarkdown(text), unknown: [] }
  const read = fromTex(text)
  if (heading === undefined || read.statement === '') return read
  return { ...read, statement: `## ${headings[heading][language] ?? headings[heading].en}\n\n${read.statement}` }
}

export const missingStatement = '*The package has no statement that can be shown here. Edit the problem to add one.*'
