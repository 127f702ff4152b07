import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Compare } from '#contracts/common'
import type { NewProblem, ProblemChange } from '#contracts/contest'
import { planProblem, planProblemChange } from './plan-problem.ts'
import type { Content, ProblemFields } from './problem.ts'

const common = { title: 'T', subject: 'physics', statement: 'S' } as const
const choice = {
  ...common,
  kind: 'choice',
  options: [
    { id: 'a', text: 'A' },
    { id: 'b', text: 'B' },
  ],
  correct: ['a'],
} as const
const numeric = { ...common, kind: 'numeric', answer: '9.81', tolerance: { relative: '0.01' } } as const
const program = { ...common, kind: 'program', limits: { cpuMs: 1000, memoryBytes: 2 ** 26 }, samples: [], tests: [{ input: '', output: '' }] } as const
const fault = (input: object) => {
  const planned = planProblem(input as NewProblem)
  return planned.ok ? undefined : String(planned.error.details?.problem)
}
const changeFault = (old: Content, change: ProblemChange) => {
  const fields: ProblemFields = { ...common, tags: [], public: false }
  const planned = planProblemChange({ ...fields, content: old }, change)
  return planned.ok ? undefined : String(planned.error.details?.problem)
}

describe('what a teacher may save', () => {
  it('takes each kind as it is, with what is left out filled in', () => {
    for (const input of [choice, numeric, program]) assert.equal(fault(input), undefined)
    const planned = planProblem({ ...choice, tags: ['x', 'x'], title: ' T ' } as never)
    assert.ok(planned.ok)
    assert.deepEqual([planned.value.fields.tags, planned.value.fields.title, planned.value.fields.public], [['x'], 'T', false])
    assert.equal(planned.value.draft.kind === 'choice' && planned.value.draft.multiple, false)
    const several = planProblem({ ...choice, correct: ['a', 'b'] } as never)
    assert.ok(several.ok && several.value.draft.kind === 'choice' && several.value.draft.multiple)
  })

  it('finds fault with options and right answers that do not fit', () => {
    assert.match(String(fault({ ...choice, options: [...choice.options, { id: 'a', text: 'again' }] })), /option a occurs twice/)
    assert.match(
      String(
        fault({
          ...choice,
          options: [
            { id: 'a', text: ' ' },
            { id: 'b', text: 'B' },
          ],
        }),
      ),
      /option a has no text/,
    )
    assert.match(String(fault({ ...choice, correct: ['c'] })), /c is none of the options/)
    assert.match(String(fault({ ...choice, correct: ['a', 'a'] })), /named twice/)
    assert.match(String(fault({ ...choice, correct: ['a', 'b'], multiple: false })), /multiple/)
    assert.equal(fault({ ...choice, multiple: true }), undefined, 'that only one is right need not show')
  })

  it('finds fault with numbers that cannot be compared', () => {
    assert.match(String(fault({ ...numeric, tolerance: { absolute: '-0.1' } })), /absolute tolerance is negative/)
    assert.equal(fault({ ...numeric, tolerance: { absolute: '-0' } }), undefined)
    assert.match(String(fault({ ...numeric, answer: '1e999' })), /answer cannot be read/)
    assert.match(String(fault({ ...numeric, tolerance: { relative: '1e-999' } })), /relative tolerance cannot be read/)
    assert.match(String(fault({ ...numeric, answer: '0.00' })), /answer 0 allows nothing/)
    assert.equal(fault({ ...numeric, answer: '0', tolerance: { relative: '0.1', absolute: '0.1' } }), undefined)
    assert.equal(fault({ ...numeric, answer: '0', tolerance: {} }), undefined)
    assert.match(String(fault({ ...numeric, unit: '  ' })), /unit is blank/)
    for (const answer of ['5.', '.5', '-1e-3', '+2E4']) assert.equal(fault({ ...numeric, answer }), undefined, answer)
  })

  it('finds fault with languages and tests that the judge does not know', () => {
    assert.match(String(fault({ ...program, languages: ['cpp', 'cobol'] })), /cobol is not known; there are python, cpp/)
    assert.match(String(fault({ ...program, languages: ['cpp', 'cpp'] })), /twice/)
  })

  it('finds fault with a comparison that would not do what it says', () => {
    const faultOf = (compare: Compare) => fault({ ...program, compare })
    assert.match(String(faultOf({ floatAbsoluteTolerance: 1e10 })), /floatAbsoluteTolerance is out of range/)
    assert.match(String(faultOf({ kind: 'floats', floatRelativeTolerance: Number.NaN })), /floatRelativeTolerance is out of range/)
    assert.match(String(faultOf({ kind: 'exact', floatAbsoluteTolerance: 0 })), /kind exact has no floatAbsoluteTolerance/)
    assert.match(String(faultOf({ kind: 'lines', caseSensitive: true })), /kind lines has no caseSensitive/)
    assert.match(String(faultOf({ kind: 'floats', floatAbsoluteTolerance: 1, spaceChangeSensitive: true })), /kind floats has no spaceChangeSensitive/)
    assert.match(String(faultOf({ kind: 'floats' })), /kind floats needs a tolerance/)
    const fit: Compare[] = [
      { kind: 'floats', floatRelativeTolerance: 0 },
      { kind: 'unordered-lines' },
      { kind: 'default', caseSensitive: true, floatAbsoluteTolerance: 0.1 },
    ]
    for (const compare of fit) assert.equal(faultOf(compare), undefined, JSON.stringify(compare))
  })

  it('spells comparisons that judge alike alike', () => {
    const compareOf = (compare: Compare) => {
      const planned = planProblem({ ...program, samples: [], tests: [...program.tests], compare })
      return planned.ok && planned.value.draft.kind === 'program' ? planned.value.draft.compare : undefined
    }
    assert.deepEqual(compareOf({ kind: 'default', caseSensitive: false, spaceChangeSensitive: false }), {})
    assert.deepEqual(compareOf({ kind: 'exact', caseSensitive: false }), { kind: 'exact' })
    assert.deepEqual(compareOf({ caseSensitive: true, floatAbsoluteTolerance: 0 }), { caseSensitive: true, floatAbsoluteTolerance: 0 })
  })
})

