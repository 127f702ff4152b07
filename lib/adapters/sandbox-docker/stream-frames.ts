import { Transform } from 'node:stream'
import { SandboxFault } from '#ports/sandbox'

/**
 * What an engine makes of a container's two outputs on one attached connection: u8 stream (1 stdout, 2 stderr), three zero bytes, u32 length
 * (big-endian), content. Frames may be cut anywhere; content is passed on as it comes, so no frame is ever held in memory.
 */
export type StreamPart = { readonly stream: 'stdout' | 'stderr'; readonly content: Buffer }

const headerBytes = 8

/** @returns cuts chunk after chunk into parts. @throws SandboxFault for what is no frame: nothing after it can be believed. */
export function streamCutter(): (chunk: Buffer) => readonly StreamPart[] {
  const header = Buffer.alloc(headerBytes)
  let headerFilled = 0
  let left = 0
  return (chunk) => {
    const parts: StreamPart[] = []
    let at = 0
    while (at < chunk.length) {
      if (left === 0) {
        const copied = chunk.copy(header, headerFilled, at, at + headerBytes - headerFilled)
        headerFilled += copied
        at += copied
        if (headerFilled < headerBytes) break
        headerFilled = 0
        if (header.readUIntBE(1, 3) !== 0 || (header[0] !== 1 && header[0] !== 2))
          throw new SandboxFault('the engine sent what is no frame of a container', 'now')
        left = header.readUInt32BE(4)
        continue
      }
      const content = chunk.subarray(at, at + left)
      at += content.length
      left -= content.length
      parts.push({ stream: header[0] === 1 ? 'stdout' : 'stderr', content })
    }
    return parts
  }
}

/** A stream of an attached connection's bytes to those of the container's stdout; `onStderr` hears the rest. */
export function stdoutOf(onStderr: (content: Buffer) => void): Transform {
  const cut = streamCutter()
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      try {
        for (const { stream, content } of cut(chunk)) {
          if (stream === 'stdout') this.push(content)
          else onStderr(content)
        }
        done()
      } catch (error) {
        done(error as Error)
      }
    },
  })
}
