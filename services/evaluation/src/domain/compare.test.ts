import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { type Compare, CompareKind } from '#contracts/common'
import { compareOutput, openComparison } from './compare.ts'

const same = (given: string, wanted: string, options: Compare = {}) => compareOutput(Buffer.from(given, 'latin1'), Buffer.from(wanted, 'latin1'), options).equal
const detail = (given: string, wanted: string, options: Compare = {}) => {
  const said = compareOutput(Buffer.from(given, 'latin1'), Buffer.from(wanted, 'latin1'), options)
  return said.equal ? '' : said.detail
}

const blanks = '[ \\t\\v\\f\\r]'
const tokensOf = (text: string) => text.split(/[ \t\n\v\f\r]+/).filter((token) => token !== '')
const spacesOf = (text: string) => text.split(/[^ \t\n\v\f\r]+/)
const linesOf = (text: string) => text.split('\n').map((line) => line.replace(new RegExp(`${blanks}+$`), ''))
/** In ASCII, whatever the language. */
const lowered = (text: string) => text.replace(/[A-Z]/g, (letter) => String.fromCharCode(letter.charCodeAt(0) + 32))

function numberOf(token: string, hasNonFinite: boolean): number | undefined {
  const finite = /^[+-]?(\d*\.\d+|\d+\.|\d+)([eE][+-]?\d+)?$/.test(token) ? Number(token) : undefined
  if (finite !== undefined) return Number.isFinite(finite) ? finite : undefined
  const word = hasNonFinite ? /^([+-]?)(inf(?:inity)?|nan)$/.exec(lowered(token)) : null
  return word === null ? undefined : word[2] === 'nan' ? Number.NaN : word[1] === '-' ? -Infinity : Infinity
}

/** The rules, with no thought of size or speed. */
function naively(given: string, wanted: string, options: Compare): boolean {
  const { kind = 'default', floatAbsoluteTolerance: absolute, floatRelativeTolerance: relative } = options
  const [mine, judges] = [tokensOf(given), tokensOf(wanted)]
  const all = (agree: (token: string, judge: string) => boolean) =>
    mine.length === judges.length && mine.every((token, index) => agree(token, judges[index] ?? ''))
  const near = (token: string, judge: string) => {
    const isExact = kind === 'default' && options.caseSensitive === true
    const number = absolute === undefined && relative === undefined ? undefined : numberOf(judge, kind === 'floats')
    if (number === undefined) return isExact ? token === judge : lowered(token) === lowered(judge)
    const other = numberOf(token, kind === 'floats')
    if (other === undefined || Object.is(other, number)) return other !== undefined
    const distance = Math.abs(other - number)
    return Number.isFinite(distance) && (distance <= (absolute ?? -1) || distance <= (relative ?? -1) * Math.abs(number))
  }
  switch (kind) {
    case 'exact':
      return given === wanted
    case 'tokens':
      return all((token, judge) => token === judge)
    case 'case-insensitive':
      return all((token, judge) => lowered(token) === lowered(judge))
    case 'lines':
      return linesOf(given).join('\n').replace(/\n+$/, '') === linesOf(wanted).join('\n').replace(/\n+$/, '')
    case 'unordered-lines':
      return linesOf(given).filter(Boolean).sort().join('\n') === linesOf(wanted).filter(Boolean).sort().join('\n')
    case 'floats':
      return all(near)
    case 'default':
      return all(near) && (options.spaceChangeSensitive !== true || spacesOf(given).join('.') === spacesOf(wanted).join('.'))
  }
}

const kinds = [...CompareKind.enum]
const pieces = fc.array(
  fc.oneof(
    fc.constantFrom(
      ' ',
      '\n',
      ' \t',
      '\r\n',
      '1',
      '1.0',
      '1.05',
      '-1',
      '1e0',
      'nan',
      'inf',
      '-Inf',
      '0x1p0',
      'a',
      'A',
      '\0',
      'yes',
      'x'.repeat(50),
      '1'.repeat(399),
      '000',
    ),
    fc.stringMatching(/^[ -~]{0,3}$/),
    fc.string({ unit: fc.integer({ min: 0, max: 255 }).map((byte) => String.fromCharCode(byte)), maxLength: 3 }),
  ),
  { maxLength: 12 },
)
const options: fc.Arbitrary<Compare> = fc.record(
  {
    kind: fc.constantFrom(...kinds),
    caseSensitive: fc.boolean(),
    spaceChangeSensitive: fc.boolean(),
    floatAbsoluteTolerance: fc.constantFrom(0, 0.1),
    floatRelativeTolerance: fc.constantFrom(0, 0.01),
  },
  { requiredKeys: [] },
)
/** Two outputs that have much in common. */
const outputs = fc
  .tuple(pieces, pieces, pieces, pieces)
  .map(([start, a, b, end]) => [[...start, ...a, ...end].join(''), [...start, ...b, ...end].join('')] as const)
