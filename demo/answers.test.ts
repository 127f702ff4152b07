/**
 * The answer keys, worked out a second time: each number from its physics or mathematics, each option from a
 * computation of its own where there is one. What pupils often get wrong must stay wrong.
 */
import assert from 'node:assert/strict'
import test from 'node:test'
import type { NewProblem } from '#contracts/problem'
import { loadDemo } from './load.ts'

const { problems } = await loadDemo()
type Of<K extends NewProblem['kind']> = Extract<NewProblem, { kind: K }>
const ofKind = <K extends NewProblem['kind']>(kind: K) =>
  new Map(problems.flatMap(({ key, body }) => (body.kind === kind ? [[key, body as Of<K>] as const] : [])))
const [numerics, choices] = [ofKind('numeric'), ofKind('choice')]

const g = 9.8
const radians = (degrees: number) => (degrees * Math.PI) / 180
const count = (from: number, to: number, holds: (n: number) => boolean) => Array.from({ length: to - from + 1 }, (_, i) => from + i).filter(holds).length

// ---- numbers ------------------------------------------------------------------------------------------------------------

/** Both sides of beans-and-rice by Cramer's rule. */
const riceFrancs = (3 * 8900 - 2 * 5100) / (3 * 5 - 2 * 2)
const gardenArea = Math.max(...Array.from({ length: 601 }, (_, i) => (i / 10) * (120 - (2 * i) / 10)))
const yearsToDouble = () => {
  let [years, money] = [0, 1]
  for (; money < 2; years++) money *= 1.08
  return years
}
/** Subsets of nine pupils as bit masks; the first five are girls. */
const teams = count(0, 511, (mask) => {
  const size = (bits: number) => count(0, 8, (i) => ((bits >> i) & 1) === 1)
  return size(mask) === 3 && size(mask & 0b11111) >= 1 && size(mask >> 5) >= 1
})

/** Samples are there in each language, and mean the same. */
function inEachLanguage<T>(key: string, value: T): Record<string, T> {
  return Object.fromEntries(['en', 'fr', 'rw'].map((language) => [`${key}-${language}`, value]))
}
const shownInEachLanguage = (key: string, value: number) => Object.fromEntries(Object.keys(inEachLanguage(key, value)).map((one) => [one, showing(one, value)]))

/** Key → the exact answer, and what a common mistake leads to. */
const numbers: Record<string, { exact: number; mistakes: number[] }> = {
  'moto-braking': { exact: (54 / 3.6) * 0.6 + (54 / 3.6) ** 2 / (2 * 5), mistakes: [22.5, 9, 54 * 0.6 + 54 ** 2 / 10] },
  'kivu-diver': { exact: 85 + (1000 * g * 12) / 1000, mistakes: [117.6, 101.3 + 117.6] },
  'kettle-on-the-hill': { exact: (1.5 * 4200 * (93 - 18)) / (0.8 * 2000), mistakes: [236.25, 189, (1.5 * 4200 * 82) / 1600] },
  'small-hydro': { exact: (0.8 * 1000 * 1.8 * g * 35) / 1000, mistakes: [617.4, 493_920, 771.75] },
  'tracer-activity': { exact: 640 * 0.5 ** (15 / 6), mistakes: [120, 160, 80] },
  'beans-and-rice': { exact: riceFrancs, mistakes: [700, 1400] },
  'terrace-rows': { exact: Array.from({ length: 20 }, (_, i) => 12 + 3 * i).reduce((sum, rows) => sum + rows, 0), mistakes: [840, 780, 69] },
  'lakeside-fence': { exact: gardenArea, mistakes: [900, 1600, 3600] },
  'savings-double': { exact: yearsToDouble(), mistakes: [9, 12, 13] },
  'summit-height': {
    exact: 500 / (1 / Math.tan(radians(20)) - 1 / Math.tan(radians(32))),
    mistakes: [500 * Math.tan(radians(20)), 500 * Math.tan(radians(32)), 500 * Math.tan(radians(12))],
  },
  'picture-size': { exact: (640 * 480 * 3) / 1024, mistakes: [921.6, 300, 7200] },
  'loaded-boat': { exact: 1000 * 3.2 * 0.05, mistakes: [1568, 16_000, 16] },
  'student-committee': { exact: teams, mistakes: [84, 140, 80] },
  ...inEachLanguage('sample-moto', { exact: (36_000 / 3600) * 60, mistakes: [36, 10, 2160, 6000] }),
  'video-upload': { exact: (45e6 * 8) / 3e6, mistakes: [15, 1.875, 135] },
}

