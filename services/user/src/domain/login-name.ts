/**
 * Login names compare without case: they are folded once, here, and stored folded. An e-mail is brought to NFC (the same letters typed on two
 * keyboards are one address) but never to NFKC: mail must go to the address that was typed, so a look-alike is another account.
 */
export const foldEmail = (email: string) => email.normalize('NFC').toLowerCase()
export const foldUsername = (username: string) => username.toLowerCase()

export type LoginName = { readonly kind: 'email' | 'username'; readonly value: string }

/** Which account is meant. A username never holds an `@`, so a name with one is an e-mail whichever field it came in. */
export function loginNameOf(given: { email?: string | undefined; username?: string | undefined }): LoginName | undefined {
  const text = given.email?.trim() || given.username?.trim()
  if (!text) return undefined
  return text.includes('@') ? { kind: 'email', value: foldEmail(text) } : { kind: 'username', value: foldUsername(text) }
}

/** A name or school as it is kept: NFC, no blanks around. */
export const tidy = (text: string) => text.normalize('NFC').trim()
