/** Form → contract body. One field takes an e-mail or a username: `@` tells them apart. */

import type { AllRoutes } from '#contracts/all'
import type { RouteInput } from '#contracts/route'
import type { User } from '#contracts/user'

type Register = RouteInput<AllRoutes['POST /api/register']>['body']
type Change = RouteInput<AllRoutes['PATCH /api/me']>['body']

export const loginName = (text: string): { email: string } | { username: string } => (text.includes('@') ? { email: text.trim() } : { username: text.trim() })

/** As the contract takes one; the server decides. */
export const isEmail = (text: string) => /^[^@\s]{1,64}@[^@\s.]+(\.[^@\s.]+)+$/.test(text.trim())

export type RegisterForm = { readonly name: string; readonly login: string; readonly school: string; readonly password: string }
export const emptyRegisterForm: RegisterForm = { name: '', login: '', school: '', password: '' }

/** What is wrong with a field, as a key of the texts under `register`. The server decides; this only spares a round trip. */
export function registerProblems(form: RegisterForm): Partial<Record<keyof RegisterForm, 'nameMissing' | 'loginBad' | 'passwordShort'>> {
  const login = form.login.trim()
  const isLogin = login.includes('@') ? isEmail(login) : /^[A-Za-z0-9][A-Za-z0-9._-]{2,31}$/.test(login)
  return {
    ...(form.name.trim() === '' && { name: 'nameMissing' as const }),
    ...(!isLogin && { login: 'loginBad' as const }),
    ...(form.password.length < 8 && { password: 'passwordShort' as const }),
  }
}

/** The language of the page becomes the account's. */
export const registerBody = (form: RegisterForm, language: User['language']): Register => ({
  ...loginName(form.login),
  name: form.name.trim(),
  password: form.password,
  language,
  ...(form.school.trim() && { school: form.school.trim() }),
})

export type ProfileForm = {
  readonly name: string
  readonly school: string
  readonly email: string
  readonly username: string
  readonly language: User['language']
}
export const profileForm = (user: User): ProfileForm => ({
  name: user.name,
  school: user.school,
  email: user.email ?? '',
  username: user.username ?? '',
  language: user.language,
})

/** Only what differs; e-mail and username can be set or changed, not emptied. */
export function profileChange(user: User, form: ProfileForm): Change {
  const { name, school, email, username } = { name: form.name.trim(), school: form.school.trim(), email: form.email.trim(), username: form.username.trim() }
  return {
    ...(name !== user.name && name !== '' && { name }),
    ...(school !== user.school && { school }),
    ...(email !== '' && email !== user.email && { email }),
    ...(username !== '' && username !== user.username && { username }),
    ...(form.language !== user.language && { language: form.language }),
  }
}

/** Where to go after logging in: only paths of this site, so that a crafted link cannot lead away. */
export function nextPath(search: string): string {
  const next = new URLSearchParams(search).get('next') ?? '/'
  return next.startsWith('/') && !next.startsWith('//') && !next.includes('\\') ? next : '/'
}
