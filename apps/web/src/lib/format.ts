/** Numbers and times as people read them, in the interface's language and the reader's own time zone. */
export const localeOf = (language: string) => (language === 'en' ? 'en-GB' : language)
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
  return dateTime(language, at).format(at)
}

/** The day alone, for what lasts months. */
export const formatDay = (iso: string, language: string) =>
  new Intl.DateTimeFormat(localeOf(language), { day: 'numeric', month: 'long', year: 'numeric' }).format(new Date(iso))

/** From one moment to another, what both share said once. */
export function formatSpan(startIso: string, endIso: string, language: string): string {
  const start = new Date(startIso)
  return dateTime(language, start).formatRange(start, new Date(endIso))
}

/** The time of day for today's moments, the date as well for older ones. */
export function formatMoment(iso: string, language: string, nowMs: number): string {
  const at = new Date(iso)
  return at.toDateString() === new Date(nowMs).toDateString() ? timeOnly(language).format(at) : dateTime(language, at, nowMs).format(at)
}

export const formatMemory = (bytes: number) =>
  bytes < 1024 ** 2 ? `${Math.ceil(bytes / 1024)} KiB` : `${(bytes / 1024 ** 2).toFixed(bytes < 10 * 1024 ** 2 ? 1 : 0)} MiB`
export const formatCpu = (ms: number) => (ms < 1000 ? `${ms} ms` : `${(ms / 1000).toFixed(2)} s`)

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
