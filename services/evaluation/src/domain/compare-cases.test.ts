import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Compare } from '#contracts/common'
import { compareOutput, openComparison } from './compare.ts'

/**
 * What each rule accepts and refuses, case by case: flags as an author writes them, the expected output, outputs that are right and outputs that are wrong.
 * Characters are bytes (latin1). Each case is compared as a whole, in halves and byte by byte.
 */
type Group = { readonly rules: string; readonly wanted: string; readonly right: readonly string[]; readonly wrong: readonly string[] }
type Groups = Readonly<Record<string, readonly Group[]>>
const group = (rules: string, wanted: string, right: readonly string[], wrong: readonly string[]): Group => ({ rules, wanted, right, wrong })

const many = (text: string, times: number) => text.repeat(times)
/** Token lengths around what is kept of a token that a piece's end has cut, and around what a double can tell apart. */
const lengths = [40, 47, 48, 49, 399, 400, 401, 767, 768, 769, 2000]

const tokensAndSpaces: Groups = {
  'white space is between tokens, of whatever kind and amount': [
    group('', '1 2 3\n', ['1 2 3', ' 1\t2\r\n\n3', '1\n2\n3\n', '1\v2\f3', '\n\n1 2 3\n\n', '1  2   3 \r\n'], ['12 3', '1 2', '1 2 3 4', '1 23', '3 2 1', '']),
    group('', '', ['', ' ', '\n', '\r\n', ' \t\v\f\r\n'], ['0', '\n.', '\0', '\xa0', '\x85', '\x1f', '\x08', '\x0e']),
    group('', ' \n\t', ['', ' ', '\n\n'], ['a', '\0']),
    group('', 'a b', ['a\nb', 'a b\n'], ['a\xa0b', 'a\x1cb', 'a\0b', 'a_b', 'ab', 'b a', 'a b a']),
  ],
  'the number of tokens is the same': [
    group('', 'x', ['x', 'x\n'], ['', ' ', 'x x', 'xx', 'x\n\n\n\n\n\ny']),
    group('', many('1 ', 1000), [many('1\n', 1000)], [many('1 ', 999), many('1 ', 1001), `${many('1 ', 999)}2`]),
  ],
  'case is the same when told to, in ASCII only': [
    group('', 'Yes', ['yes', 'YES', 'yEs'], ['Ye', 'Yess', 'No', 'Ye5']),
    group('', 'a[z', ['A[Z'], ['a{z', 'a\x1bz']),
    group('', '@`AZaz', ['@`azAZ'], ['``AZaz', '@@AZaz']),
    group('', '\xc9', ['\xc9'], ['\xe9', 'E']),
    group('', '\xc3\x89t\xc3\xa9', ['\xc3\x89T\xc3\xa9'], ['\xc3\xa9t\xc3\xa9', '\xc3\xa9T\xc3\x89']),
    group('case_sensitive', 'Yes', ['Yes', ' Yes\n'], ['yes', 'YES', 'yEs']),
    group('case_sensitive', 'A B', ['A\nB'], ['a B', 'A b', 'a b']),
  ],
  'white space is the same to the byte when told to': [
    group('space_change_sensitive', '1 2\n', ['1 2\n'], ['1 2', '1  2\n', '1\t2\n', ' 1 2\n', '1 2 \n', '1 2\n\n', '1 2\r\n', '1\n2\n', '\n1 2\n', '']),
    group('space_change_sensitive', '', [''], [' ', '\n', '\t', 'a', '\0']),
    group('space_change_sensitive', '\n', ['\n'], ['', ' ', '\n\n', '\r\n', 'a\n']),
    group('space_change_sensitive', '\r\n', ['\r\n'], ['\n', '\r', '\n\r']),
    group('space_change_sensitive', '  a', ['  a', '  A'], ['a', ' a', '   a', '\ta', ' \ta']),
    group('space_change_sensitive case_sensitive', 'A b\n', ['A b\n'], ['a b\n', 'A  b\n']),
    group('space_change_sensitive float_tolerance 0.1', '1.0 2.0\n', ['1.05 2\n', '1 1.95\n'], ['1.0  2.0\n', '1.0 2.0', '1.2 2.0\n']),
  ],
  'bytes need be no text': [
    group('', '\0', ['\0', ' \0\n'], ['', '\0\0', '0', ' ']),
    group('', 'a\0b', ['a\0b', 'A\0B'], ['a', 'a\0', 'a\0c', 'ab', 'a b']),
    group('', 'a', ['a'], ['a\0', 'a\0a', '\0a']),
    group('', '\xff\xfe', ['\xff\xfe'], ['\xfe\xff', '\xff', '\xef\xbf\xbd\xef\xbf\xbd']),
    group('', '\xef\xbb\xbf1', ['\xef\xbb\xbf1'], ['1']),
    group('', '\xe2\x82\xac', ['\xe2\x82\xac'], ['\xe2\x82', '\xe2 \x82\xac']),
    group('', 'e\xcc\x81', ['e\xcc\x81', 'E\xcc\x81'], ['\xc3\xa9']),
  ],
  'tokens may be of any length': lengths.map((length) =>
    group(
      '',
      `${many('x', length)} end`,
      [`${many('x', length)}\nEND`, `${many('X', length)} end`],
      [`${many('x', length - 1)} end`, `${many('x', length + 1)} end`, `${many('x', length - 1)}y end`, `y${many('x', length - 1)} end`, many('x', length)],
    ),
  ),
}

