import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { contrast, pairs } from './contrast.ts'

const styles = join(import.meta.dirname, '..', '..', 'ui', 'styles')
const sheet = ['tokens.css', 'look.css'].map((file) => readFileSync(join(styles, file), 'utf8')).join('\n')
/** The colours that a selector gives, by name. */
function coloursOf(selector: string): ReadonlyMap<string, string> {
  const at = sheet.indexOf(`${selector} {`)
  assert.ok(at >= 0, selector)
  const body = sheet.slice(at, sheet.indexOf('}', at))
  return new Map([...body.matchAll(/--([a-z-]+): (#[0-9a-f]{6});/g)].map(([, name = '', value = '']) => [name, value]))
}
const light = coloursOf(':root')
const dark = coloursOf(':root[data-theme="dark"]')
const looks = {
  light,
  dark,
  'light, high contrast': new Map([...light, ...coloursOf(':root[data-look~="contrast"]')]),
  'dark, high contrast': new Map([...dark, ...coloursOf(':root[data-theme="dark"][data-look~="contrast"]')]),
}

describe('colours', () => {
  it('are measured as WCAG says', () => {
    assert.equal(contrast('#000000', '#ffffff'), 21)
    assert.equal(contrast('#fff', '#000'), 21)
    assert.equal(contrast('#777777', '#ffffff'), 4.4)
    assert.equal(contrast('#767676', '#ffffff'), 4.5)
    assert.equal(contrast('#a93f27', '#a93f27'), 1)
  })
  for (const [name, colours] of Object.entries(looks))
    it(`can be told apart: ${name}`, () => {
      const weak = pairs.flatMap(({ front, back, atLeast }) => {
        const [one, other] = [colours.get(front), colours.get(back)]
        assert.ok(one && other, `${front} on ${back}`)
        const ratio = contrast(one, other)
        return ratio < atLeast ? [`${front} on ${back}: ${ratio}, not ${atLeast}`] : []
      })
      assert.deepEqual(weak, [])
    })
  it('of those whose system is dark are the same as of those who chose dark', () => {
    const system = coloursOf(':root:not([data-theme="light"])')
    assert.deepEqual(system, dark)
    assert.deepEqual(coloursOf(':root:not([data-theme="light"])[data-look~="contrast"]'), coloursOf(':root[data-theme="dark"][data-look~="contrast"]'))
  })
})
