/** Texts by code. A code or a parameter the translation does not know falls back to the server's English. */
import type en from '../locales/en.json'
import { ApiError } from './api-client.ts'
import { formatDay, formatMemory } from './format.ts'
import { formatMoney, isCurrency } from './money.ts'
import { languageSpoken, type TFunction, templateOf } from './translate.ts'

export type Params = Readonly<Record<string, unknown>>

/** Names a template needs: `{{name}}` → name. */
export const placeholdersOf = (template: string) => [...template.matchAll(/\{\{\s*(\w+)[^}]*\}\}/g)].map((match) => match[1] ?? '')

/**
 * Sizes come in bytes and moments in ISO 8601, and both are told as people read them; what is wrong may come as a sentence, and the text around it has the
 * full stop.
 */
function shown(name: string, value: unknown): string {
  if (typeof value === 'string' && /^\d{4}-\d{2}-\d{2}T[\d:.]+Z$/.test(value)) return formatDay(value, languageSpoken())
  if (name.endsWith('Bytes') && typeof value === 'number') return formatMemory(value, languageSpoken())
  return name === 'problem' ? String(value).replace(/\.+$/, '') : String(value)
}

/** The translated template filled in, or undefined when it needs what `params` lacks. */
export function fill(template: string | undefined, params: Params): string | undefined {
  if (template === undefined || template === '') return undefined
  if (placeholdersOf(template).some((name) => params[name] === undefined || params[name] === null)) return undefined
  return template.replace(/\{\{\s*(\w+)[^}]*\}\}/g, (_, name: string) => shown(name, params[name]))
}

const template = (key: string): string | undefined => templateOf(languageSpoken(), key) ?? templateOf('en', key)

/** `details.field` → how the form calls it. */
const fieldLabels: Readonly<Record<string, string>> = {
  format: 'contestForm.format',
  timing: 'contestForm.timing',
  startsAt: 'contestForm.startsAt',
  endsAt: 'contestForm.endsAt',
  durationMinutes: 'contestForm.duration',
  'rules.feedback': 'contestForm.feedback',
  problems: 'contestForm.problems',
  premium: 'contestForm.premium',
  paidAt: 'billingAdmin.cameAt',
  until: 'billingAdmin.until',
}

/** A field and a broken rule in the reader's words; what the translation does not know stays as the server said it. */
function inWords(details: Params): Params {
  const { field, rule } = details
  const label = typeof field === 'string' ? fieldLabels[field] : undefined
  const named = label === undefined ? details : { ...details, field: template(label) ?? field }
  const problem = typeof rule === 'string' ? fill(template(`timesRule.${rule}`), named) : undefined
  return problem === undefined ? named : { ...named, problem }
}

export function errorText(t: TFunction, error: unknown): string {
  if (!(error instanceof ApiError)) return t('error.unexpected')
  return fill(template(`errors.${error.code}`), inWords(error.details)) ?? error.message
}

type Verdict = keyof typeof en.verdict
type Role = keyof typeof en.role

/** An amount and its currency, as one text. */
function moneyOf({ amount, currency }: Params): { readonly money?: string } {
  if (typeof amount !== 'number' || !Number.isSafeInteger(amount) || !isCurrency(currency)) return {}
  return { money: formatMoney({ amount, currency }, languageSpoken()) }
}

/**
 * A push or an inbox entry; a verdict, role or amount among the params is translated too. A text of the push's own `kind` or `stage` goes before the usual
 * one; `_short` texts stand in where a parameter is missing.
 */
export function pushText(t: TFunction, push: { readonly code: string; readonly params: Params; readonly message: string }): string {
  const { verdict, role, kind, stage } = push.params
  const params = {
    ...push.params,
    ...moneyOf(push.params),
    ...(typeof verdict === 'string' && { verdict: t(`verdict.${verdict as Verdict}`, { defaultValue: verdict }) }),
    ...(typeof role === 'string' && { role: t(`role.${role as Role}`, { defaultValue: role }) }),
  }
  const texts = [`${push.code}_${String(kind ?? stage)}`, push.code, `${push.code}_short`]
  return texts.map((name) => fill(template(`push.${name}`), params)).find((text) => text !== undefined) ?? push.message
}