const third = `0.${many('3', 30)}`
const numbers: Groups = {
  'without a tolerance numbers are words': [
    group('', '1', ['1'], ['1.0', '+1', '01', '1e0', '1.']),
    group('', '1E5', ['1e5', '1E5'], ['100000', '1e+5', '1e05']),
    group('', '0', ['0'], ['-0', '0.0', '0e0', '']),
  ],
  'an absolute tolerance is inclusive': [
    group(
      'float_absolute_tolerance 0.5',
      '1',
      ['1', '0.5', '1.5', '1e0', '+1', '01.25', '.75', '1.', '10e-1', '0.1e1'],
      ['0.49', '1.51', '-1', '', 'one', '1 1'],
    ),
    group('float_absolute_tolerance 1', '10 11', ['10.1 11.9', '9 10', '11 12', '1e1 1.1E1'], ['10 9.99999999', '11.000000001 11', '10', '10 11 12']),
    group('float_absolute_tolerance 1e-6', '0', ['0.000001', '-1e-6', '-0', '0.0000', '0e99', '1e-400', '0e-5'], ['0.0000011', '1e-5', '-1.1e-6']),
    group('float_absolute_tolerance 0.25', '-1', ['-1.25', '-0.75', '-1.0'], ['1', '-1.26', '-0.74']),
  ],
  'a relative tolerance is a share of the expected number': [
    group('float_relative_tolerance 0.5', '10 20', ['5 10', '15 30'], ['4.999 20', '15.0001 20', '10 30.00001']),
    group('float_relative_tolerance 0.25', '-100', ['-125', '-75'], ['-126', '-74', '100']),
    group('float_relative_tolerance 0.5', '0', ['0', '-0', '0.000', '1e-400'], ['1e-9', '-0.5', '1e-300']),
    group('float_relative_tolerance 0.5', '1e-300', ['5e-301', '1.4e-300'], ['0', '1.6e-300', '-1e-300']),
    group('float_relative_tolerance 1e-9', '1e300', ['1.000000000e300', `1${many('0', 300)}`], ['1.1e300', '1e301', '1e400', '-1e300']),
    group('float_relative_tolerance 0.5', '2', ['1', '3'], ['4', '0.9']),
  ],
  'either of two tolerances is enough': [
    group('float_tolerance 0.5', '1000 0.001', ['500 -0.499', '1500 0.501', '1000.5 0.0015'], ['499 -0.499', '500 -0.5', '1500 0.5010001', '1501 0.501']),
    group('float_absolute_tolerance 0.25 float_relative_tolerance 0.5', '0.125', ['0.375', '-0.125', '0.0625'], ['0.376', '-0.126']),
    group('float_absolute_tolerance 0.25 float_relative_tolerance 0.5', '100', ['50', '150', '99.75'], ['49.9', '150.1']),
  ],
  'a tolerance of 0 compares numbers exactly': [
    group('float_tolerance 0', '0', ['0.0', '-0', '0e1', '+0', '00', '0.', '.0', '1e-400'], ['1e-300', '0x0', 'zero']),
    group('float_tolerance 0', '0.1', ['1e-1', '.1', '0.10', '0.1000000000000000055', '1000e-4'], ['0.11', '0.100000000001']),
    group('float_absolute_tolerance 0', '9007199254740993', ['9007199254740992', '9007199254740993.0'], ['9007199254740994', '9007199254740990']),
  ],
  'a number is what the format’s grammar says, to the end of the token': [
    group(
      'float_tolerance 0.1',
      '1',
      ['+1', '1.', '1.0', '001', '1e0', '1E0', '1e+0', '1e-0', '1e00', '1.e0', '0.1e1', '.1e1'],
      [
        '1,0',
        '1_',
        '1x',
        'x1',
        '1e',
        '1e+',
        '1e-',
        'e0',
        '1.0.0',
        '..1',
        '--1',
        '+-1',
        '1e1.0',
        '1f',
        '1L',
        '1d0',
        '1\0',
        '1\xa0',
        '٫1',
        '1/1',
        '100%',
        '$1',
        '0x1',
        '0x1p0',
        '0b1',
        '1:',
        '(1)',
      ],
    ),
    group('float_tolerance 0.1', '.', ['.'], ['0', '0.', '.0']),
    group('float_tolerance 0.1', '+', ['+'], ['0', '+0', '-']),
    group('float_tolerance 0.1', '-', ['-'], ['0', '-0', '--']),
    group('float_tolerance 0.1', '1e', ['1e', '1E'], ['1', '1e0']),
    group('float_tolerance 0.1', '1,5', ['1,5'], ['1.5', '1,50', '1']),
    group('float_tolerance 0.1', '12:30', ['12:30'], ['12:30.0', '12:31', '12']),
    group('float_tolerance 0.1', '1/3', ['1/3'], ['2/6', '0.3333333']),
  ],
  'words beside numbers stay words': [
    group('float_tolerance 0.5', 'Case 1: 1000', ['case 1: 1001', 'CASE 1: 999.5'], ['case 1.0: 1000', 'case 2: 1000', 'Case1: 1000', 'Case 1: x']),
    group('float_tolerance 0.5 case_sensitive', 'Case 1E0', ['Case 1e0', 'Case 1'], ['case 1', 'Case one']),
    group('float_tolerance 0.5', '1000A', ['1000A', '1000a'], ['1000.0a', '1000B', '1000']),
    group('float_tolerance 0.5', 'impossible', ['IMPOSSIBLE'], ['0', 'inf', '-1']),
    group('float_tolerance 0.5', '1 2 3', ['1.5 2 2.5'], ['1 2', '1 2 3 4', '1 a 3']),
  ],
  'hexadecimal is a word': [
    group('float_tolerance 0.1', '16', ['16.0', '1.6e1'], ['0x10', '0X10', '0x1p4', '0x10.']),
    group('float_tolerance 0.1', '0x10', ['0x10', '0X10'], ['16', '0x11', '0x010', '0x10p0']),
    group('float_tolerance 1', '0xDEADBEEF', ['0xdeadbeef'], ['0xDEADBEEE', '3735928559']),
  ],
  'inf and nan are words': [
    group('float_tolerance 0.5', 'inf', ['inf', 'INF', 'Inf'], ['-inf', '+inf', 'infinity', 'nan', '0', '1e400', '1e308']),
    group('float_tolerance 0.5 case_sensitive', 'inf', ['inf'], ['INF', 'Inf', '-inf']),
    group('float_tolerance 0.5', '-Infinity', ['-infinity', '-INFINITY'], ['-inf', 'infinity', '-1e400']),
    group('float_tolerance 0.5', 'nan', ['nan', 'NaN', 'NAN'], ['-nan', 'nan(1)', '0', 'inf', '1']),
    group('float_tolerance 0.5', '1', ['1'], ['inf', '-inf', 'nan', 'NaN', 'infinity']),
    group('float_absolute_tolerance 1000000000', '0', ['999999999'], ['nan', 'inf', '-inf', '1e400']),
    group('', 'nan', ['NaN'], ['-nan', 'inf']),
  ],
  'what a double cannot hold is a word above, and 0 below': [
    group('float_tolerance 0.5', '1e400', ['1e400', '1E400'], ['1e401', '10e399', 'inf', '1e308', '-1e400']),
    group('float_tolerance 0.5', '1e308', ['1.2e308', '1e308'], ['1e309', '-1e308', '1.6e308']),
    group('float_tolerance 0', '1e-400', ['0', '1e-500', '-1e-400', '0.0'], ['1e-300', '5e-324']),
    group(
      'float_tolerance 0',
      '1',
      [`1e${many('0', 500)}`, `0.${many('0', 999)}1e1000`, `1${many('0', 400)}e-400`],
      [`1e${many('9', 500)}`, `1e-${many('9', 500)}`, `1${many('0', 400)}e-399`],
    ),
  ],
  'numbers may be of any length': [
    group(
      'float_tolerance 1e-9',
      third,
      ['0.333333333333', `0.${many('3', 5000)}`, `${many('3', 3000)}e-3000`, `${many('0', 3000)}.${many('3', 3000)}`],
      [`0.${many('3', 5000)}x`, '0.3333'],
    ),
    group('float_tolerance 1e-9', `0.${many('3', 5000)}`, ['0.333333333333', third], ['0.33334', 'x', '']),
    ...lengths.map((length) => group('float_tolerance 0', `0.5${many('0', length)}`, ['0.5', '5e-1'], ['0.50001', `0.5${many('0', 10)}1`, '.'])),
    // exactly half way between two doubles: a digit far behind decides
    group('float_tolerance 0', '9007199254740994', [`9007199254740993.${many('0', 1000)}1`, '9007199254740994'], [`9007199254740993.${many('0', 1000)}`]),
  ],
}

