import assert from 'node:assert/strict'
import { test } from 'node:test'
import en from '../locales/en.json' with { type: 'json' }
import fr from '../locales/fr.json' with { type: 'json' }
import { addTexts, languageSpoken, spoken, type TextKey, t, templateOf, turnTo } from './translate.ts'

/** Keys of these tests are not the page's. */
const said = (key: string, params?: Readonly<Record<string, unknown>>) => t(key as TextKey, params)

test('a text is filled in: numbers as the language writes them, what is missing as nothing', () => {
  addTexts('en', { a: { b: 'Hello {{ name }}, {{n}} points{{none}}' } })
  assert.equal(said('a.b', { name: '<Keza>', n: 1234.5 }), 'Hello <Keza>, 1,234.5 points')
  assert.equal(templateOf('en', 'a.b'), 'Hello {{ name }}, {{n}} points{{none}}')
})

test('a value that looks like a template is not filled in again, and a name out of the prototype is no text', () => {
  assert.equal(said('a.b', { name: '{{n}}', n: 1 }), 'Hello {{n}}, 1 points')
  assert.equal(said('constructor'), 'constructor')
  assert.equal(said('a.b.toString'), 'a.b.toString')
})

test('plurals are those of the language spoken', () => {
  addTexts('en', { tries_one: '{{count}} try', tries_other: '{{count}} tries' })
  addTexts('fr', { tries_one: '{{count}} essai', tries_many: '{{count}} d’essais', tries_other: '{{count}} essais' })
  addTexts('rw', { tries_one: 'inshuro {{count}}', tries_other: 'inshuro nyinshi {{count}}' })
  const counted = (language: string) => {
    turnTo(language)
    return [0, 1, 2].map((count) => said('tries', { count }))
  }
  assert.deepEqual(counted('en'), ['0 tries', '1 try', '2 tries'])
  assert.deepEqual(counted('fr'), ['0 essai', '1 essai', '2 essais'])
  assert.equal(said('tries', { count: 1_000_000 }).endsWith('d’essais'), true)
  assert.deepEqual(counted('rw'), ['inshuro nyinshi 0', 'inshuro 1', 'inshuro nyinshi 2'])
})

test('what a language lacks is said in English, then by the default, then by its key', () => {
  turnTo('rw')
  assert.equal(said('a.b', { name: 'x', n: 1 }), 'Hello x, 1 points')
  assert.equal(said('nowhere', { defaultValue: 'AC' }), 'AC')
  assert.equal(said('nowhere'), 'nowhere')
})

test('parts of a language add up, and whoever watches hears of a part and of a turn', () => {
  turnTo('fr')
  let heard = 0
  const stop = spoken.subscribe(() => heard++)
  addTexts('fr', { later: { text: 'plus tard' } })
  assert.equal(said('later.text'), 'plus tard')
  assert.equal(said('tries', { count: 2 }), '2 essais')
  turnTo('en')
  assert.deepEqual([heard, languageSpoken()], [2, 'en'])
  stop()
})

test('every text of the page is found by its key', () => {
  const leaves = (tree: object, before = ''): [string, string][] =>
    Object.entries(tree).flatMap(([key, value]) => (typeof value === 'string' ? [[before + key, value]] : leaves(value, `${before}${key}.`)))
  addTexts('en', en)
  addTexts('fr', fr)
  for (const [key, text] of leaves(fr)) assert.equal(templateOf('fr', key), text)
  for (const [key, text] of leaves(en)) assert.equal(templateOf('en', key), text)
})
