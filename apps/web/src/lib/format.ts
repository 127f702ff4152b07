/** Numbers and times as people read them, in the interface's language and the reader's own time zone. */
import { dateInKinyarwanda, numberInKinyarwanda } from './kinyarwanda.ts'

/** Kinyarwanda is written with the parts of British dates and numbers, since browsers do not know it (kinyarwanda.ts). */
const localeOf = (language: string) => (language === 'fr' ? 'fr' : 'en-GB')
const isKinyarwanda = (language: string) => language === 'rw'

/** A date that Intl made, or a span of two. */
function dateText(language: string, format: Intl.DateTimeFormat, from: Date, to?: Date): string {
  if (isKinyarwanda(language)) return dateInKinyarwanda(to ? format.formatRangeToParts(from, to) : format.formatToParts(from))
  return to ? format.formatRange(from, to) : format.format(from)
}

/** To make one takes a phone a tenth of a millisecond, and a board writes a thousand numbers. */
const numberFormats = new Map<string, Intl.NumberFormat>()
function numberFormat(language: string, options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const name = `${language} ${JSON.stringify(options)}`
  const format = numberFormats.get(name) ?? new Intl.NumberFormat(localeOf(language), options)
  numberFormats.set(name, format)
  return format
}

/** `12,345.5`, `12 345,5`, `12.345,5`. A number or its decimal text, which is kept to the last digit. */
export function formatNumber(value: number | `${number}`, language: string, options: Intl.NumberFormatOptions = {}): string {
  const format = numberFormat(language, options)
  return isKinyarwanda(language) ? numberInKinyarwanda(format.formatToParts(value as number)) : format.format(value as number)
}

/** With its zone, since a pupil, a teacher and a friend abroad may compare; the year where it is not this one. */
const dateTime = (language: string, at: Date, nowMs = Date.now()) =>
  new Intl.DateTimeFormat(localeOf(language), {
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
    timeZoneName: 'short',
    ...(at.getFullYear() !== new Date(nowMs).getFullYear() && { year: 'numeric' }),
  })
const timeOnly = (language: string) => new Intl.DateTimeFormat(localeOf(language), { hour: '2-digit', minute: '2-digit', second: '2-digit' })

export function formatDateTime(iso: string, language: string): string {
  const at = new Date(iso)
  return dateText(language, dateTime(language, at), at)
}

/** The day alone, for what lasts months. */
export const formatDay = (iso: string, language: string) =>
  dateText(language, new Intl.DateTimeFormat(localeOf(language), { day: 'numeric', month: 'long', year: 'numeric' }), new Date(iso))

/** From one moment to another, what both share said once. */
export function formatSpan(startIso: string, endIso: string, language: string): string {
  const start = new Date(startIso)
  return dateText(language, dateTime(language, start), start, new Date(endIso))
}

/** The time of day for today's moments, the date as well for older ones. */
export function formatMoment(iso: string, language: string, nowMs: number): string {
  const at = new Date(iso)
  return at.toDateString() === new Date(nowMs).toDateString() ? timeOnly(language).format(at) : dateText(language, dateTime(language, at, nowMs), at)
}

const digits = (count: number) => ({ minimumFractionDigits: count, maximumFractionDigits: count })
export const formatMemory = (bytes: number, language: string) =>
  bytes < 1024 ** 2
    ? `${formatNumber(Math.ceil(bytes / 1024), language)} KiB`
    : `${formatNumber(bytes / 1024 ** 2, language, digits(bytes < 10 * 1024 ** 2 ? 1 : 0))} MiB`
export const formatCpu = (ms: number, language: string) =>
  ms < 1000 ? `${formatNumber(ms, language)} ms` : `${formatNumber(ms / 1000, language, digits(2))} s`

/** `2026-11-22T18:30` of the reader's own clock, as `<input type="datetime-local">` wants it. */
export function toLocalInput(iso: string | undefined): string {
  if (!iso) return ''
  const at = new Date(iso)
  const two = (n: number) => String(n).padStart(2, '0')
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}T${two(at.getHours())}:${two(at.getMinutes())}`
}

/** The UTC moment a `datetime-local` text means here; undefined when it is empty or no time. */
export function fromLocalInput(text: string): string | undefined {
  const at = new Date(text)
  return text === '' || Number.isNaN(at.getTime()) ? undefined : at.toISOString()
}
export const timeZoneName = () => Intl.DateTimeFormat().resolvedOptions().timeZone