const kinds: Groups = {
  'exact: the same bytes': [
    group('kind exact', 'a b\n', ['a b\n'], ['a b', 'A b\n', 'a  b\n', 'a b\r\n', 'a b\n\n', '', '\0a b\n', 'a b\0']),
    group('kind exact', '', [''], ['\n', ' ', 'a']),
    group('kind exact', '\xff\0\r', ['\xff\0\r'], ['\xff\0', '\xff\0\n', '\xfe\0\r']),
  ],
  'tokens: words with their case': [
    group('kind tokens', 'Yes 1', ['Yes\n1\n', '  Yes 1'], ['yes 1', 'Yes 1.0', 'Yes', 'Yes 1 2']),
    group('kind tokens', '', ['', '\n'], ['a']),
  ],
  'case-insensitive: words without it': [
    group('kind case-insensitive', 'Yes 1', ['YES\n1', 'yes 1'], ['Yes 1.0', 'no 1', 'Yes', 'Yes1']),
    group('kind case-insensitive', '\xc9', ['\xc9'], ['\xe9']),
  ],
  'floats: numbers near, inf and nan as languages print them': [
    group('kind floats float_tolerance 0.1', '1.0 yes', ['1 YES', '0.95 Yes', '1e0 yes'], ['1.2 yes', 'one yes', '1', '0x1 yes', 'nan yes', 'inf yes']),
    group(
      'kind floats float_tolerance 0.1',
      'inf',
      ['inf', 'Infinity', '+inf', 'INF', '+Infinity'],
      ['-inf', 'nan', '1', '1e400', 'infinit', 'infinityx', 'in'],
    ),
    group('kind floats float_tolerance 0.1', '-Infinity', ['-inf', '-INFINITY'], ['inf', 'Infinity', '-nan', '-1']),
    group('kind floats float_tolerance 0.1', 'nan', ['NaN', '-nan', '+NAN', 'nan'], ['inf', '0', 'na', 'nan(1)', 'nano']),
    group('kind floats float_absolute_tolerance 1000000000', '0', ['5', '-999'], ['inf', '-inf', 'nan', 'x']),
  ],
  'lines: blanks at their ends and blank lines at the end do not count': [
    group(
      'kind lines',
      'a b\nc\n',
      ['a b\nc\n', 'a b\nc', 'a b \nc\t\n', 'a b\r\nc\r\n', 'a b\nc\n\n\n', 'a b\nc\n \t\n'],
      [
        'a  b\nc\n',
        ' a b\nc\n',
        'a b\n\nc\n',
        '\na b\nc\n',
        'a b c\n',
        'a b\n',
        'A b\nc\n',
        'a b\nc\nd\n',
        'a b\ncc\n',
        'a b\n c\n',
        'a\nc\n',
        '',
        'a b\nc\0\n',
      ],
    ),
    group('kind lines', '', ['', '\n', ' ', '\r\n \n'], ['a', '\na', '\0']),
    group('kind lines', '\n\n', ['', '\n', '\n\n\n'], ['\n\n\nx']),
    group('kind lines', '\na', ['\na', '\na\n', ' \na '], ['a', '\n\na', 'a\n']),
    group('kind lines', 'a   \nb', ['a\nb', 'a \nb'], ['a   b', 'a   x\nb', 'a', 'a   \n']),
    group('kind lines', ' a', [' a', ' a\n'], ['a', '  a', '\ta']),
    ...lengths.map((length) =>
      group(
        'kind lines',
        `${many('x', length)}${many(' ', length)}\ny`,
        [`${many('x', length)}\ny`],
        [`${many('x', length)}y`, `${many('x', length - 1)}\ny`, `${many('x', length + 1)}\ny`],
      ),
    ),
  ],
  'unordered-lines: each as often, in any order': [
    group(
      'kind unordered-lines',
      'a\nb\nc\n',
      ['c\nb\na', 'b\n\na\nc\n', 'a \nb\r\nc\t\n', '\n\nc\na\nb'],
      ['a\nb', 'a\nb\nc\nc', 'a\nb\nd', 'a\nb\nC', 'a b\nc', 'ab\nc', '', 'abc', ' a\nb\nc', 'a\na\nb'],
    ),
    group('kind unordered-lines', 'x\nx\ny\n', ['x\ny\nx', 'y\nx\nx\n'], ['x\ny', 'x\ny\ny', 'x\nx\ny\ny', 'x\nx\nx\ny', 'y\ny\nx']),
    group('kind unordered-lines', '', ['', '\n\n', ' \n'], ['a', '\0', '0\n']),
    group('kind unordered-lines', '1 2\n2 1\n', ['2 1\n1 2'], ['1 2\n1 2', '2 1\n2 1', '1 2\n21', '1  2\n2 1', '1 2 2 1']),
    group('kind unordered-lines', 'a\0\na\n', ['a\na\0'], ['a\na', 'a\0\na\0', 'a\0\0\na']),
    ...lengths.map((length) =>
      group(
        'kind unordered-lines',
        `${many('ab', length)}\nq`,
        [`q\n${many('ab', length)} `],
        [`q\n${many('ab', length - 1)}`, `q\n${many('ab', length - 1)}ba`, `q\n${many('ba', length)}`],
      ),
    ),
  ],
}

