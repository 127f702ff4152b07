import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { readKattis, readTestlib, type Said } from './checker-said.ts'
import { readFeedback } from './feedback-frames.ts'

const bytes = (text: string) => Buffer.from(text)
const kattis = (exitCode: number, files: Readonly<Record<string, string>> = {}, isScored = true) =>
  readKattis(exitCode, new Map(Object.entries(files).map(([name, text]) => [name, bytes(text)])), { stderr: bytes('on stderr'), isScored })
const testlib = (exitCode: number, said = '', language = 'cpp') => readTestlib(exitCode, bytes(said), language)
const brief = (said: Said) => ('fault' in said ? 'fault' : said.isAccepted ? (said.given ?? 'accepted') : 'rejected')

describe('a Kattis validator', () => {
  it('accepts with 42, rejects with 43; all else is a fault, which quotes it', () => {
    for (let code = 0; code < 256; code++) assert.equal(brief(kattis(code)), code === 42 ? 'accepted' : code === 43 ? 'rejected' : 'fault')
    assert.match(JSON.stringify(kattis(1)), /on stderr/)
    assert.match(JSON.stringify(kattis(1, { 'judgemessage.txt': 'in a file' })), /in a file/)
  })
  for (const [text, milli] of [
    ['1', 1000],
    [' 0.5\n', 500],
    ['12.3456', 12_346],
    ['1e2', 100_000],
    ['-3', -3000],
    ['-0', 0],
    ['.25', 250],
    ['1000000', 1_000_000_000],
  ] as const)
    it(`${JSON.stringify(text)} in score.txt is ${milli} thousandths`, () =>
      assert.deepEqual(kattis(42, { 'score.txt': text }), { isAccepted: true, given: { milli }, message: '' }))
  for (const text of ['', ' ', 'inf', 'nan', '0x10', '1 2', '1,5', '1e', '1000001', '1e99', '--1', '\u0661', '9'.repeat(4096)])
    it(`${JSON.stringify(text.slice(0, 20))} in score.txt is garbage`, () => assert.equal(brief(kattis(42, { 'score.txt': text })), 'fault'))
  it('a share is a number from 0 to 1', () => {
    assert.deepEqual(['0', '0.25', '1'].map((text) => brief(kattis(42, { 'score_multiplier.txt': text }))), [{ shareMilli: 0 }, { shareMilli: 250 }, { shareMilli: 1000 }]) // biome-ignore format: one line
    for (const text of ['1.001', '-0.1', 'x']) assert.equal(brief(kattis(42, { 'score_multiplier.txt': text })), 'fault')
    assert.equal(brief(kattis(42, { 'score.txt': '1', 'score_multiplier.txt': '1' })), 'fault')
  })
  it('points of a rejection, or where tests have none, are not looked at', () => {
    assert.deepEqual([brief(kattis(43, { 'score.txt': 'x' })), brief(kattis(42, { 'score.txt': 'x' }, false))], ['rejected', 'accepted'])
  })
  it('its message is short and whole, whatever it wrote', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 4096 }), (content) => {
        const said = readKattis(43, new Map([['judgemessage.txt', content]]), { stderr: content, isScored: false })
        assert.ok('message' in said && said.message.length <= 1000 && said.message.isWellFormed() && !/[^\P{Cc}\t\n]/u.test(said.message))
      }),
    )
  })
})

describe('a testlib checker', () => {
  it('exit codes', () => {
    const accepted = [0]
    const rejected = [1, 2, 4, 5, 8]
    for (let code = 0; code < 256; code++)
      assert.equal(brief(testlib(code, 'said')), accepted.includes(code) ? 'accepted' : rejected.includes(code) ? 'rejected' : 'fault', String(code))
  })
  it('points stand first in the message, with or without the word', () => {
    assert.deepEqual(brief(testlib(7, 'points 12.5 well')), { milli: 12_500 })
    assert.deepEqual(brief(testlib(7, '3 well')), { milli: 3000 })
    assert.equal(brief(testlib(7, 'points 0 none')), 'rejected')
    for (const said of ['', 'points', 'points inf', 'points x']) assert.equal(brief(testlib(7, said)), 'fault')
  })
  it('a share, when exit code and message agree', () => {
    assert.deepEqual(
      [brief(testlib(90, 'partially correct (40) so')), brief(testlib(40, 'partially correct (40) so'))],
      [{ shareMilli: 400 }, { shareMilli: 400 }],
    )
    assert.deepEqual([brief(testlib(91, 'partially correct (40) so')), brief(testlib(50, 'partially correct (0) so'))], ['fault', 'rejected'])
  })
  it('what a runtime prints as it crashes is told from a rejection, where the language has a runtime', () => {
    const crash = 'Traceback (most recent call last):\n  File "main.py"'
    assert.deepEqual(
      [brief(testlib(1, crash, 'python')), brief(testlib(1, crash, 'cpp')), brief(testlib(1, 'no', 'python'))],
      ['fault', 'rejected', 'rejected'],
    )
    assert.equal(brief(testlib(1, 'Exception in thread "main" java.lang.Error', 'java')), 'fault')
  })
})

describe('feedback on its way out of the box', () => {
  const tell = (code: number, files: readonly (readonly [name: string, content: Uint8Array])[]) =>
    Buffer.concat([bytes(`code ${code}\n`), ...files.flatMap(([name, content]) => [bytes(`${name} ${content.length}\n`), content])])
  it('comes as it was, whatever is in it', () => {
    fc.assert(
      fc.property(fc.nat(255), fc.uint8Array(), fc.uint8Array(), (code, score, message) => {
        const told = readFeedback(tell(code, [['score.txt', score], ['judgemessage.txt', message]])) // biome-ignore format: one line
        assert.deepEqual(
          [told?.exitCode, [...(told?.files.get('score.txt') ?? [])], [...(told?.files.get('judgemessage.txt') ?? [])]],
          [code, [...score], [...message]],
        )
      }),
    )
  })
  it('what is cut, doubled or foreign is nothing', () => {
    const whole = tell(42, [['score.txt', bytes('12')]])
    for (let length = 0; length < whole.length; length++) assert.equal(readFeedback(whole.subarray(0, length))?.files.size ?? 0, 0)
    assert.equal(readFeedback(Buffer.concat([whole, bytes('score.txt 1\n1')])), undefined)
    for (const foreign of ['', 'code\n', 'code 4242\n', 'code 42\nx', 'hello', 'code 42\n../x 1\n1'])
      assert.equal(readFeedback(bytes(foreign)), undefined, foreign)
    fc.assert(fc.property(fc.uint8Array(), (content) => void readFeedback(content)))
  })
})
