/** The problem editor's form ⇄ the contract's bodies. Everything is kept as typed until it is sent. */
import type { CompareKind, ProblemKind, Subject } from '#contracts/common'
import type { NewProblem, Problem, ProblemChange } from '#contracts/contest'

export type OptionRow = { readonly id: string; readonly text: string; readonly correct: boolean }
export type SampleRow = { readonly input: string; readonly output: string; readonly note: string }
export type TestRow = { readonly input: string; readonly output: string }
export type ProblemForm = {
  readonly kind: ProblemKind
  readonly title: string
  readonly subject: Subject
  readonly tags: string
  readonly public: boolean
  readonly statement: string
  readonly options: readonly OptionRow[]
  readonly multiple: boolean
  readonly answer: string
  readonly absolute: string
  readonly relative: string
  readonly unit: string
  /** Why the right answer is right; of questions. */
  readonly explanation: string
  readonly cpuSeconds: string
  readonly memoryMiB: string
  readonly compareKind: CompareKind
  readonly floatTolerance: string
  readonly samples: readonly SampleRow[]
  readonly tests: readonly TestRow[]
  /** An existing problem keeps its tests unless these replace them all. */
  readonly replacesTests: boolean
  /** What the form does not show of an existing problem's limits and comparison. */
  readonly kept: { readonly limits?: Problem['limits']; readonly compare?: NonNullable<Problem['authoring']>['compare'] }
}

export const emptyProblemForm: ProblemForm = {
  kind: 'choice',
  title: '',
  subject: 'physics',
  tags: '',
  public: false,
  statement: '',
  options: [
    { id: 'a', text: '', correct: false },
    { id: 'b', text: '', correct: false },
  ],
  multiple: false,
  answer: '',
  absolute: '',
  relative: '',
  unit: '',
  explanation: '',
  cpuSeconds: '1',
  memoryMiB: '256',
  compareKind: 'default',
  floatTolerance: '',
  samples: [{ input: '', output: '', note: '' }],
  tests: [{ input: '', output: '' }],
  replacesTests: true,
  kept: {},
}

/** The next free option id: a, b, … z, then o27 and so on. */
export function nextOptionId(options: readonly OptionRow[]): string {
  const taken = new Set(options.map(({ id }) => id))
  for (let n = 0; ; n++) {
    const id = n < 26 ? String.fromCharCode(97 + n) : `o${n + 1}`
    if (!taken.has(id)) return id
  }
}

const decimal = /^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?$/
const tagList = (text: string) =>
  [
    ...new Set(
      text
        .toLowerCase()
        .split(/[\s,;]+/)
        .map((tag) => tag.replace(/[^a-z0-9-]/g, ''))
        .filter((tag) => /^[a-z0-9]/.test(tag)),
    ),
  ].slice(0, 20)
/** Test files end with a line feed: typed ones get it. */
const asFile = (text: string) => (text === '' || text.endsWith('\n') ? text : `${text}\n`)

/** What the server would refuse, said before, and beside which field. */
const complaints = {
  titleMissing: 'title',
  statementMissing: 'statement',
  optionEmpty: 'options',
  optionsFew: 'options',
  optionsAlike: 'options',
  correctMissing: 'options',
  correctMany: 'options',
  answerBad: 'answer',
  absoluteBad: 'absolute',
  relativeBad: 'relative',
  cpuBad: 'cpuSeconds',
  memoryBad: 'memoryMiB',
  toleranceBad: 'floatTolerance',
  testsMissing: 'tests',
} as const satisfies Record<string, keyof ProblemForm>
export type FormProblem = keyof typeof complaints

/** The first complaint about a field. */
export const wrongAt = (problems: readonly FormProblem[], field: keyof ProblemForm) => problems.find((problem) => complaints[problem] === field)

export function formProblems(form: ProblemForm): readonly FormProblem[] {
  const found: (FormProblem | false)[] = [form.title.trim() === '' && 'titleMissing', form.statement.trim() === '' && 'statementMissing', ...ofKind(form)]
  return found.filter((each) => each !== false)
}

function ofKind(form: ProblemForm): (FormProblem | false)[] {
  switch (form.kind) {
    case 'choice': {
      const right = form.options.filter(({ correct }) => correct).length
      const texts = form.options.map(({ text }) => text.trim())
      return [
        form.options.length < 2 && 'optionsFew',
        texts.includes('') && 'optionEmpty',
        new Set(texts.filter((text) => text !== '')).size < texts.filter((text) => text !== '').length && 'optionsAlike',
        right === 0 && 'correctMissing',
        right > 1 && !form.multiple && 'correctMany',
      ]
    }
    case 'numeric':
      return [!decimal.test(form.answer.trim()) && 'answerBad', !isTolerance(form.absolute) && 'absoluteBad', !isTolerance(form.relative) && 'relativeBad']
    case 'program': {
      const [cpu, memory, float] = [Number(form.cpuSeconds), Number(form.memoryMiB), form.floatTolerance.trim()]
      return [
        !(cpu >= 0.05 && cpu <= 60) && 'cpuBad',
        !(memory >= 16 && memory <= 2048) && 'memoryBad',
        hasTolerance(form) && (float === '' ? form.compareKind === 'floats' : !(Number(float) >= 0)) && 'toleranceBad',
        form.replacesTests && usedTests(form).length === 0 && 'testsMissing',
      ]
    }
  }
}
const isTolerance = (text: string) => text.trim() === '' || (decimal.test(text.trim()) && !text.trim().startsWith('-'))

const usedTests = ({ tests }: ProblemForm) => tests.filter(({ input, output }) => input !== '' || output !== '')
const usedSamples = ({ samples }: ProblemForm) => samples.filter(({ input, output }) => input !== '' || output !== '')

