import type { ServerMessage } from '#contracts/notifications'

/** A message as its bytes on the wire, which are the same for all who get it: made once, they cost each socket one write and no memory of its own. */
export type Frame = { readonly bytes: Buffer }

const finalText = 0x81

/** Final, text, not masked, not compressed, as a server sends it. @see RFC 6455 §5.2 */
export function frameOf(message: ServerMessage): Frame {
  const text = JSON.stringify(message)
  const size = Buffer.byteLength(text)
  const headBytes = size < 126 ? 2 : size < 65_536 ? 4 : 10
  const bytes = Buffer.allocUnsafeSlow(headBytes + size) // not of the shared pool: one that waits in a slow socket would keep its neighbours too
  bytes[0] = finalText
  if (headBytes === 2) bytes[1] = size
  else if (headBytes === 4) {
    bytes[1] = 126
    bytes.writeUInt16BE(size, 2)
  } else {
    bytes[1] = 127
    bytes.writeBigUInt64BE(BigInt(size), 2)
  }
  bytes.write(text, headBytes)
  return { bytes }
}