const many = { numRuns: 2000 }

describe('comparing outputs', () => {
  it('says the same, with the same words, wherever the expected output is cut', () =>
    fc.assert(
      fc.property(outputs, options, fc.array(fc.nat(60), { maxLength: 8 }), ([mine, judges], chosen, lengths) => {
        const [given, wanted] = [Buffer.from(mine, 'latin1'), Buffer.from(judges, 'latin1')]
        const comparison = openComparison(given, chosen)
        let rest = wanted
        let found: ReturnType<typeof comparison.push>
        for (const length of lengths) {
          found ??= comparison.push(rest.subarray(0, length))
          rest = rest.subarray(length)
        }
        assert.deepEqual(found ?? comparison.push(rest) ?? comparison.end(), compareOutput(given, wanted, chosen))
      }),
      many,
    ))
  it('agrees with the rules written down naively', () =>
    fc.assert(
      fc.property(outputs, options, ([given, wanted], chosen) => {
        assert.equal(same(given, wanted, chosen), naively(given, wanted, chosen))
      }),
      { numRuns: 5000 },
    ))
  it('accepts the expected output itself, whatever it is', () =>
    fc.assert(
      fc.property(outputs, options, ([given], chosen) => same(given, given, chosen)),
      many,
    ))
  it('does not mind which of the two is expected, but for what is relative to it', () =>
    fc.assert(
      fc.property(outputs, options, ([one, other], { floatAbsoluteTolerance: _absolute, floatRelativeTolerance: _relative, ...chosen }) => {
        assert.equal(same(one, other, chosen), same(other, one, chosen))
      }),
      many,
    ))
  it('ignores how tokens are spaced, unless told not to', () =>
    fc.assert(
      fc.property(
        fc.array(fc.stringMatching(/^[!-~]{1,8}$/), { minLength: 1 }),
        fc.infiniteStream(fc.constantFrom(' ', '\n', '\t \r\n')),
        fc.nat(),
        (tokens, spaces, which) => {
          const spaced = tokens.map((token) => token + spaces.next().value).join('')
          const changed = tokens.map((token, index) => (index === which % tokens.length ? `${token}!` : token)).join(' ')
          const rules: Compare[] = [{}, { caseSensitive: true }, { floatAbsoluteTolerance: 0.1 }, { kind: 'tokens' }, { kind: 'case-insensitive' }]
          for (const rule of rules) assert.ok(same(spaced, tokens.join(' '), rule) && !same(changed, tokens.join(' '), rule))
          assert.equal(same(spaced, tokens.join(' '), { spaceChangeSensitive: true }), spaced === tokens.join(' '))
        },
      ),
    ))
  it('reads numbers as JavaScript does, where that follows the grammar', () =>
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.nat(30), (number, digits) => {
        for (const text of [String(number), number.toExponential(), number.toExponential(digits), number.toPrecision(digits + 1)]) {
          const read = Number(text)
          assert.ok(!Number.isFinite(read) || same(text, String(read), { floatAbsoluteTolerance: 0 }), text)
        }
      }),
      many,
    ))
  it('finds a line that is one too many, missing or other among many', () => {
    const lines = Array.from({ length: 60_000 }, (_, index) => `line ${index}`)
    const wanted = lines.join('\n')
    const kind = 'unordered-lines'
    assert.ok(same(lines.toReversed().join('\n'), wanted, { kind }))
    assert.match(detail(lines.slice(1).join('\n'), wanted, { kind }), /59999 lines are not the 60000/)
    assert.match(detail([...lines.slice(1), 'line 1'].join('\n'), wanted, { kind }), /60000 lines are not the 60000/)
    const large = Array.from({ length: 100_000 }, (_, index) => `${index} ${'x'.repeat(50)}`)
    assert.ok(same(large.toReversed().join('\n'), large.join('\n'), { kind }))
    assert.match(detail([...large, 'x'].join('\n'), large.toReversed().join('\n'), { kind }), /100001 lines are not the 100000/)
    assert.match(detail([...large, ...large].join('\n'), large.slice(0, 10).join('\n'), { kind }), /more than \d+ lines are not the 10 expected/)
    const few = lines.slice(0, 100)
    assert.match(
      detail(few.toSpliced(50, 1, 'x').toReversed().join('\n'), few.join('\n'), { kind }),
      /line 51 of the expected output, “line\\x2050”, is not there$/,
    )
  })
  it('takes linear time for 40 MB', () => {
    const big = Buffer.alloc(20_000_000, '123456 ')
    assert.ok(compareOutput(big, Buffer.from(big), {}).equal)
    assert.ok(compareOutput(Buffer.alloc(20_000_000, 32), Buffer.alloc(0), { floatAbsoluteTolerance: 1 }).equal)
    const oneToken = openComparison(Buffer.alloc(20_000_000, 'a'), {})
    for (let i = 0; i < 20_000; i++) oneToken.push(Buffer.alloc(1000, i === 0 ? 'A' : 'a'))
    assert.ok(oneToken.end().equal)
    const oneNumber = openComparison(Buffer.alloc(20_000_000, '1'), { floatAbsoluteTolerance: 1 })
    for (let i = 0; i < 20_000; i++) oneNumber.push(Buffer.alloc(1000, i === 0 ? '2' : '1'))
    assert.ok(!oneNumber.end().equal)
  })
})

