import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import type { Compare } from '#contracts/common'
import { compareOutput, openComparison } from './compare.ts'

const same = (given: string, wanted: string, options: Compare = {}) => compareOutput(Buffer.from(given), Buffer.from(wanted), options).equal

/** The rules of the default validator, with no thought of size or speed. Hexadecimal is left to the tests that name it. */
function naively(given: string, wanted: string, options: Compare): boolean {
  const tokensOf = (text: string) => text.split(/[ \t\n\v\f\r]+/).filter((token) => token !== '')
  const spacesOf = (text: string) => text.split(/[^ \t\n\v\f\r]+/)
  const number = (token: string) => {
    if (token.length > 400) return undefined
    if (/^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i.test(token)) return Number(token)
    const word = /^([+-]?)(inf|infinity|nan|0x1p0)$/i.exec(token)
    if (word === null) return undefined
    const size = /^inf/i.test(word[2] ?? '') ? Infinity : /^nan/i.test(word[2] ?? '') ? Number.NaN : 1
    return word[1] === '-' ? -size : size
  }
  const { floatAbsoluteTolerance: absolute, floatRelativeTolerance: relative } = options
  const agree = (mine: string, judges: string) => {
    const [a, b] = [number(mine), number(judges)]
    if ((absolute === undefined && relative === undefined) || b === undefined)
      return options.caseSensitive ? mine === judges : mine.toLowerCase() === judges.toLowerCase()
    if (a === undefined) return false
    if (Object.is(a, b) || a === b) return true
    const distance = Math.abs(a - b)
    return Number.isFinite(b) && (distance <= (absolute ?? -1) || distance <= (relative ?? -1) * Math.abs(b))
  }
  const [mine, judges] = [tokensOf(given), tokensOf(wanted)]
  return (
    mine.length === judges.length &&
    mine.every((token, index) => agree(token, judges[index] ?? '')) &&
    (options.spaceChangeSensitive !== true || spacesOf(given).join('.') === spacesOf(wanted).join('.'))
  )
}

