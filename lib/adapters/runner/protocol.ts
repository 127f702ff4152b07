import { type BoxFile, SandboxFault } from '#ports/sandbox'

/** The words between worker and runner (runner/README.md): u32 length, u8 type, three zeros, payload; little-endian. */
export const runnerProtocol = 4
const headerBytes = 8
const longestOutgoing = 1 << 18
const longestIncoming = 1 << 16
/** Of a file or an input that is sent piece by piece. */
export const pieceBytes = 1 << 16
const doneBytes = 80
const mostStrings = 1024
const noCore = 0xffffffff
const mostStops = 31

export type SetupRequest = {
  readonly testUid: number
  readonly buildUid: number
  readonly filter: Uint8Array | undefined
  /** Paths as the runner sees them; undefined: the container's own group. */
  readonly groups: readonly string[] | undefined
}

export type RunRequest = {
  readonly argv: readonly string[]
  readonly env: readonly string[]
  readonly wallMs: number
  readonly cpuMs: number
  readonly memoryBytes: number
  readonly stackBytes: number
  readonly fileBytes: number
  readonly stdoutBytes: number
  readonly stderrBytes: number
  readonly processes: number
  readonly core: number | undefined
  readonly keepFiles: boolean
  readonly hasStdin: boolean
  /** Its stdin and stdout are the ends that were opened for it (`joinFrame`). */
  readonly isJoined?: boolean
  readonly givesWay?: boolean
}
/** Paths of two FIFOs as the runner sees them; one runner makes them, then the other joins. */
export type JoinRequest = { readonly kind: 'makes' | 'joins'; readonly reads: string; readonly writes: string }

export type RunDone = {
  readonly type: 'done'
  readonly exitCode?: number
  readonly signal?: number
  /** Why the runner killed it. */
  readonly stops: { readonly wall: boolean; readonly output: boolean; readonly asked: boolean; readonly cpu: boolean; readonly memory: boolean }
  readonly wallMs: number
  /** Of the whole tree. */
  readonly cpuMs: number
  /** Resident memory of its biggest process at its peak. */
  readonly biggestBytes: number
  /** Anonymous and shared memory of the whole tree, the highest of all samples. */
  readonly sampledBytes: number
  readonly starvedMs: number
  readonly oomKills: number
  /** How often its group met the memory limit. */
  readonly limitHits: number
  /** Of a joined run, for the one who joined: when this program ended, the other had closed its stdout. */
  readonly otherHadLeft: boolean
  /** Of a joined run: bytes that the whole tree wrote, wherever to. */
  readonly writtenBytes: number
}
export type RunnerMessage =
  | { readonly type: 'hello'; readonly protocol: number }
  | { readonly type: 'answer'; readonly code: 'ok' | 'absent' | 'refused'; readonly text: string }
  | { readonly type: 'bytes' | 'stdout' | 'stderr'; readonly content: Buffer }
  | RunDone
  | { readonly type: 'fault'; readonly message: string }

function frame(type: string, ...parts: readonly Uint8Array[]): Buffer {
  const header = Buffer.alloc(headerBytes)
  header.writeUInt32LE(
    parts.reduce((sum, part) => sum + part.length, 0),
    0,
  )
  header.write(type, 4, 'latin1')
  return Buffer.concat([header, ...parts])
}
const u32 = (...numbers: readonly number[]) => {
  const words = Buffer.alloc(numbers.length * 4)
  for (const [index, each] of numbers.entries()) words.writeUInt32LE(each, index * 4)
  return words
}
/** Whole, at least zero, and as large as both sides can count exactly. */
const u64 = (...numbers: readonly number[]) => {
  const words = Buffer.alloc(numbers.length * 8)
  for (const [index, each] of numbers.entries()) words.writeBigUInt64LE(BigInt(Math.min(Number.MAX_SAFE_INTEGER, Math.max(0, Math.ceil(each)))), index * 8)
  return words
}
const zeroEnded = (text: string) => Buffer.from(`${text}\0`, 'utf8')

export const killFrame = frame('K')
export const listFrame = frame('L')
export const takeFrame = (name: string, limit: number) => frame('T', u64(limit), zeroEnded(name))
/** The rest of the content follows in `pieceFrame`s, until all of it is told. */
export const putFrame = (name: string, bytes: number, first: Uint8Array) => frame('P', u64(bytes), zeroEnded(name), first)
export const pieceFrame = (content: Uint8Array) => frame('C', content)
/** Without content a new input begins; runs are given the last one. */
export const inputFrame = (content: Uint8Array = Buffer.alloc(0)) => frame('I', content)

export function setupFrame({ testUid, buildUid, filter = new Uint8Array(), groups }: SetupRequest): Buffer {
  const counts = u32(testUid, buildUid, groups === undefined ? 0 : 1, groups?.length ?? 0, filter.length)
  return frame('S', counts, filter, ...(groups ?? []).map(zeroEnded))
}

