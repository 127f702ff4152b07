import { parse } from 'yaml'
import type { PackageReport } from './package-plan.ts'

/** Settings as a package's author wrote them: any shape, read field by field. */
export type Fields = Readonly<Record<string, unknown>>
export const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null && !Array.isArray(value)
export const textOf = (value: unknown): string | undefined => (typeof value === 'string' || typeof value === 'number' ? String(value) : undefined)
export const wordsOf = (value: unknown): string[] =>
  Array.isArray(value) ? value.map((word) => textOf(word) ?? '') : (textOf(value) ?? '').split(/\s+/).filter(Boolean)
export const numberOf = (value: unknown): number | undefined => {
  const text = textOf(value)?.trim() ?? ''
  const number = text === '' ? Number.NaN : Number(text)
  return Number.isFinite(number) ? number : undefined
}
export const positive = (value: unknown): number | undefined => {
  const number = numberOf(value)
  return number !== undefined && number > 0 ? number : undefined
}

/** Real ones have below 2,000 characters; the parser compares keys pairwise, so that 500,000 of them would take minutes. */
const maxYaml = 20_000
/** An empty file is empty settings; a broken one is a complaint, and empty settings. */
export function readYaml(file: string, text: string, report: PackageReport): Fields {
  if (text.length > maxYaml) {
    report.complaints.push(`${file} is longer than ${maxYaml} characters`)
    return {}
  }
  try {
    // aliases can make a small text a huge value; at a lower log level broken texts would be read as far as they go
    const value: unknown = parse(text, { maxAliasCount: 20, logLevel: 'error' })
    if (isFields(value) || value === null) return value ?? {}
    report.complaints.push(`${file} is not a list of settings`)
  } catch (cause) {
    report.complaints.push(`${file} is not YAML: ${cause instanceof Error ? (cause.message.split('\n')[0] ?? '') : 'unreadable'}`)
  }
  return {}
}

/** `key = value` lines; quotes around a value are not part of it. */
export function readIni(text: string): Readonly<Record<string, string>> {
  const fields: Record<string, string> = {}
  for (const line of text.split('\n').slice(0, 100)) {
    const at = line.indexOf('=')
    if (at > 0)
      fields[line.slice(0, at).trim()] = line
        .slice(at + 1)
        .trim()
        .replace(/^['"]/, '')
        .replace(/['"]$/, '')
  }
  return fields
}

export function tagsOf(keywords: unknown): string[] {
  const words = Array.isArray(keywords) ? keywords.map((word) => textOf(word) ?? '') : (textOf(keywords) ?? '').split(/[\s,]+/)
  const tags = words.map((word) =>
    word
      .toLowerCase()
      .replaceAll(/[^a-z0-9]+/g, '-')
      .replaceAll(/^-+/g, '')
      .slice(0, 30)
      .replaceAll(/-+$/g, ''),
  )
  return [...new Set(tags.filter((tag) => tag !== ''))].slice(0, 20)
}
