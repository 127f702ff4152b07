import { type CurrencyCode, decimalText } from '#kernel/money'
import { parseIso } from '#kernel/time'
import { type MailParams, preferenceOf, type Template } from './mail-kinds.ts'
import { en } from './mail-templates/en.ts'
import { fr } from './mail-templates/fr.ts'
import { rw } from './mail-templates/rw.ts'
import type { MailTexts } from './mail-templates/shape.ts'

export type Letter = { readonly subject: string; readonly text: string; readonly html: string }
export type LetterOf<T extends Template> = {
  readonly template: T
  readonly params: MailParams[T]
  /** Anything else than en, fr and rw reads English. */
  readonly language: string
  /** As its owner wrote it. */
  readonly name: string
  /** Where the button leads; with a secret in its fragment at most. */
  readonly link: string
  /** Where mail of this kind is turned off: every template has one but those about the account. */
  readonly unsubscribeLink: string | undefined
  /** What users call this arena: the host of its address. */
  readonly host: string
}

export const languages = { en, fr, rw } as const satisfies Record<string, MailTexts>
const isLanguage = (language: string): language is keyof typeof languages => Object.hasOwn(languages, language)
type Fields = Readonly<Record<string, string>>

/** Text and HTML of one mail from the same words. What users wrote stands on one line and is escaped. @throws when a field of the text is not given. */
export function renderMail<T extends Template>(letter: LetterOf<T>): Letter {
  const language = isLanguage(letter.language) ? letter.language : 'en'
  const texts = languages[language]
  const fields = fieldsOf(letter, texts)
  const { subject, heading, blocks, button } = texts.mails[letter.template]
  const greeting = mayGreet(letter.name) ? fill(texts.greeting, { name: oneLine(letter.name) }) : texts.plainGreeting
  const isAboutAccount = preferenceOf[letter.template] === null
  const parts: Parts = {
    language,
    heading: fill(heading, fields),
    paragraphs: [greeting, ...blocks.map((block) => fill(block, fields))],
    button,
    link: letter.link,
    linkHint: texts.linkHint,
    footer: fill(isAboutAccount ? texts.accountFooter : texts.bulkFooter, { host: letter.host }),
    unsubscribe: letter.unsubscribeLink === undefined ? undefined : { words: texts.unsubscribe, link: letter.unsubscribeLink },
  }
  return { subject: fill(subject, fields), text: asText(parts), html: asHtml(parts) }
}

/**
 * Anybody can make an account with somebody else's address, and a name of their choice is then mailed there: what looks like an address of the web, or is
 * longer than names are, is not repeated.
 */
const mayGreet = (name: string) => name.length <= 60 && !isLinkLike.test(name) && oneLine(name) !== ''
/** Mail programs make links of what has a dot before two letters or digits; full stops of other scripts count, and nobody sees format characters between. */
const isLinkLike = /[/@\\:]|\p{Cf}|[.\u3002\uff0e\uff61](?:[\p{L}\p{N}]{2}|\p{N})/u

/** Line breaks, control characters and marks that turn the direction of writing become a space. */
const oneLine = (text: string) => text.replace(/[\p{Cc}\p{Zl}\p{Zp}\u200e\u200f\u202a-\u202e\u2066-\u2069\s]+/gu, ' ').trim()

/** What the texts of a template are filled with. */
export function fieldsOf<T extends Template>({ template, params }: Pick<LetterOf<T>, 'template' | 'params'>, texts: MailTexts): Fields {
  const time = (iso: string) => fill(texts.time, momentOf(iso, texts))
  const day = (iso: string) => fill(texts.day, momentOf(iso, texts))
  const money = (amount: number, currency: CurrencyCode) => `${grouped(decimalText({ amount, currency }), texts)} ${currency}`
  const account = (of: MailParams['welcome']) => ({ until: time(of.expiresAt) })
  const start = (of: MailParams['contest-soon']) => ({ title: oneLine(of.title), start: time(of.startsAt) })
  const receipt = (of: MailParams['receipt']) => ({
    number: String(of.number),
    plan: oneLine(of.planName),
    amount: money(of.amount, of.currency),
    from: day(of.periodStartsAt),
    to: day(of.periodEndsAt),
    reference: oneLine(of.reference),
  })
  const renewal = (of: MailParams['renewal-due']) => ({
    plan: oneLine(of.planName),
    amount: money(of.amount, of.currency),
    end: day(of.endsAt),
    openUntil: day(of.openUntil),
  })
  const makers: { readonly [K in Template]: (of: MailParams[K]) => Fields } = {
    welcome: account,
    'verify-email': account,
    'reset-password': account,
    'contest-tomorrow': start,
    'contest-soon': start,
    'contest-result': ({ title, rank, total, format, score, solved, problemCount }) => ({
      title: oneLine(title),
      rank: String(rank),
      total: String(total),
      outcome: fill(texts.outcome[format], { score: String(score), solved: String(solved), problemCount: String(problemCount) }),
    }),
    receipt,
    'credit-note': (of) => ({ ...receipt(of), of: String(of.of) }),
    'renewal-due': renewal,
    'renewal-late': renewal,
    'subscription-over': ({ planName }) => ({ plan: oneLine(planName) }),
  }
  return makers[template](params)
}

