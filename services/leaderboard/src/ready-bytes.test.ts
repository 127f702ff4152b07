import assert from 'node:assert/strict'
import { test } from 'node:test'
import { gunzipSync } from 'node:zlib'
import { instant } from '#kernel/time'
import { readyBytes, takesGzip } from './ready-bytes.ts'

const board = { contestId: 'c', rows: Array.from({ length: 300 }, (_, n) => ({ name: `Umunyeshuri ${n} é`, score: n })) }

test('plain and gzipped bytes say the same, with the clock as the last field', () => {
  const answer = readyBytes(board)
  const said = JSON.parse(answer('plain', instant(5)).toString('utf8'))
  assert.deepEqual(said, { ...board, serverNow: '1970-01-01T00:00:00.005Z' })
  const zipped = answer('gzip', instant(5))
  assert.deepEqual(JSON.parse(gunzipSync(zipped).toString('utf8')), said)
  assert.ok(zipped.byteLength < answer('plain', instant(5)).byteLength / 4)
})
test('the clock is stamped anew after a tenth of a second, and the very same bytes are given until then', () => {
  const answer = readyBytes(board)
  for (const encoding of ['plain', 'gzip'] as const) assert.equal(answer(encoding, instant(0)), answer(encoding, instant(99)))
  assert.match(gunzipSync(answer('gzip', instant(1_000))).toString('utf8'), /"serverNow":"1970-01-01T00:00:01.000Z"}$/)
})
test('gzip is sent to who takes it', () => {
  for (const yes of ['gzip', 'gzip, deflate, br', 'br;q=1.0, gzip;q=0.8, *;q=0.1', 'GZIP;q=0.05']) assert.equal(takesGzip(yes), true, yes)
  for (const no of [undefined, '', 'br', 'identity', 'gzip;q=0', 'br, gzip;q=0.0, identity']) assert.equal(takesGzip(no), false, no)
})
