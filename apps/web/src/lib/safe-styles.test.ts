import assert from 'node:assert/strict'
import { test } from 'node:test'
import katex from 'katex'
import { mathNeedsStyles, withoutStyles } from './safe-styles.ts'

test('a formula keeps its measures as data, and a text that speaks of styles stays as it is', () => {
  const formula = '<span class="strut" style="height:1em;vertical-align:-0.25em;"></span>'
  assert.equal(withoutStyles(formula), '<span class="strut" data-style="height:1em;vertical-align:-0.25em;"></span>')
  assert.equal(withoutStyles(`<p>&lt;b style=&quot;color:red&quot;&gt; ${formula}</p>`).match(/data-style/g)?.length, 1)
  assert.doesNotMatch(withoutStyles(formula.repeat(3)), / style="/)
})

test('formulas that MathML Core would show with another meaning keep their styles', () => {
  const needs = (formula: string) => mathNeedsStyles(katex.renderToString(formula, { displayMode: true }))
  for (const plain of ['\\frac{a}{b}', '\\sqrt{x^2}', '\\vec{F}', '\\begin{pmatrix}1&2\\\\3&4\\end{pmatrix}', '9.81\\ \\text{m}', '\\mathrm{kg}'])
    assert.equal(needs(plain), false, plain)
  for (const more of ['\\boxed{x}', '\\cancel{x}', '\\mathbf{v}', '\\begin{array}{c|c}1&2\\\\\\hline 3&4\\end{array}']) assert.equal(needs(more), true, more)
})
