import type { Account, Language } from './account.ts'
import { foldEmail, foldUsername, tidy } from './login-name.ts'

export type ProfileChange = {
  readonly name?: string
  readonly school?: string
  readonly language?: Language
  readonly email?: string
  readonly username?: string
}

/** The account with what was asked for, as it will be stored; what was not named stays. Another address is not proven yet. */
export function changedAccount(account: Account, change: ProfileChange): Account {
  const email = change.email === undefined ? account.email : foldEmail(change.email)
  return {
    ...account,
    name: change.name === undefined ? account.name : tidy(change.name),
    school: change.school === undefined ? account.school : tidy(change.school),
    language: change.language ?? account.language,
    email,
    emailVerified: account.emailVerified && email === account.email,
    username: change.username === undefined ? account.username : foldUsername(change.username),
  }
}
