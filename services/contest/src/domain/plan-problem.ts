import type { Compare, CompareKind } from '#contracts/common'
import type { NewProblem, ProblemChange } from '#contracts/contest'
import type { ApiFailure } from '#contracts/errors'
import { languages, textLanguage } from '#contracts/languages'
import { parseDecimal } from '#kernel/decimal'
import { fail, ok, type Result } from '#kernel/result'
import { sampleGroup } from './package-groups.ts'
import { type Content, type Draft, type JudgedBy, type ProblemFields, sorted } from './problem.ts'

/** Checks what a teacher saves, so that what is wrong shows at the desk and not in the contest. */
export type PlannedProblem = { readonly fields: ProblemFields; readonly draft: Draft }
type Invalid = ApiFailure<'PROBLEM_INVALID'>
const invalid = (problem: string) => fail<Invalid>({ code: 'PROBLEM_INVALID', details: { problem } })

export function planProblem(input: NewProblem): Result<PlannedProblem, Invalid> {
  const { title, subject, tags = [], statement } = input
  const fields = { title: title.trim(), subject, tags: [...new Set(tags)], public: input.public ?? false, statement }
  return checked({ fields, draft: draftOf(input) })
}

function draftOf(input: NewProblem): Draft {
  switch (input.kind) {
    case 'choice':
      return {
        kind: 'choice',
        options: input.options,
        correct: input.correct,
        multiple: input.multiple ?? input.correct.length > 1,
        ...explained(input.explanation),
      }
    case 'numeric':
      return { kind: 'numeric', answer: input.answer, tolerance: input.tolerance ?? {}, unit: input.unit?.trim() ?? null, ...explained(input.explanation) }
    case 'program':
      return {
        kind: 'program',
        limits: input.limits,
        compare: plainCompare(input.compare ?? {}),
        languages: input.languages ?? null,
        samples: input.samples,
        tests: input.tests,
      }
  }
}

const fieldsOfKind = {
  choice: ['options', 'correct', 'multiple'],
  numeric: ['answer', 'tolerance', 'unit'],
  program: ['limits', 'compare', 'languages', 'samples', 'tests'],
} as const satisfies Record<Content['kind'], readonly (keyof ProblemChange)[]>

/** The problem after a change: fields that are left out stay, the kind never changes; tests left out are those it has. */
export function planProblemChange(old: ProblemFields & { readonly content: Content }, change: ProblemChange): Result<PlannedProblem, Invalid> {
  const { kind } = old.content
  const foreign = Object.entries(fieldsOfKind)
    .filter(([other]) => other !== kind)
    .flatMap(([, names]) => names)
    .find((name) => change[name] !== undefined)
  if (foreign ?? (kind === 'program' && change.explanation)) return invalid(`a problem of kind ${kind} has no ${foreign ?? 'explanation'}`)
  const fields: ProblemFields = {
    title: change.title?.trim() ?? old.title,
    subject: change.subject ?? old.subject,
    tags: change.tags ? [...new Set(change.tags)] : old.tags,
    public: change.public ?? old.public,
    statement: change.statement ?? old.statement,
  }
  return checked({ fields, draft: changedDraft(old.content, change) })
}

/** Null takes it away, undefined leaves what there is. */
function explained(wanted: string | null | undefined, old?: string): { explanation?: string } {
  const explanation = wanted === undefined ? old : wanted?.trim()
  return explanation ? { explanation } : {}
}

function changedDraft(old: Content, change: ProblemChange): Draft {
  switch (old.kind) {
    case 'choice':
      return {
        kind: 'choice',
        options: change.options ?? old.options,
        correct: change.correct ?? old.correct,
        multiple: change.multiple ?? old.multiple,
        ...explained(change.explanation, old.explanation),
      }
    case 'numeric': {
      const unit = change.unit === undefined ? old.unit : (change.unit?.trim() ?? null)
      const { answer = old.answer, tolerance = old.tolerance } = change
      return { kind: 'numeric', answer, tolerance, unit, ...explained(change.explanation, old.explanation) }
    }
    case 'program': {
      const compare = kept(old.compare, change.compare && plainCompare(change.compare))
      const samples = kept(old.samples, change.samples)
      const { limits = old.limits, languages = old.languages, tests } = change
      const judgedBy = changedJudging(old, { hasRules: compare !== old.compare, hasSamples: samples !== old.samples, hasTests: tests !== undefined })
      return { kind: 'program', limits, compare, languages, samples, tests, ...judgedBy }
    }
  }
}

/** The old value itself where the new one says the same: a form sends back what it was given. */
const kept = <T>(old: T, next: T | undefined): T => (next === undefined || JSON.stringify(sorted(next)) === JSON.stringify(sorted(old)) ? old : next)