test('every number is worked out here', () => assert.deepEqual(Object.keys(numbers).sort(), [...numerics.keys()].sort()))

for (const [key, { exact, mistakes }] of Object.entries(numbers)) {
  test(`${key}: the key is the exact answer, and common mistakes stay outside its tolerance`, () => {
    const body = numerics.get(key)
    assert.ok(body)
    const answer = Number(body.answer)
    const allowed = Math.max(Number(body.tolerance?.absolute ?? 0), Math.abs(answer) * Number(body.tolerance?.relative ?? 0))
    assert.ok(Math.abs(answer - exact) <= 1e-5 * exact, `${answer} is not ${exact}`)
    if (allowed === 0) assert.equal(answer, Math.round(exact * 1e9) / 1e9, 'without tolerance the answer is a plain number')
    else assert.ok(allowed >= 0.0005 * answer, 'an answer rounded sensibly is accepted')
    for (const mistake of mistakes) assert.ok(Math.abs(mistake - answer) > allowed, `${mistake} would be accepted`)
  })
}

// ---- choices ------------------------------------------------------------------------------------------------------------

/** The number an option shows: `$\dfrac{14}{45}$`, `$708\ \text{N}$`, `` `4` ``. */
function shown(text: string): number {
  const fraction = /\\dfrac\{(\d+)\}\{(\d+)\}/.exec(text)
  return fraction ? Number(fraction[1]) / Number(fraction[2]) : Number(/-?\d+/.exec(text)?.[0])
}
const showing = (key: string, value: number) =>
  (choices.get(key)?.options ?? []).filter((option) => Math.abs(shown(option.text) - value) < 1e-9).map((option) => option.id)
const trueOnes = (facts: Record<string, boolean>) => Object.keys(facts).filter((id) => facts[id])

function sameColour(): number {
  const bag = [...'RRRRRWWWBB']
  const pairs = bag.flatMap((first, i) => bag.flatMap((second, j) => (i === j ? [] : [first === second])))
  return pairs.filter(Boolean).length / pairs.length
}
/** Powers of the lamps A and B, in units of U²/R. */
function lamps(withC: boolean): { a: number; b: number } {
  const pair = withC ? 1 / 2 : 1
  const current = 1 / (1 + pair)
  return { a: current ** 2, b: (current * pair) ** 2 }
}
function threeLamps(): string[] {
  const [before, after] = [lamps(true), lamps(false)]
  const [a, b] = [Math.sign(after.a - before.a), Math.sign(after.b - before.b)]
  return trueOnes({ a: a > 0 && b > 0, b: a < 0 && b > 0, c: a === 0 && b > 0, d: a > 0 && b < 0, e: a < 0 && b < 0 })
}
function cubicFacts(): string[] {
  const f = (x: number) => x ** 3 - 3 * x + 1
  const grid = Array.from({ length: 8001 }, (_, i) => (i - 4000) / 1000)
  const crossings = grid.slice(1).filter((x, i) => f(grid[i] ?? 0) * f(x) < 0).length
  const inner = grid.filter((x) => x > -1 && x < 1)
  return trueOnes({
    a: inner.slice(1).every((x, i) => f(x) > f(inner[i] ?? 0)),
    b: grid.every((x) => Math.abs(f(x) + f(-x) - 2) < 1e-9),
    c: crossings === 1,
    // All solutions are whole: (x + 1)²(x − 2).
    d: [-2, -1, 0, 1, 2, 3].filter((x) => f(x) === 3).length === 2 && grid.every((x) => Math.abs(f(x) - 3 - (x + 1) ** 2 * (x - 2)) < 1e-9),
    e: f(-1) > f(-1.01) && f(-1) > f(-0.99),
  })
}
function worstBinarySearch(names: number): number {
  const looks = (low: number, high: number): number => {
    if (low > high) return 0
    const middle = Math.floor((low + high) / 2)
    return 1 + Math.max(looks(low, middle - 1), looks(middle + 1, high))
  }
  return looks(0, names - 1)
}
function notBoth(): string[] {
  const table = [false, true].flatMap((a) => [false, true].map((b) => ({ a, b })))
  const same = (value: (a: boolean, b: boolean) => boolean) => table.every(({ a, b }) => value(a, b) === !(a && b))
  return trueOnes({
    a: same((a, b) => !a && !b),
    b: same((a, b) => !a || !b),
    c: same((a, b) => !a || b),
    d: same((a, b) => a !== b || !a),
    e: same((a, b) => a !== b),
  })
}
const mystery = (n: number): number => (n < 2 ? n : mystery(Math.floor(n / 2)) + (n % 2))
function powerOfOnePlusI(): string[] {
  let [re, im] = [1, 0]
  for (let i = 0; i < 10; i++) [re, im] = [re - im, re + im]
  return trueOnes({ a: re === 0 && im === 32, b: re === 0 && im === -32, c: re === 0 && im === 1024, d: re === -32 && im === 0, e: re === 32 && im === 32 })
}
/** Snell at 40° in water: the ray leaves flatter, and its backward extension meets the fish's plumb line higher. */
function fish(): string[] {
  const [inWater, inAir] = [radians(40), Math.asin(1.33 * Math.sin(radians(40)))]
  const apparentDepth = Math.tan(inWater) / Math.tan(inAir)
  const away = inAir > inWater
  return trueOnes({ a: apparentDepth > 1 && !away, b: apparentDepth === 1, c: apparentDepth < 1 && !away, d: apparentDepth < 1 && away, e: apparentDepth > 1 })
}
/** Dimensions as exponents of kg, m, s. */
function energyUnits(): string[] {
  const [newton, watt, pascal] = [
    [1, 1, -2],
    [1, 2, -3],
    [1, -1, -2],
  ] as const
  const times = (unit: readonly number[], metres: number, seconds: number) => [unit[0], (unit[1] ?? 0) + metres, (unit[2] ?? 0) + seconds]
  const units = { a: times(watt, 0, 1), b: times(newton, -1, 0), c: times(watt, 0, -1), d: times(pascal, 3, 0), e: [1, 2, -2], f: [...watt] }
  return trueOnes(Object.fromEntries(Object.entries(units).map(([id, unit]) => [id, unit.join() === '1,2,-2'])))
}
const percent = Math.round((1.2 * 0.8 - 1) * 100)

