import { connect } from 'node:net'

/** Bytes as they are to the front door; @returns all it answered until it closed (or 5 s passed without a byte). */
export function sendRaw(port: number, bytes: string | readonly (string | Buffer)[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1')
    const heard: Buffer[] = []
    const done = () => {
      socket.destroy()
      resolve(Buffer.concat(heard).toString())
    }
    socket.setTimeout(5_000, done)
    socket.on('data', (chunk) => heard.push(chunk))
    socket.on('close', done)
    // a server that has answered may reset what still comes
    socket.on('error', (error: NodeJS.ErrnoException) => (['ECONNRESET', 'EPIPE'].includes(error.code ?? '') ? done() : reject(error)))
    socket.on('connect', () => {
      for (const each of typeof bytes === 'string' ? [bytes] : bytes) socket.write(each)
    })
  })
}
export const statusOfRaw = (answer: string) => Number(/^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1] ?? 0)