type Changed = { readonly hasRules: boolean; readonly hasSamples: boolean; readonly hasTests: boolean }
/** What a package brought stays, as far as it still fits: rules of comparison take the checker's place, and groups are of the tests that were there. */
function changedJudging({ mode, checker, interactor, graders, groups }: JudgedBy, { hasRules, hasSamples, hasTests }: Changed): JudgedBy {
  const isComplete = !hasSamples || groups?.some(({ name }) => name === sampleGroup.name)
  const own = groups && (isComplete ? groups : [sampleGroup, ...groups])
  return {
    ...(mode && { mode }),
    ...(checker && !hasRules && { checker }),
    ...(interactor && { interactor }),
    ...(graders && { graders }),
    ...(own && !hasTests && { groups: own }),
  }
}

function checked(plan: PlannedProblem): Result<PlannedProblem, Invalid> {
  const { draft } = plan
  const problem = draft.kind === 'choice' ? choiceFault(draft) : draft.kind === 'numeric' ? numericFault(draft) : programFault(draft)
  return problem === undefined ? ok(plan) : invalid(problem)
}

type Of<K extends Draft['kind']> = Extract<Draft, { kind: K }>

function choiceFault({ options, correct, multiple }: Of<'choice'>): string | undefined {
  const ids = options.map((option) => option.id)
  const twice = ids.find((id, at) => ids.indexOf(id) !== at)
  if (twice !== undefined) return `the option ${twice} occurs twice`
  const blank = options.find((option) => option.text.trim() === '')
  if (blank) return `the option ${blank.id} has no text`
  const unknown = correct.find((id) => !ids.includes(id))
  if (unknown !== undefined) return `the right answer ${unknown} is none of the options`
  if (new Set(correct).size < correct.length) return 'a right answer is named twice'
  if (!multiple && correct.length > 1) return 'several options are right, so several must be allowed (multiple)'
  return undefined
}

/** The teacher's own texts are read by the very reader that reads the pupils'. */
function numericFault({ answer, tolerance, unit }: Of<'numeric'>): string | undefined {
  const wanted = parseDecimal(answer)
  if (!wanted.ok) return `the answer cannot be read: ${wanted.error.problem}`
  const digitsOf = { absolute: 0n, relative: 0n }
  for (const name of ['absolute', 'relative'] as const) {
    const read = parseDecimal(tolerance[name] ?? '0')
    if (!read.ok) return `the ${name} tolerance cannot be read: ${read.error.problem}`
    if (read.value.digits < 0n) return `the ${name} tolerance is negative`
    digitsOf[name] = read.value.digits
  }
  if (wanted.value.digits === 0n && digitsOf.relative > 0n && digitsOf.absolute === 0n)
    return 'a relative tolerance of the answer 0 allows nothing; give an absolute one'
  if (unit === '') return 'the unit is blank'
  return undefined
}

function programFault({ languages: allowed, compare, tests, samples, mode }: Of<'program'>): string | undefined {
  if (mode === 'output-only') return allowed?.length === 1 && allowed[0] === textLanguage ? undefined : 'what is handed in is the output itself, in no language'
  const unknown = allowed?.find((id) => !languages.some((language) => language.id === id))
  if (unknown !== undefined) return `the language ${unknown} is not known; there are ${languages.map((language) => language.id).join(', ')}`
  if (allowed && new Set(allowed).size < allowed.length) return 'a language is named twice'
  const comparing = compareFault(compare)
  if (comparing !== undefined) return comparing
  if (tests && tests.length + samples.length > maxTests) return `more than ${maxTests} tests`
  return undefined
}
export const maxTests = 1_000

const tolerances = ['floatAbsoluteTolerance', 'floatRelativeTolerance'] as const
const optionsOf: Readonly<Record<CompareKind, readonly (keyof Compare)[]>> = {
  default: ['caseSensitive', 'spaceChangeSensitive', ...tolerances],
  floats: tolerances,
  exact: [],
  tokens: [],
  'case-insensitive': [],
  lines: [],
  'unordered-lines': [],
}
/** An option that the kind would not look at is a mistake of its author's, not to be found out in the contest. */
function compareFault({ kind = 'default', ...options }: Compare): string | undefined {
  const foreign = Object.keys(options).find((name) => !optionsOf[kind].some((known) => known === name))
  if (foreign !== undefined) return `a comparison of kind ${kind} has no ${foreign}`
  const wide = tolerances.find((name) => options[name] !== undefined && !(options[name] <= 1e9))
  if (wide !== undefined) return `${wide} is out of range`
  if (kind === 'floats' && tolerances.every((name) => options[name] === undefined)) return 'a comparison of kind floats needs a tolerance'
  return undefined
}

/** One spelling for what is judged alike, so that saving the same anew makes no new version. */
function plainCompare({ kind, caseSensitive, spaceChangeSensitive, ...tolerance }: Compare): Compare {
  return {
    ...(kind !== undefined && kind !== 'default' && { kind }),
    ...(caseSensitive && { caseSensitive }),
    ...(spaceChangeSensitive && { spaceChangeSensitive }),
    ...tolerance,
  }
}