/** Key → the right options, worked out. */
const rightOptions: Record<string, string[]> = {
  'lift-scale': showing('lift-scale', 60 * (g + 2)),
  'three-lamps': threeLamps(),
  'drum-by-the-lake': trueOnes({ a: true, b: false, c: Math.abs(340 / 110 - 3.1) < 0.05, d: 1480 / 110 < 340 / 110, e: true }),
  'same-colour': showing('same-colour', sameColour()),
  'cubic-facts': cubicFacts(),
  'three-departures': showing(
    'three-departures',
    count(0, 12 * 60, (minute) => [12, 18, 20].every((every) => minute % every === 0)),
  ),
  'power-of-one-plus-i': powerOfOnePlusI(),
  'phone-book-search': showing('phone-book-search', worstBinarySearch(1000)),
  'mystery-function': showing('mystery-function', mystery(45)),
  'not-both': notBoth(),
  'up-and-down': trueOnes({ a: percent === -4, b: percent === -2, c: percent === 0, d: percent === 4 }),
  'fish-in-the-water': fish(),
  'units-of-energy': energyUnits(),
  ...shownInEachLanguage('sample-avocados', (450 / 3) * 7),
  ...shownInEachLanguage(
    'sample-lamps',
    count(0, 0b1111, () => true),
  ),
  // What goes round has to go through both.
  'sample-series-en': ['d'],
  'sample-series-fr': ['c'],
  'sample-series-rw': ['b'],
  // A matter of knowledge, not of computation.
  'clinic-order': ['c'],
}

test('every choice is worked out here', () => assert.deepEqual(Object.keys(rightOptions).sort(), [...choices.keys()].sort()))

for (const [key, right] of Object.entries(rightOptions)) {
  test(`${key}: exactly the options marked as correct are right`, () => assert.deepEqual([...(choices.get(key)?.correct ?? [])].sort(), right))
}

test('the right option is not always in the same place', () => {
  const places = new Map<string, number>()
  for (const { correct, multiple } of choices.values()) if (!multiple) places.set(correct[0] ?? '', (places.get(correct[0] ?? '') ?? 0) + 1)
  assert.ok(places.size >= 4)
  assert.ok(Math.max(...places.values()) <= choices.size / 3, 'one place is right too often')
})