describe('changing a problem', () => {
  const old: Content = { kind: 'choice', options: choice.options, correct: ['a'], multiple: false }
  it('keeps what is left out', () => {
    const planned = planProblemChange({ ...common, tags: ['t'], public: true, content: old }, { title: 'New' })
    assert.ok(planned.ok)
    assert.deepEqual(planned.value, { fields: { title: 'New', subject: 'physics', tags: ['t'], public: true, statement: 'S' }, draft: old })
  })

  it("takes the kind's own fields and no others", () => {
    assert.match(String(changeFault(old, { answer: '3' })), /kind choice has no answer/)
    assert.match(String(changeFault({ kind: 'numeric', answer: '1', tolerance: {}, unit: null }, { tests: [] })), /kind numeric has no tests/)
  })

  it('checks the whole, not the change alone', () => {
    assert.match(
      String(
        changeFault(old, {
          options: [
            { id: 'x', text: 'X' },
            { id: 'y', text: 'Y' },
          ],
        }),
      ),
      /a is none of the options/,
    )
    assert.match(String(changeFault(old, { correct: ['a', 'b'] })), /multiple/)
    assert.equal(changeFault(old, { correct: ['a', 'b'], multiple: true }), undefined)
  })

  it('takes a unit away with null', () => {
    const planned = planProblemChange(
      { ...common, tags: [], public: true, content: { kind: 'numeric', answer: '1', tolerance: {}, unit: 'm' } },
      { unit: null },
    )
    assert.equal(planned.ok && planned.value.draft.kind === 'numeric' && planned.value.draft.unit, null)
  })
})
