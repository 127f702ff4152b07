import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'

/**
 * Answers on a bad line: JSON shrinks five- to tenfold. Smaller ones fit one packet anyway. The same bytes asked for again (a board kept ready) are
 * compressed once. A front server that finds an encoding set leaves it alone.
 */
const worthwhileBytes = 1_400
type Encoding = 'br' | 'gzip'

const encoders: Record<Encoding, (body: Uint8Array) => Promise<Buffer>> = {
  br: (body) => promisify(brotliCompress)(body, { params: { [constants.BROTLI_PARAM_QUALITY]: 4, [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT } }),
  gzip: (body) => promisify(gzip)(body, { level: 5 }),
}
const kept: Record<Encoding, WeakMap<Uint8Array, Promise<Buffer>>> = { br: new WeakMap(), gzip: new WeakMap() }

/** @returns undefined when it is better sent as it is. */
export function encodingFor(sizeBytes: number, accepted: string | undefined): Encoding | undefined {
  if (sizeBytes < worthwhileBytes || accepted === undefined) return undefined
  if (/\bbr\b(?!\s*;\s*q=0(\.0*)?\b)/.test(accepted)) return 'br'
  return /\bgzip\b(?!\s*;\s*q=0(\.0*)?\b)/.test(accepted) ? 'gzip' : undefined
}

export const compress = (body: Uint8Array, encoding: Encoding): Promise<Buffer> => encoders[encoding](body)

/** For bytes that live long and never change. */
export function compressKept(body: Uint8Array, encoding: Encoding): Promise<Buffer> {
  const known = kept[encoding].get(body) ?? compress(body, encoding)
  kept[encoding].set(body, known)
  return known
}
