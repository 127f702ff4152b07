import { randomBytes } from 'node:crypto'
import { chmodSync, existsSync, globSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { type AddressInfo, createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/**
 * What the host lays out for hostile programs to reach for: a file that everybody may read, sockets of three kinds that everybody may connect to, and a
 * word that nobody may plant anywhere. Only the walls of the sandbox stand between, no permission does. Programs learn of it by placeholders in their
 * source and input: `@secret@` (path), `@folder@`, `@port@`, `@socket@` (path), `@abstract@` (name), `@pid@` (this process), `@token@`.
 */
export type Bait = {
  /** The word in the secret file; whoever says it has read it. */
  readonly secret: string
  fill(text: string): string
  /** What was touched, planted or left, one line each. */
  findings(): readonly string[]
  close(): Promise<void>
}

export async function layBait(): Promise<Bait> {
  const secret = randomBytes(12).toString('hex')
  const token = `corpus${randomBytes(6).toString('hex')}`
  const folder = mkdtempSync(join(tmpdir(), 'arena-corpus-'))
  chmodSync(folder, 0o777)
  const secretFile = join(folder, 'secret.h')
  const content = `#define SECRET "${secret}"\n`
  writeFileSync(secretFile, content, { mode: 0o644 })
  let visits = 0
  const listen = async (where: { port: number; host: string } | { path: string }): Promise<Server> => {
    const server = createServer((socket) => {
      visits++
      socket.on('error', () => undefined)
      socket.end('hello')
    })
    await new Promise<void>((resolve, reject) => server.once('error', reject).listen(where, resolve))
    return server
  }
  const socketPath = join(folder, 'socket')
  const overNetwork = await listen({ port: 0, host: '127.0.0.1' })
  const servers = [overNetwork, await listen({ path: socketPath }), await listen({ path: `\0${token}` })]
  chmodSync(socketPath, 0o777)
  const words: Readonly<Record<string, string>> = {
    secret: secretFile,
    folder,
    port: String((overNetwork.address() as AddressInfo).port),
    socket: socketPath,
    abstract: token,
    pid: String(process.pid),
    token,
  }
  return {
    secret,
    fill: (text) => text.replace(/@([a-z]+)@/g, (whole, name: string) => words[name] ?? whole),
    findings() {
      const found: string[] = []
      if (visits > 0) found.push(`${visits} connections reached a socket of the host`)
      if (!existsSync(secretFile) || readFileSync(secretFile, 'utf8') !== content) found.push('the secret file was changed')
      const strangers = readdirSync(folder).filter((name) => name !== 'secret.h' && name !== 'socket')
      if (strangers.length > 0) found.push(`files were planted in a folder of the host: ${strangers.join(', ')}`)
      for (const place of globSync(`{/,/tmp,/var/tmp,/dev/shm,/dev/mqueue,/run,/root,${process.cwd()}}/*${token}*`)) found.push(`${place} was planted`)
      return found
    },
    async close() {
      await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))))
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