/** @throws for a field that is not there: half a mail is worse than none. */
function fill(text: string, fields: Fields): string {
  return text.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = fields[name]
    if (value === undefined) throw new Error(`a mail has no ${name}`)
    return value
  })
}

/** Everybody is told the time of Kigali, with its name: it is where most are, and a mail does not know where it is read. */
const clock = new Intl.DateTimeFormat('en-GB', {
  timeZone: 'Africa/Kigali',
  weekday: 'short',
  year: 'numeric',
  month: 'numeric',
  day: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  hourCycle: 'h23',
})
const shortDays = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat']

function momentOf(iso: string, { weekdays, months }: MailTexts): Fields {
  const at = parseIso(iso)
  if (at === undefined) throw new Error(`a mail has a time that is none: ${iso}`)
  const parts = Object.fromEntries(clock.formatToParts(at).map(({ type, value }) => [type, value])) as Record<string, string>
  return {
    ...parts,
    day: String(Number(parts.day)),
    weekday: weekdays[shortDays.indexOf(parts.weekday ?? '')] ?? '',
    month: months[Number(parts.month) - 1] ?? '',
  }
}

function grouped(decimal: string, { thousands, decimal: point }: MailTexts): string {
  const [whole = '', part] = decimal.split('.')
  const inGroups = whole.replace(/\B(?=(\d{3})+$)/g, thousands)
  return part === undefined ? inGroups : `${inGroups}${point}${part}`
}

type Parts = {
  readonly language: string
  readonly heading: string
  readonly paragraphs: readonly string[]
  readonly button: string
  readonly link: string
  readonly linkHint: string
  readonly footer: string
  readonly unsubscribe: { readonly words: string; readonly link: string } | undefined
}

function asText({ heading, paragraphs, button, link, footer, unsubscribe }: Parts): string {
  const end = unsubscribe === undefined ? footer : `${footer}\n${unsubscribe.words}: ${unsubscribe.link}`
  return `${[heading, ...paragraphs, `${button}:\n${link}`, `-- \n${end}`].join('\n\n')}\n`
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }
const escaped = (text: string) => text.replace(/[&<>"']/g, (letter) => entities[letter] ?? '')

/** Some hundred bytes of styles, no picture, nothing from elsewhere: it opens on a bad line, and tells nobody that it was read. */
function asHtml({ language, heading, paragraphs, button, link, linkHint, footer, unsubscribe }: Parts): string {
  const href = escaped(link)
  const off = unsubscribe === undefined ? '' : `<br><a href="${escaped(unsubscribe.link)}" style="color:inherit">${escaped(unsubscribe.words)}</a>`
  return [
    `<!doctype html><html lang="${language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">`,
    `<meta name="color-scheme" content="light dark"><title>${escaped(heading)}</title></head>`,
    '<body style="margin:0;padding:16px;font:16px/1.5 system-ui,sans-serif"><div style="max-width:34em;margin:0 auto">',
    `<h1 style="font-size:20px;overflow-wrap:anywhere">${escaped(heading)}</h1>`,
    ...paragraphs.map((paragraph) => `<p style="overflow-wrap:anywhere">${escaped(paragraph)}</p>`),
    `<p style="margin:24px 0"><a href="${href}" style="display:inline-block;padding:12px 20px;border-radius:6px;background:#1d4ed8;color:#fff;text-decoration:none">${escaped(button)}</a></p>`,
    `<p style="font-size:13px;overflow-wrap:anywhere">${escaped(linkHint)}<br><a href="${href}" style="color:inherit">${href}</a></p>`,
    `<hr style="border:0;border-top:1px solid #999"><p style="font-size:13px">${escaped(footer)}${off}</p>`,
    '</div></body></html>\n',
  ].join('\n')
}
