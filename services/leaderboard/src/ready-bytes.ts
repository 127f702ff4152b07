import { constants, crc32, deflateRawSync } from 'node:zlib'
import { type Instant, toIso } from '#kernel/time'

/**
 * A JSON answer kept as bytes, plain and gzipped, whose last field `serverNow` is stamped anew every `stampedMs`.
 *
 * A board of 100 rows and 12 problems is 150 KB of JSON and a tenth of that zipped; zipping takes milliseconds, so it is done once a revision and not once a
 * stamp: the text up to the stamp is deflated to a byte boundary (sync flush), the stamp is deflated by itself and put behind it, and the checksum is
 * carried on over both. That is one ordinary gzip member.
 */
export type ReadyBytes = (encoding: Encoding, now: Instant) => Buffer
export type Encoding = 'plain' | 'gzip'

/** How old `serverNow` may be. */
const stampedMs = 100
/** Magic, deflate, no flags, no time, no extra flags, unknown system: RFC 1952, 2.3. */
const gzipHeader = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255])
const level = 5

/** `value` is a JSON object without `serverNow`. */
export function readyBytes(value: object): ReadyBytes {
  const prefix = Buffer.from(`${JSON.stringify(value).slice(0, -1)},"serverNow":`)
  const stamped = new Map<Encoding, { readonly body: Buffer; readonly at: Instant }>()
  let zipped: { readonly bytes: Buffer; readonly crc: number } | undefined
  const make = (encoding: Encoding, now: Instant): Buffer => {
    const tail = Buffer.from(`"${toIso(now)}"}`)
    if (encoding === 'plain') return Buffer.concat([prefix, tail])
    zipped ??= { bytes: deflateRawSync(prefix, { level, finishFlush: constants.Z_SYNC_FLUSH }), crc: crc32(prefix) }
    const trailer = Buffer.alloc(8)
    trailer.writeUInt32LE(crc32(tail, zipped.crc), 0)
    trailer.writeUInt32LE(prefix.byteLength + tail.byteLength, 4)
    return Buffer.concat([gzipHeader, zipped.bytes, deflateRawSync(tail), trailer])
  }
  return (encoding, now) => {
    const known = stamped.get(encoding)
    if (known !== undefined && Math.abs(now - known.at) < stampedMs) return known.body
    const body = make(encoding, now)
    stamped.set(encoding, { body, at: now })
    return body
  }
}

/** Does the client take gzip? A weight of nought is a no. */
export const takesGzip = (acceptEncoding: string | undefined): boolean =>
  acceptEncoding !== undefined && /\bgzip\b(?!\s*;\s*q=0(?:\.0*)?\s*(?:,|$))/i.test(acceptEncoding)
