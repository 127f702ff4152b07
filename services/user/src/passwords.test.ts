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

it('an unknown name costs a hash, as a known one does', async () => {
  const passwords = await openPasswords()
  const times: number[] = []
  for (let i = 0; i < 5; i++) {
    const from = performance.now()
    await passwords.verify(undefined, 'guess')
    times.push(performance.now() - from)
  }
  // 12 ms and more where 19 MiB are filled twice, some hundredths of one without the dummy; other load can only lengthen it
  assert.ok(Math.min(...times) > 1, `${Math.min(...times)} ms`)
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
