/** How well colours are told apart, by the formula of WCAG 2.2; and which of ours stand on which. `contrast.test.ts` holds them to it in every look. */

/** Of `#rrggbb`, or `#rgb` as builds write it: from 0 (black) to 1 (white). */
function luminance(colour: string): number {
  const digits = colour.length === 4 ? [...colour.slice(1)].map((digit) => digit + digit).join('') : colour.slice(1)
  const [red = 0, green = 0, blue = 0] = [0, 2, 4].map((at) => {
    const part = Number.parseInt(digits.slice(at, at + 2), 16) / 255
    return part <= 0.040_45 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}

/** From 1 (the same) to 21 (black on white), rounded down to a tenth, so that what is shown was never made better. */
export function contrast(one: string, other: string): number {
  const [light = 0, dark = 0] = [luminance(one), luminance(other)].sort((a, b) => b - a)
  return Math.floor(((light + 0.05) / (dark + 0.05)) * 10) / 10
}

/** WCAG 2.2 AA: 1.4.3 for text, 1.4.11 for what is no text but must be seen. */
const text = 4.5
const mark = 3
export const isText = (atLeast: number): boolean => atLeast >= text
export type Pair = { readonly front: string; readonly back: string; readonly atLeast: number }
const on = (atLeast: number, back: string, ...fronts: readonly string[]): Pair[] => fronts.map((front) => ({ front, back, atLeast }))

export const pairs: readonly Pair[] = [
  ...on(text, 'paper', 'ink', 'ink-soft', 'brand', 'brand-strong', 'teal', 'gold', 'good', 'bad', 'wait'),
  ...on(text, 'surface', 'ink', 'ink-soft', 'brand', 'bad', 'good', 'gold', 'teal'),
  ...on(text, 'sunken', 'ink', 'ink-soft'),
  ...on(text, 'brand', 'on-brand'),
  ...['brand', 'teal', 'gold', 'good', 'bad', 'wait'].flatMap((colour) => on(text, `${colour}-soft`, colour)),
  ...on(mark, 'sunken', 'physics', 'mathematics', 'computing', 'mixed'),
  ...on(mark, 'paper', 'line-strong', 'focus'),
  ...on(mark, 'surface', 'line-strong', 'focus'),
  ...on(text, 'surface', 'code-keyword', 'code-string', 'code-number', 'code-comment', 'code-name'),
]
