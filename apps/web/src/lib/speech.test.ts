import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Language } from './languages.ts'
import { createSpeech } from './speech.ts'
import type { Texts } from './translate.ts'

/** Loads wait until the test answers them, in any order. */
function start() {
  const asked = new Map<string, { answer: () => void; fail: () => void }>()
  const tellings: string[] = []
  const added: string[] = []
  const speech = createSpeech({
    load: (language, part) => {
      const name = `${language} ${part}`
      assert.ok(!asked.has(name), `${name} is on its way already`)
      return new Promise<Texts>((resolve, reject) => {
        const done = (settle: () => void) => () => {
          asked.delete(name)
          settle()
        }
        asked.set(name, { answer: done(() => resolve({ part })), fail: done(() => reject(new Error('the line broke'))) })
      })
    },
    add: (language, { part }) => void added.push(`${language} ${String(part)}`),
    turnTo: async (language: Language) => void tellings.push(language),
  })
  const settle = (name: string, how: 'answer' | 'fail') => {
    const load = asked.get(name)
    assert.ok(load, `${name} was asked for`)
    load[how]()
  }
  return { speech, asked, tellings, added, answer: (name: string) => settle(name, 'answer'), fail: (name: string) => settle(name, 'fail') }
}
/** Everything that promises have to do. */
const rest = () => new Promise<void>((done) => setImmediate(done))

test('the page turns to a language when its texts are there, and fetches them once', async () => {
  const { speech, tellings, answer, asked } = start()
  const turned = speech.speak('rw')
  assert.deepEqual(tellings, [])
  answer('rw first')
  assert.equal(await turned, true)
  const back = speech.speak('en')
  answer('en first')
  await back
  await speech.speak('rw')
  assert.deepEqual(tellings, ['rw', 'en', 'rw'])
  assert.equal(asked.size, 0)
})

test('who asks last wins, however the answers arrive', async () => {
  const { speech, tellings, answer } = start()
  const both = [speech.speak('rw'), speech.speak('fr')]
  answer('fr first')
  await rest()
  answer('rw first')
  assert.deepEqual(await Promise.all(both), [true, true])
  assert.deepEqual(tellings, ['fr'])
})

test('texts that do not come leave the page as it was, and are asked for again', async () => {
  const { speech, tellings, answer, fail } = start()
  const turned = speech.speak('rw')
  fail('rw first')
  assert.equal(await turned, false)
  assert.deepEqual(tellings, [])
  const again = speech.speak('rw')
  answer('rw first')
  assert.equal(await again, true)
  assert.deepEqual(tellings, ['rw'])
})

test('a page that needs the later texts gets them in the language spoken', async () => {
  const { speech, added, answer } = start()
  const turned = speech.speak('fr')
  answer('fr first')
  await turned
  const needed = speech.need('later')
  answer('fr later')
  await needed
  assert.deepEqual(added, ['fr first', 'fr later'])
})

test('once later texts are needed, the page turns to no language without them', async () => {
  const { speech, tellings, answer } = start()
  const turned = speech.speak('rw')
  const needed = speech.need('later')
  answer('en later')
  await needed
  answer('rw first')
  await rest()
  assert.deepEqual(tellings, [])
  answer('rw later')
  assert.equal(await turned, true)
  assert.deepEqual(tellings, ['rw'])
})

test('parts are fetched one by one, each when it is needed', async () => {
  const { speech, added, answer, asked } = start()
  const room = speech.need('room')
  answer('en room')
  await room
  assert.equal(asked.size, 0)
  const turned = speech.speak('fr')
  answer('fr first')
  answer('fr room')
  assert.equal(await turned, true)
  assert.deepEqual(added, ['en room', 'fr first', 'fr room'])
})

test('later texts that do not come are an error for the page, and are asked for again', async () => {
  const { speech, answer, fail } = start()
  const needed = speech.need('later')
  fail('en later')
  await assert.rejects(needed, /line broke/)
  const again = speech.need('later')
  answer('en later')
  await again
})
