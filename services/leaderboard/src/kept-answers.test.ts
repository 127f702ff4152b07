import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { keptAnswers } from './kept-answers.ts'

describe('answers that are kept', () => {
  it('hold the one that all ask for, however many others somebody asks for', () => {
    const answers = keptAnswers<string>(1)
    answers.keep({ top: 100 }, 'usual')
    for (let top = 1; top < 100; top += 1) {
      answers.keep({ top, from: top % 7 }, 'odd')
      assert.equal(answers.find({ top: 100 }), 'usual')
    }
    const kept = Array.from({ length: 100 }, (_, index) => answers.find({ top: index + 1, ...(index < 99 && { from: (index + 1) % 7 }) })).filter(
      (each) => each !== undefined,
    )
    assert.equal(kept.length, 8)
  })
  it('hold none of very many rows', () => {
    const answers = keptAnswers<string>(1)
    answers.keep({ top: 10_000 }, 'whole')
    assert.equal(answers.find({ top: 10_000 }), undefined)
  })
})