export function newProblem(form: ProblemForm): NewProblem {
  const common = { title: form.title.trim(), subject: form.subject, tags: tagList(form.tags), public: form.public, statement: form.statement }
  switch (form.kind) {
    case 'choice':
      return {
        ...common,
        kind: 'choice',
        options: form.options.map(({ id, text }) => ({ id, text: text.trim() })),
        correct: form.options.filter(({ correct }) => correct).map(({ id }) => id),
        multiple: form.multiple,
        ...explained(form),
      }
    case 'numeric': {
      const tolerance = { ...(form.absolute.trim() && { absolute: form.absolute.trim() }), ...(form.relative.trim() && { relative: form.relative.trim() }) }
      return {
        ...common,
        kind: 'numeric',
        answer: form.answer.trim(),
        ...(Object.keys(tolerance).length > 0 && { tolerance }),
        ...(form.unit.trim() && { unit: form.unit.trim() }),
        ...explained(form),
      }
    }
    case 'program':
      return { ...common, kind: 'program', ...programPart(form) }
  }
}

const explained = ({ explanation }: ProblemForm) => (explanation.trim() === '' ? {} : { explanation: explanation.trim() })

function programPart(form: ProblemForm) {
  const compare = comparePart(form)
  return {
    limits: { ...form.kept.limits, cpuMs: Math.round(Number(form.cpuSeconds) * 1000), memoryBytes: Math.round(Number(form.memoryMiB) * 1024 ** 2) },
    ...(Object.keys(compare).length > 0 && { compare }),
    samples: usedSamples(form).map(({ input, output, note }) => ({ input: asFile(input), output: asFile(output), ...(note.trim() && { note: note.trim() }) })),
    tests: usedTests(form).map(({ input, output }) => ({ input: asFile(input), output: asFile(output) })),
  }
}

export const compareKinds: readonly CompareKind[] = ['default', 'floats', 'tokens', 'case-insensitive', 'lines', 'unordered-lines', 'exact']
/** Only these kinds of comparison know numbers. */
export const hasTolerance = ({ compareKind }: ProblemForm) => compareKind === 'default' || compareKind === 'floats'

/** Options that the form does not show belong to the default kind. */
function comparePart(form: ProblemForm): NonNullable<typeof form.kept.compare> {
  const { caseSensitive, spaceChangeSensitive } = form.kept.compare ?? {}
  const float = hasTolerance(form) ? form.floatTolerance.trim() : ''
  const options = { ...(caseSensitive !== undefined && { caseSensitive }), ...(spaceChangeSensitive !== undefined && { spaceChangeSensitive }) }
  return {
    ...(form.compareKind === 'default' ? options : { kind: form.compareKind }),
    ...(float && { floatAbsoluteTolerance: Number(float), floatRelativeTolerance: Number(float) }),
  }
}

const textOfHtml = (html: string) =>
  html
    .replace(/<[^>]*>/g, '')
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&quot;/g, '"')
    .replace(/&amp;/g, '&')

/** The form of an existing problem, as its author may see it. */
export function formOf(problem: Problem): ProblemForm {
  const { authoring } = problem
  const correct = new Set(authoring?.correct ?? [])
  const options = authoring?.options ?? problem.options?.map(({ id, html }) => ({ id, text: textOfHtml(html) })) ?? []
  return {
    ...emptyProblemForm,
    kind: problem.kind,
    title: problem.title,
    subject: problem.subject,
    tags: problem.tags.join(', '),
    public: problem.public,
    statement: authoring?.statement ?? '',
    options: options.map(({ id, text }) => ({ id, text, correct: correct.has(id) })),
    multiple: problem.multiple ?? false,
    answer: authoring?.answer ?? '',
    absolute: authoring?.tolerance?.absolute ?? '',
    relative: authoring?.tolerance?.relative ?? '',
    unit: problem.unit ?? '',
    explanation: authoring?.explanation ?? '',
    cpuSeconds: problem.limits ? String(problem.limits.cpuMs / 1000) : '1',
    memoryMiB: problem.limits ? String(problem.limits.memoryBytes / 1024 ** 2) : '256',
    compareKind: authoring?.compare?.kind ?? 'default',
    floatTolerance: String(authoring?.compare?.floatAbsoluteTolerance ?? authoring?.compare?.floatRelativeTolerance ?? ''),
    samples:
      authoring?.samples?.map(({ input, output, note }) => ({ input, output, note: note ?? '' })) ??
      problem.samples?.map(({ input, output }) => ({ input, output, note: '' })) ??
      [],
    tests: [{ input: '', output: '' }],
    replacesTests: false,
    kept: { ...(problem.limits && { limits: problem.limits }), ...(authoring?.compare && { compare: authoring.compare }) },
  }
}

/** Only the fields that differ from how the problem was opened; the hidden tests only when they are replaced. Empty: nothing to save. */
export function problemChange(before: ProblemForm, form: ProblemForm): ProblemChange {
  const [old, next] = [newProblem(before), newProblem(form)] as [Record<string, unknown>, Record<string, unknown>]
  const names = Object.keys({ ...old, ...next }).filter(
    (name) => name !== 'kind' && name !== 'tests' && JSON.stringify(old[name]) !== JSON.stringify(next[name]),
  )
  // What was emptied: a unit and an explanation are taken away by null, tolerances and comparison by an empty record.
  const emptied: Record<string, unknown> = { unit: null, tolerance: {}, compare: {}, explanation: null }
  return {
    ...Object.fromEntries(names.map((name) => [name, next[name] ?? emptied[name]])),
    ...(form.kind === 'program' && form.replacesTests && { tests: next.tests }),
  } as ProblemChange
}
