import { networkInterfaces } from 'node:os'
import QRCode from 'qrcode'

/** Who reads our output may stop reading (`… | head`): no reason to end. */
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (cause: NodeJS.ErrnoException) => {
    if (cause.code !== 'EPIPE') throw cause
  })
}

/** One line to whoever started the arena. The log goes to a file; this is all a terminal sees. */
export const say = (line: string) => void process.stdout.write(`${line}\n`)
export const complain = (line: string) => void process.stderr.write(`${line}\n`)

/** IPv4 addresses of this machine that others on its network can reach, private ranges first. */
export function lanAddresses(): string[] {
  const all = Object.values(networkInterfaces()).flatMap((list) => list ?? [])
  const reachable = all.filter((each) => each.family === 'IPv4' && !each.internal).map((each) => each.address)
  const isPrivate = (address: string) => /^(10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.)/.test(address)
  return reachable.sort((a, b) => Number(isPrivate(b)) - Number(isPrivate(a)))
}

export const qrCode = (text: string): Promise<string> => QRCode.toString(text, { type: 'terminal', small: true, errorCorrectionLevel: 'L' })
