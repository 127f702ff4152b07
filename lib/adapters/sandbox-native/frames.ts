import { SandboxFault } from '#ports/sandbox'

/** The words between worker and runner (runner/README.md): u32 length, u8 type, three zeros, payload; little-endian. */
export const runnerProtocol = 1
const headerBytes = 8
const longestOutgoing = 1 << 18
const longestIncoming = 1 << 16
const doneBytes = 48
const fixedRunBytes = 60
const mostStrings = 1024

export type RunRequest = {
  /** Digits: names the run's control group and its input. */
  readonly name: string
  readonly argv: readonly string[]
  readonly env: readonly string[]
  readonly wallMs: number
  readonly stackBytes: number
  readonly fileBytes: number
  readonly cpuSeconds: number
  readonly stdoutBytes: number
  readonly stderrBytes: number
  readonly keepFiles: boolean
  readonly hasStdin: boolean
}

export type RunnerMessage =
  | { readonly type: 'hello'; readonly protocol: number }
  | { readonly type: 'stdout' | 'stderr'; readonly content: Buffer }
  | {
      readonly type: 'done'
      readonly exitCode?: number
      readonly signal?: number
      readonly stops: { readonly wall: boolean; readonly output: boolean; readonly asked: boolean }
      readonly wallMs: number
    }
  | { readonly type: 'fault'; readonly message: string }

function frame(type: string, payload: Buffer): Buffer {
  const header = Buffer.alloc(headerBytes)
  header.writeUInt32LE(payload.length, 0)
  header.write(type, 4, 'latin1')
  return Buffer.concat([header, payload])
}
export const killFrame = frame('K', Buffer.alloc(0))

/** @throws SandboxFault for arguments that no frame can carry: a fault of who asks. */
export function runFrame(run: RunRequest): Buffer {
  const strings = [run.name, ...run.argv, ...run.env]
  if (run.argv.length === 0 || strings.length > mostStrings || strings.some((each) => each.includes('\0')))
    throw new SandboxFault('a run needs a program, at most a thousand arguments, and no zero byte in them', 'never')
  const fixed = Buffer.alloc(fixedRunBytes)
  const numbers = [run.wallMs * 1000, run.stackBytes, run.fileBytes, run.cpuSeconds, run.stdoutBytes, run.stderrBytes]
  for (const [index, each] of numbers.entries()) fixed.writeBigUInt64LE(BigInt(Math.max(0, Math.ceil(each))), index * 8)
  fixed.writeUInt32LE((run.keepFiles ? 1 : 0) | (run.hasStdin ? 2 : 0), 48)
  fixed.writeUInt32LE(run.argv.length, 52)
  fixed.writeUInt32LE(run.env.length, 56)
  const payload = Buffer.concat([fixed, ...strings.map((each) => Buffer.from(`${each}\0`, 'utf8'))])
  if (payload.length > longestOutgoing) throw new SandboxFault('the arguments of a run are too long', 'never')
  return frame('R', payload)
}

/** Cuts a stream of bytes into messages. What is no frame of ours throws: then nothing that comes after can be believed. */
export function frameReader(tell: (message: RunnerMessage) => void): (chunk: Buffer) => void {
  let rest: Buffer = Buffer.alloc(0)
  return (chunk) => {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk])
    let at = 0
    while (rest.length - at >= headerBytes) {
      const length = rest.readUInt32LE(at)
      if (length > longestIncoming || rest.readUIntLE(at + 5, 3) !== 0) throw new SandboxFault('the runner said what is no frame', 'now')
      if (rest.length - at < headerBytes + length) break
      tell(parse(String.fromCharCode(rest[at + 4] ?? 0), rest.subarray(at + headerBytes, at + headerBytes + length)))
      at += headerBytes + length
    }
    rest = rest.subarray(at)
  }
}

function parse(type: string, payload: Buffer): RunnerMessage {
  if (type === 'O') return { type: 'stdout', content: payload }
  if (type === 'E') return { type: 'stderr', content: payload }
  if (type === 'H' && payload.length === 1) return { type: 'hello', protocol: payload.readUInt8(0) }
  if (type === 'F') return { type: 'fault', message: payload.toString('utf8') }
  if (type === 'D' && payload.length === doneBytes) {
    const [how, code, stops] = [payload.readUInt32LE(0), payload.readUInt32LE(4), payload.readUInt32LE(8)]
    if (how <= 1 && stops <= 7 && code <= 255)
      return {
        type: 'done',
        ...(how === 0 ? { exitCode: code } : { signal: code }),
        stops: { wall: (stops & 1) !== 0, output: (stops & 2) !== 0, asked: (stops & 4) !== 0 },
        wallMs: Number(payload.readBigUInt64LE(16)) / 1000,
      }
  }
  throw new SandboxFault(`the runner said what is no frame (${JSON.stringify(type)}, ${payload.length} bytes)`, 'now')
}
