/** Form → body of POST /api/submit and /api/runs, and small decisions of the answer forms. */
import type { Language, Problem } from '#contracts/contest'
import type { NewRun } from '#contracts/runs'
import type { Answer, Submit } from '#contracts/submission'

type Target = { readonly problemId: string; readonly contestId?: string | undefined }
const targetOf = ({ problemId, contestId }: Target) => ({ ...(contestId !== undefined && { contestId }), problemId })

export const answerBody = (target: Target, answer: Answer): Submit => ({ ...targetOf(target), answer })

export const programBody = (target: Target, language: string, source: string): Submit => ({ ...targetOf(target), language, source })

export const runBody = (target: Target, program: { readonly language: string; readonly source: string; readonly input: string }): NewRun => ({
  ...targetOf(target),
  ...program,
})

/** Pressing an option: with one right answer it replaces, with several it joins or leaves. */
export function toggled(chosen: readonly string[], option: string, multiple: boolean): readonly string[] {
  if (!multiple) return [option]
  return chosen.includes(option) ? chosen.filter((each) => each !== option) : [...chosen, option]
}

/** Where the output itself is handed in (`textLanguage` of the contracts): no judge has a toolchain for it, and none needs one. */
const text: Language = { id: 'text', name: 'Text', version: '', run: '', timeFactor: 1 }

/** Languages this problem takes, in the server's order. */
export const allowedLanguages = (problem: Pick<Problem, 'languages'>, all: readonly Language[]): readonly Language[] =>
  problem.languages ? [...all, text].filter(({ id }) => problem.languages?.includes(id)) : all

/** The one used last when this problem takes it, else the first. */
export const startLanguage = (allowed: readonly Language[], lastUsed: string | undefined) =>
  allowed.find(({ id }) => id === lastUsed)?.id ?? allowed[0]?.id ?? ''

const byEnding: Readonly<Record<string, readonly string[]>> = {
  c: ['c'],
  h: ['c'],
  cpp: ['cpp', 'cpp20', 'cpp23'],
  cc: ['cpp', 'cpp20', 'cpp23'],
  cxx: ['cpp', 'cpp20', 'cpp23'],
  py: ['python', 'pypy'],
  java: ['java'],
  js: ['javascript'],
  ts: ['typescript'],
  go: ['go'],
  rs: ['rust'],
  txt: ['text'],
}

/** What an uploaded file is probably written in: the language at hand when its ending fits, else the first allowed one that fits. */
export function languageOfFile(name: string, allowed: readonly Language[], current: string): string {
  const fits = byEnding[name.slice(name.lastIndexOf('.') + 1).toLowerCase()] ?? []
  return fits.includes(current) ? current : (allowed.find(({ id }) => fits.includes(id))?.id ?? current)
}

/** Bytes of the text as it will be stored. */
export const sourceBytes = (source: string) => new TextEncoder().encode(source).length
export const defaultSourceLimit = 65_536