describe('the default validator', () => {
  it('compares tokens, whatever white space is between, before and after them', () => {
    assert.ok(same(' 1\t2\r\n\n3', '1 2 3\n') && same('', '\n') && same('1 2', '1 2'))
    assert.ok(!same('12', '1 2') && !same('1 2 3', '1 2') && !same('1', '1 2') && !same('', '0') && !same('0', ''))
  })
  it('takes upper for lower case unless told not to, in ASCII only', () => {
    assert.ok(same('YES no', 'yes NO') && !same('YES', 'yes', { caseSensitive: true }) && same('yes', 'yes', { caseSensitive: true }))
    assert.ok(!same('É', 'é') && !same('[', '{') && !same('@', '`'))
  })
  it('white space counts to the byte when told to', () => {
    const strict = { spaceChangeSensitive: true }
    assert.ok(
      same('1  2\n', '1  2\n', strict) &&
        !same('1 2\n', '1  2\n', strict) &&
        !same('1\t2', '1 2', strict) &&
        !same('1 2', '1 2\n', strict) &&
        !same(' 1', '1', strict),
    )
    assert.ok(same('A b\n', 'a B\n', strict), 'case is another matter')
  })
  it('without a tolerance numbers are text', () => assert.ok(!same('1.0', '1') && !same('+1', '1') && !same('01', '1')))
  it('an absolute tolerance is inclusive', () => {
    const tolerance = { floatAbsoluteTolerance: 0.5 }
    assert.ok(
      same('1.5', '1', tolerance) && same('0.5', '1', tolerance) && same('1', '1.0', tolerance) && same('1e0', '1', tolerance) && same('+1', '1', tolerance),
    )
    assert.ok(!same('1.51', '1', tolerance))
  })
  it('a relative tolerance is a share of the judge’s number; either of the two suffices', () => {
    assert.ok(same('99', '100', { floatRelativeTolerance: 0.01 }) && same('-101', '-100', { floatRelativeTolerance: 0.01 }))
    assert.ok(!same('98.9', '100', { floatRelativeTolerance: 0.01 }) && !same('0.001', '0', { floatRelativeTolerance: 0.01 }))
    assert.ok(same('0.001', '0', { floatRelativeTolerance: 0.01, floatAbsoluteTolerance: 0.01 }))
  })
  it('a number of the judge’s needs a number of the participant’s; other tokens stay text', () => {
    const tolerance = { floatAbsoluteTolerance: 1e-6 }
    assert.ok(
      !same('one', '1', tolerance) &&
        !same('1x', '1', tolerance) &&
        !same('1', 'one', tolerance) &&
        !same('', '1', tolerance) &&
        !same('1,5', '1.5', tolerance),
    )
    assert.ok(same('Case 1.0000001', 'case 1', tolerance) && !same('Case', 'Cast', tolerance))
  })
  it('reads inf, nan, exponents and hexadecimal as C does', () => {
    const tolerance = { floatAbsoluteTolerance: 1e-6, floatRelativeTolerance: 1e-6 }
    assert.ok(
      same('INF', 'inf', tolerance) &&
        same('infinity', 'inf', tolerance) &&
        same('-inf', '-Infinity', tolerance) &&
        same('NaN', 'nan', tolerance) &&
        same('0x1p4', '16', tolerance) &&
        same('1.6e1', '16', tolerance),
    )
    assert.ok(
      !same('-inf', 'inf', tolerance) &&
        !same('1e308', 'inf', tolerance) &&
        !same('inf', '1', tolerance) &&
        !same('nan', '1', tolerance) &&
        !same('1', 'nan', tolerance) &&
        !same('0x', '0', tolerance),
    )
  })
  it('bytes that are no text are compared as bytes', () => {
    assert.ok(compareOutput(Buffer.from([0xff, 0]), Buffer.from([0xff, 0]), {}).equal)
    assert.ok(!compareOutput(Buffer.from([0xff]), Buffer.from([0xfe]), {}).equal && !same('a\0b', 'a'))
  })
  it('says which token differs, in printable and bounded words', () => {
    const said = compareOutput(Buffer.from(`1 ${'\x01'.repeat(1000)}`), Buffer.from('1 2'), {})
    assert.ok(!said.equal && said.detail.includes('token 2') && said.detail.length < 300 && !said.detail.includes('\x01'))
  })
  it('any tokens equal themselves however they are spaced, and not with one token changed', () =>
    fc.assert(
      fc.property(
        fc.array(fc.stringMatching(/^[!-~]{1,8}$/), { minLength: 1 }),
        fc.infiniteStream(fc.constantFrom(' ', '\n', '\t \r\n')),
        fc.nat(),
        (tokens, spaces, which) => {
          const spaced = tokens.map((token) => token + spaces.next().value).join('')
          const changed = tokens.map((token, index) => (index === which % tokens.length ? `${token}!` : token)).join(' ')
          for (const options of [{}, { caseSensitive: true }, { floatAbsoluteTolerance: 0.1 }]) if (!same(spaced, tokens.join(' '), options)) return false
          return !same(changed, tokens.join(' '))
        },
      ),
    ))
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
        'nan',
        'inf',
        '0x1p0',
        'a',
        'A',
        'b',
        'yes',
        'x'.repeat(50),
        '1'.repeat(399),
        '0'.repeat(3),
      ),
      fc.stringMatching(/^[ -~]{0,3}$/),
    ),
    { maxLength: 12 },
  )
  const options = fc.record(
    { caseSensitive: fc.boolean(), spaceChangeSensitive: fc.boolean(), floatAbsoluteTolerance: fc.constant(0.1), floatRelativeTolerance: fc.constant(0.01) },
    { requiredKeys: [] },
  )
  /** Two outputs that have much in common. */
  const outputs = fc
    .tuple(pieces, pieces, pieces, pieces)
    .map(([start, a, b, end]) => [[...start, ...a, ...end].join(''), [...start, ...b, ...end].join('')] as const)

  it('says the same wherever the expected output is cut', () =>
    fc.assert(
      fc.property(outputs, options, fc.array(fc.nat(60), { maxLength: 8 }), ([given, wanted], chosen, lengths) => {
        const comparison = openComparison(Buffer.from(given), chosen)
        let rest = Buffer.from(wanted)
        let found: ReturnType<typeof comparison.push>
        for (const length of lengths) {
          found ??= comparison.push(rest.subarray(0, length))
          rest = rest.subarray(length)
        }
        assert.deepEqual(found ?? comparison.push(rest) ?? comparison.end(), compareOutput(Buffer.from(given), Buffer.from(wanted), chosen))
      }),
      { numRuns: 3000 },
    ))
  it('agrees with the rules written down naively', () =>
    fc.assert(
      fc.property(outputs, options, ([given, wanted], chosen) => {
        assert.equal(same(given, wanted, chosen), naively(given, wanted, chosen))
      }),
      { numRuns: 3000 },
    ))
  it('40 MB take linear time', () => {
    const big = Buffer.alloc(20_000_000, '123456 ')
    const started = performance.now()
    assert.ok(compareOutput(big, Buffer.from(big), {}).equal)
    assert.ok(compareOutput(Buffer.alloc(20_000_000, 32), Buffer.alloc(0), { floatAbsoluteTolerance: 1 }).equal)
    const oneToken = openComparison(Buffer.alloc(20_000_000, 'a'), {})
    for (let i = 0; i < 20_000; i++) oneToken.push(Buffer.alloc(1000, i === 0 ? 'A' : 'a'))
    assert.ok(oneToken.end().equal)
    assert.ok(performance.now() - started < 5000)
  })
})
