/** 24 letters and 8 digits, without I, O, 0 and 1, which are mistaken for each other on a blackboard. */
const alphabet = 'ABCDEFGHJKLMNPQRSTUVWXYZ23456789'
const length = 10

/** A letter of each random byte, five bits of it. */
const lettersOf = (random: Uint8Array): string => Array.from(random, (byte) => alphabet[byte & 31]).join('')

/** 50 bits from 10 random bytes: not to be guessed at some tries a minute. */
export const codeOf = (random: Uint8Array): string => lettersOf(random.subarray(0, length))

/** What a payment is known by, `CA-XXXX-XXXX-XXXX`: 60 bits from 12 random bytes, and short enough to be copied onto a bank's form by hand. */
export const referenceOf = (random: Uint8Array): string => `CA-${lettersOf(random.subarray(0, 12)).replace(/(.{4})(?=.)/g, '$1-')}`

/** As typed: small letters, spaces and dashes do not matter. Undefined where it can be no code. */
export function readCode(text: string): string | undefined {
  const code = text.toUpperCase().replace(/[\s-]/g, '')
  return code.length === length && [...code].every((letter) => alphabet.includes(letter)) ? code : undefined
}
