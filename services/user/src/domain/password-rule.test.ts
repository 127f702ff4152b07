import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { commonPasswords } from './common-passwords.ts'
import { foldPassword, isWeak } from './password-rule.ts'

const weak: [why: string, password: string, names?: string[]][] = [
  ['seven characters', 'gorilla'],
  ['seven characters of two code units each', '🦍🦍🦍🦍🦍🦍🐒'],
  ['a common one', 'password123'],
  ['a common one in another case', 'PassWord123'],
  ['a common one in full-width letters', 'ｐａｓｓｗｏｒｄ１２３'],
  ['one character repeated', 'zzzzzzzzzzzz'],
  ['the username', 'mutesi.aline', ['mutesi.aline']],
  ['the e-mail in another case', 'Aline@School.rw', ['aline@school.rw']],
  ['the part of the e-mail before the @', 'mutesi.aline', ['mutesi.aline@school.rw']],
]
describe('isWeak', () => {
  for (const [why, password, names = []] of weak) it(`refuses ${why}`, () => assert.equal(isWeak(password, names), true))
  it('takes eight characters that are nobody else’s, without asking for digits or signs', () => {
    for (const password of ['akabando', 'four gorillas sleep', 'ikirunga kya Karisimbi', '  spaces count  '])
      assert.equal(isWeak(password, ['aline', undefined]), false)
  })
  it('has only entries that length alone would let through, or they are dead weight', () => {
    assert.deepEqual(
      [...commonPasswords].filter((password) => password.length < 8 || password !== password.toLowerCase()),
      [],
    )
  })
})
it('the same password typed on another keyboard is the same', () => assert.equal(foldPassword('cafe\u0301 kigali'), foldPassword('caf\u00e9 kigali')))
