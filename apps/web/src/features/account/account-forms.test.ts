import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { User } from '#contracts/user'
import { loginName, nextPath, profileChange, profileForm, registerBody, registerProblems } from './account-forms.ts'

test('one field takes an e-mail or a username', () => {
  assert.deepEqual(loginName(' ada@x.rw '), { email: 'ada@x.rw' })
  assert.deepEqual(loginName('ada'), { username: 'ada' })
})

test('the form says what is wrong before the server must', () => {
  assert.deepEqual(registerProblems({ name: ' ', login: 'a b', school: '', password: 'short' }), {
    name: 'nameMissing',
    login: 'loginBad',
    password: 'passwordShort',
  })
  assert.deepEqual(registerProblems({ name: 'Ada', login: 'ada.l', school: '', password: 'long enough' }), {})
})

test('an empty school is left out of the body', () => {
  assert.deepEqual(registerBody({ name: ' Ada ', login: 'ada', school: ' ', password: 'p' }, 'rw'), {
    username: 'ada',
    name: 'Ada',
    password: 'p',
    language: 'rw',
  })
})

test('only what was changed is sent', () => {
  const user: User = { id: 'u', name: 'Ada', school: 'GS', role: 'student', language: 'en', username: 'ada' }
  assert.deepEqual(profileChange(user, profileForm(user)), {})
  assert.deepEqual(profileChange(user, { ...profileForm(user), school: '', email: 'a@b.rw', username: '' }), { school: '', email: 'a@b.rw' })
})

test('a crafted link cannot lead away after logging in', () => {
  assert.equal(nextPath('?next=%2Fcontests%2F1'), '/contests/1')
  for (const bad of ['?next=https://evil', '?next=//evil', '?next=/\\evil', '']) assert.equal(nextPath(bad), '/')
})
