import { commonPasswords } from './common-passwords.ts'

const minLength = 8

/** The form that is hashed: NFKC, so that the same password typed on another keyboard is the same (NIST SP 800-63B, 5.1.1.2). */
export const foldPassword = (password: string) => password.normalize('NFKC')

/**
 * Length is what counts (NIST SP 800-63B): at least 8 code points, not among the passwords tried first, not one character repeated, not the login
 * name or the part of the e-mail before the `@`. No rules about digits and signs: they lead to `Password1!`.
 */
export function isWeak(password: string, loginNames: readonly (string | undefined)[]): boolean {
  const folded = foldPassword(password).toLowerCase()
  const letters = [...folded]
  if (letters.length < minLength || new Set(letters).size === 1 || commonPasswords.has(folded)) return true
  return loginNames.some((name) => name !== undefined && (name.toLowerCase() === folded || name.toLowerCase().split('@')[0] === folded))
}
