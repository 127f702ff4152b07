import type { Compare } from '#contracts/common'
import { openExact, openLines } from './compare-lines.ts'
import { agreed, type Comparison, type Difference } from './compare-place.ts'
import { openTokens } from './compare-tokens.ts'
import { openUnorderedLines } from './compare-unordered.ts'

/**
 * Whether an output is the expected one, by the rules a problem names (`Compare`). Without a `kind` these are the default validator's of the ICPC problem
 * package format:
 *
 * - Tokens are runs of bytes other than white space (space, \t, \n, \v, \f, \r) and compare one after another. White space itself is compared, to the byte,
 *   only with `spaceChangeSensitive`.
 * - `caseSensitive`: tokens are the same to the byte; else A–Z are a–z, in ASCII only.
 * - With a float tolerance a token of the expected output that is a number (`compare-number.ts`) makes the participant's be one, and they agree when either
 *   tolerance holds: |given − wanted| ≤ absolute, or ≤ relative × |wanted|. Other tokens are words. A tolerance of 0 compares numbers too.
 *
 * Where the format's text (2025-09) and the reference program (Kattis problemtools) differ, the text is followed, for it says what an author may rely on on every
 * judge: hexadecimal and unfinished exponents are words, and bytes after a NUL count. `inf` and `nan` are words to both.
 * @see https://icpc.io/problem-package-format/spec/2025-09.html#default-output-validator-specification
 *
 * The expected output comes in pieces, cut anywhere (`openComparison`), since it may be hundreds of megabytes in a file; of it no more is remembered than the
 * head of the token or line at hand. The participant's output, which the sandbox has capped, is at hand as a whole. Bytes, not text: nothing is decoded.
 */
export function compareOutput(given: Uint8Array, wanted: Uint8Array, options: Compare): Difference {
  const comparison = openComparison(given, options)
  return comparison.push(wanted) ?? comparison.end()
}

/**
 * While the two are the same to the byte, which they are for most that is right, nothing else is looked at: equal bytes are equal by all rules.
 * At the first piece that differs the rules read from the start, out of the participant's output, which began the same.
 */
export function openComparison(given: Uint8Array, options: Compare): Comparison {
  let same = 0
  let byRules: Comparison | undefined
  const readByRules = () => {
    byRules = openByKind(given, options)
    return byRules.push(given.subarray(0, same))
  }
  return {
    push(wanted) {
      if (byRules === undefined) {
        if (equalBytes(given.subarray(same, same + wanted.length), wanted)) {
          same += wanted.length
          return undefined
        }
        const found = readByRules()
        if (found !== undefined) return found
      }
      return byRules?.push(wanted)
    },
    end() {
      if (byRules === undefined && same === given.length) return agreed
      return (byRules === undefined ? readByRules() : undefined) ?? byRules?.end() ?? agreed
    },
  }
}

function openByKind(given: Uint8Array, options: Compare): Comparison {
  const tokens = { isExact: false, areSpacesExact: false, absolute: undefined, relative: undefined, hasNonFinite: false }
  const { floatAbsoluteTolerance: absolute, floatRelativeTolerance: relative } = options
  switch (options.kind ?? 'default') {
    case 'default':
      return openTokens(given, {
        ...tokens,
        isExact: options.caseSensitive === true,
        areSpacesExact: options.spaceChangeSensitive === true,
        absolute,
        relative,
      })
    case 'exact':
      return openExact(given)
    case 'tokens':
      return openTokens(given, { ...tokens, isExact: true })
    case 'case-insensitive':
      return openTokens(given, tokens)
    case 'floats':
      return openTokens(given, { ...tokens, absolute, relative, hasNonFinite: true })
    case 'lines':
      return openLines(given)
    case 'unordered-lines':
      return openUnorderedLines(given)
  }
}

const equalBytes = (a: Uint8Array, b: Uint8Array) => a.length === b.length && Buffer.compare(a, b) === 0