function optionsOf(rules: string): Compare {
  const words = rules.split(' ').filter(Boolean)
  const options: Record<string, unknown> = {}
  for (let word = words.shift(); word !== undefined; word = words.shift()) {
    if (word === 'kind') options.kind = words.shift()
    else if (word === 'case_sensitive') options.caseSensitive = true
    else if (word === 'space_change_sensitive') options.spaceChangeSensitive = true
    else {
      const tolerance = Number(words.shift())
      if (word !== 'float_relative_tolerance') options.floatAbsoluteTolerance = tolerance
      if (word !== 'float_absolute_tolerance') options.floatRelativeTolerance = tolerance
    }
  }
  return options
}

function inPieces(given: Uint8Array, wanted: Uint8Array, size: number, options: Compare) {
  const comparison = openComparison(given, options)
  for (let from = 0; from < wanted.length; from += size) {
    const found = comparison.push(wanted.subarray(from, from + size))
    if (found !== undefined) return found
  }
  return comparison.end()
}

const shown = (text: string) => (text.length > 80 ? `${JSON.stringify(text.slice(0, 60))}… (${text.length})` : JSON.stringify(text))
function check({ rules, wanted, right, wrong }: Group) {
  const options = optionsOf(rules)
  const bytes = Buffer.from(wanted, 'latin1')
  for (const [outputs, expected] of [
    [[wanted, ...right], true],
    [wrong, false],
  ] as const)
    for (const output of outputs) {
      const given = Buffer.from(output, 'latin1')
      const said = compareOutput(given, bytes, options)
      const what = `[${rules}] ${shown(output)} for ${shown(wanted)}`
      assert.equal(said.equal, expected, what)
      for (const size of [1, 2, Math.ceil(bytes.length / 2) || 1]) assert.deepEqual(inPieces(given, bytes, size, options), said, `${what} in pieces of ${size}`)
    }
}

for (const [name, groups] of Object.entries({ 'the default validator': { ...tokensAndSpaces, ...numbers }, 'kinds of comparison': kinds }))
  describe(name, () => {
    for (const [promise, cases] of Object.entries(groups)) it(promise, () => cases.forEach(check))
  })
