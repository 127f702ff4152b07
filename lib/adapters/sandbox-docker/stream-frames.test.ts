import assert from 'node:assert/strict'
import { once } from 'node:events'
import { describe, it } from 'node:test'
import { array, assert as check, integer, oneof, property, record, uint8Array } from 'fast-check'
import { stdoutOf, streamCutter } from './stream-frames.ts'

type Frame = { readonly stream: number; readonly content: Uint8Array }
const frames = array(record({ stream: oneof(integer({ min: 1, max: 1 }), integer({ min: 2, max: 2 })), content: uint8Array({ maxLength: 300 }) }), {
  maxLength: 20,
})
const encode = (each: readonly Frame[]) =>
  Buffer.concat(
    each.flatMap(({ stream, content }) => {
      const header = Buffer.from([stream, 0, 0, 0, 0, 0, 0, 0])
      header.writeUInt32BE(content.length, 4)
      return [header, content]
    }),
  )
/** The bytes in pieces that end at the given places. */
function cutAt(bytes: Buffer, places: readonly number[]): readonly Buffer[] {
  const ends = [...places.map((place) => place % (bytes.length + 1)), bytes.length].sort((a, b) => a - b)
  return ends.map((end, index) => bytes.subarray(ends[index - 1] ?? 0, end))
}
const ofStream = (all: readonly Frame[], stream: number) => Buffer.concat(all.filter((each) => each.stream === stream).map(({ content }) => content))

describe('the two outputs of a container on one connection', () => {
  it('come apart as they went in, wherever the connection cuts them', () =>
    check(
      property(frames, array(integer({ min: 0, max: 10_000 }), { maxLength: 30 }), (sent, places) => {
        const cut = streamCutter()
        const parts = cutAt(encode(sent), places).flatMap((piece) => cut(piece))
        const got = (name: string) => Buffer.concat(parts.filter(({ stream }) => stream === name).map(({ content }) => content))
        assert.deepEqual([got('stdout'), got('stderr')], [ofStream(sent, 1), ofStream(sent, 2)])
      }),
    ))
  it('any bytes are either frames or refused, and refused for good', () =>
    check(
      property(array(uint8Array({ maxLength: 40 }), { maxLength: 10 }), (pieces) => {
        const cut = streamCutter()
        try {
          for (const piece of pieces) cut(Buffer.from(piece))
        } catch (error) {
          assert.match((error as Error).message, /no frame/)
        }
      }),
    ))
  it('as a stream: stdout comes through, stderr is told aside, nonsense is an error', async () => {
    const aside: Buffer[] = []
    const stream = stdoutOf((content) => void aside.push(content))
    stream.write(
      encode([
        { stream: 1, content: Buffer.from('out') },
        { stream: 2, content: Buffer.from('err') },
      ]),
    )
    assert.equal(String((await once(stream, 'data'))[0]), 'out')
    assert.equal(String(Buffer.concat(aside)), 'err')
    const failed = once(stream, 'error')
    stream.write(Buffer.from('HTTP/1.1 500'))
    assert.match(String(await failed), /no frame/)
  })
})