describe('what staff is told of a difference', () => {
  it('names the place in both outputs, what is there and what was expected', () => {
    assert.equal(detail('1 2\n3  5\n', '1 2 3\n4'), 'line 2, column 4 (expected output: line 2, column 1): token 4 is “5”, expected “4”')
    assert.equal(detail('1\n2\n', '1\n3\n'), 'line 2, column 1: token 2 is “2”, expected “3”')
    assert.equal(detail('1\n', '1\n2\n'), 'line 2, column 1: the output ends where “2” (token 2) was expected')
    assert.equal(detail('1\n2\n', '1\n'), 'line 2, column 1: “2” (token 2) comes after the end of the expected output')
    assert.equal(detail('1  2', '1 2', { spaceChangeSensitive: true }), 'line 1, column 3: white space before token 2 differs')
    assert.equal(detail('a\nbc', 'a\nbd', { kind: 'exact' }), 'line 2, column 2: “c” is there, expected “d”')
    assert.equal(detail('a', 'a\n', { kind: 'exact' }), 'line 1, column 2: the output ends where “\\x0a” was expected')
    assert.equal(detail('a\n', 'a', { kind: 'exact' }), 'line 1, column 2: “\\x0a” comes after the end of the expected output')
    assert.equal(detail('a \nb x\n', 'a\nb\n', { kind: 'lines' }), 'line 2, column 2: “\\x20x” is there, expected nothing more')
    assert.equal(detail('a\nb\n', 'a\nbc\n', { kind: 'lines' }), 'line 2, column 2: the line ends where “c” was expected')
    assert.equal(detail('b\na\nb', 'a\nb\na', { kind: 'unordered-lines' }), 'line 3, column 2: line 3 of the expected output, “a”, is not there as often')
    assert.equal(detail('b\na\nb', 'a\nb\n', { kind: 'unordered-lines' }), 'line 1, column 1: “b” is not expected, or not as often')
  })
  it('is printable and bounded, whatever the program printed', () => {
    for (const kind of kinds)
      for (const [given, wanted] of [
        [`1 ${'\x01'.repeat(1000)}`, '1 2'],
        ['1 2', `1 ${'\x01'.repeat(1000)}`],
        [`${'\n'.repeat(1000)}\x1b[2J<b>`, '\u0080'],
      ] as const) {
        const said = detail(given, wanted, { kind, floatAbsoluteTolerance: 1 })
        assert.ok(said.length > 10 && said.length < 500 && /^[\x20-\x7e“”…]+$/.test(said), `${kind}: ${said}`)
      }
  })
})