export const joinFrame = ({ kind, reads, writes }: JoinRequest) => frame('J', u32(kind === 'makes' ? 0 : 1), ...[reads, writes].map(zeroEnded))

/** @throws SandboxFault for arguments that no frame can carry: a fault of who asks. */
export function runFrame(run: RunRequest): Buffer {
  const strings = [...run.argv, ...run.env]
  if (run.argv.length === 0 || strings.length > mostStrings || strings.some((each) => each.includes('\0')))
    throw new SandboxFault('a run needs a program, at most a thousand arguments, and no zero byte in them', 'never')
  const limits = u64(run.wallMs * 1000, run.cpuMs * 1000, run.memoryBytes, run.stackBytes, run.fileBytes, run.stdoutBytes, run.stderrBytes)
  const flags = (run.keepFiles ? 1 : 0) | (run.hasStdin ? 2 : 0) | (run.isJoined ? 4 : 0) | (run.givesWay ? 8 : 0)
  const words = u32(flags, run.processes, run.core ?? noCore, run.argv.length, run.env.length)
  const whole = frame('R', limits, words, ...strings.map(zeroEnded))
  if (whole.length > longestOutgoing) throw new SandboxFault('the arguments of a run are too long', 'never')
  return whole
}

/** Cuts a stream of bytes into messages. What is no frame of ours throws: then nothing that comes after can be believed. */
export function frameReader(tell: (message: RunnerMessage) => void): (chunk: Buffer) => void {
  let rest: Buffer = Buffer.alloc(0)
  return (chunk) => {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk])
    let at = 0
    while (rest.length - at >= headerBytes) {
      const length = rest.readUInt32LE(at)
      if (length > longestIncoming || rest.readUIntLE(at + 5, 3) !== 0) throw noFrame('a header')
      if (rest.length - at < headerBytes + length) break
      tell(parse(String.fromCharCode(rest[at + 4] ?? 0), rest.subarray(at + headerBytes, at + headerBytes + length)))
      at += headerBytes + length
    }
    rest = rest.subarray(at)
  }
}
const noFrame = (what: string) => new SandboxFault(`the runner said what is no frame (${what})`, 'now')

const answers = ['ok', 'absent', 'refused'] as const

function parse(type: string, payload: Buffer): RunnerMessage {
  if (type === 'O') return { type: 'stdout', content: payload }
  if (type === 'E') return { type: 'stderr', content: payload }
  if (type === 'B') return { type: 'bytes', content: payload }
  if (type === 'H' && payload.length === 1) return { type: 'hello', protocol: payload.readUInt8(0) }
  if (type === 'F') return { type: 'fault', message: payload.toString('utf8') }
  if (type === 'A' && payload.length >= 4) {
    const code = answers[payload.readUInt32LE(0)]
    if (code !== undefined) return { type: 'answer', code, text: payload.toString('utf8', 4) }
  }
  const done = type === 'D' && payload.length === doneBytes ? parseDone(payload) : undefined
  if (done === undefined) throw noFrame(`${JSON.stringify(type)}, ${payload.length} bytes`)
  return done
}

function parseDone(payload: Buffer): RunDone | undefined {
  const [how = 0, code = 0, stops = 0, starvedMs = 0, left = 0] = [0, 4, 8, 12, 16].map((at) => payload.readUInt32LE(at))
  const [wallUs = 0, cpuUs = 0, biggestBytes = 0, sampledBytes = 0, oomKills = 0, limitHits = 0, writtenBytes = 0] = [24, 32, 40, 48, 56, 64, 72].map((at) =>
    Number(payload.readBigUInt64LE(at)),
  )
  if (how > 1 || code > 255 || stops > mostStops || left > 1) return undefined
  return {
    type: 'done',
    ...(how === 0 ? { exitCode: code } : { signal: code }),
    stops: { wall: (stops & 1) !== 0, output: (stops & 2) !== 0, asked: (stops & 4) !== 0, cpu: (stops & 8) !== 0, memory: (stops & 16) !== 0 },
    wallMs: wallUs / 1000,
    starvedMs,
    cpuMs: cpuUs / 1000,
    biggestBytes,
    sampledBytes,
    oomKills,
    limitHits,
    otherHadLeft: left === 1,
    writtenBytes,
  }
}

/** The content of a list: u64 bytes, name, zero, and so on. @throws SandboxFault where it breaks off. */
export function parseList(content: Buffer): readonly BoxFile[] {
  const files: BoxFile[] = []
  for (let at = 0; at < content.length; ) {
    const end = content.indexOf(0, at + 8)
    if (end < 0) throw noFrame('a list')
    files.push({ bytes: Number(content.readBigUInt64LE(at)), name: content.toString('utf8', at + 8, end) })
    at = end + 1
  }
  return files
}
