import assert from 'node:assert/strict'
import { it } from 'node:test'
import { openPasswords } from './passwords.ts'

it('a password is verified, another is not, and nobody’s password is no password', async () => {
  const passwords = await openPasswords()
  const hashed = await passwords.hash('akabando')
  assert.ok(hashed.ok)
  assert.match(hashed.value, /^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)
  assert.deepEqual(await passwords.verify(hashed.value, 'akabando'), { ok: true, value: true })
  assert.deepEqual(await passwords.verify(hashed.value, 'akabandO'), { ok: true, value: false })
  assert.deepEqual(await passwords.verify(undefined, 'nobody has this password'), { ok: true, value: false })
})

it('an unknown name costs what a known one costs', async () => {
  const passwords = await openPasswords()
  const hashed = await passwords.hash('akabando')
  assert.ok(hashed.ok)
  const median = async (stored: string | undefined) => {
    const times: number[] = []
    for (let i = 0; i < 9; i++) {
      const from = performance.now()
      await passwords.verify(stored, 'guess')
      times.push(performance.now() - from)
    }
    return times.sort((a, b) => a - b)[4] ?? 0
  }
  const [known, unknown] = [await median(hashed.value), await median(undefined)]
  assert.ok(unknown > known / 3, `known ${known} ms, unknown ${unknown} ms`) // without the dummy it is a thousandth
})

it('a burst waits its turn, and beyond the queue is asked to come again', async () => {
  const passwords = await openPasswords({ atOnce: 1, maxWaiting: 2 })
  const answers = await Promise.all([1, 2, 3, 4, 5].map((n) => passwords.hash(`password ${n}`)))
  assert.deepEqual(
    answers.map((answer) => (answer.ok ? 'hashed' : answer.error)),
    ['hashed', 'hashed', 'hashed', 'BUSY', 'BUSY'],
  )
  assert.equal((await passwords.hash('afterwards')).ok, true)
})

it('a hash that cannot be read frees its place', async () => {
  const passwords = await openPasswords({ atOnce: 1, maxWaiting: 0 })
  await assert.rejects(passwords.verify('not a hash', 'x'))
  assert.equal((await passwords.hash('afterwards')).ok, true)
})
