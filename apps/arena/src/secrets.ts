import { randomBytes } from 'node:crypto'
import { chmod, mkdir, open, readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { type Config, ConfigError } from '#kit/config'
import { deriveServiceKey } from '#kit/service-tokens'

/** The secret that services of one deployment know each other by: from the file named, else made once and kept in the data folder, 0600. */
export async function serviceSecret(config: Config): Promise<string> {
  if (config.serviceSecretFile !== undefined) {
    const text = (
      await readFile(config.serviceSecretFile, 'utf8').catch((cause: unknown) => {
        throw new ConfigError(`ARENA_SERVICE_SECRET_FILE cannot be read: ${cause instanceof Error ? cause.message : cause}`)
      })
    ).trim()
    if (text.length < 32) throw new ConfigError('ARENA_SERVICE_SECRET_FILE holds fewer than 32 characters; try: openssl rand -hex 32')
    return text
  }
  return keptSecret(join(config.dataDir, 'keys', 'service-secret'))
}

/** What a process that hosts this one service proves itself with (ARENA_SERVICE_KEY), without holding the secret. */
export const serviceKeyOf = (secret: string, service: string): string => Buffer.from(deriveServiceKey(secret, service)).toString('base64url')

async function keptSecret(file: string): Promise<string> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 })
  await chmod(dirname(file), 0o700)
  try {
    await writePrivate(file, randomBytes(32).toString('hex'))
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'EEXIST') throw cause // it is there from an earlier start
  }
  const kept = (await readFile(file, 'utf8')).trim()
  // a full disk or a crash cut it short when it was made; everybody could guess keys made from nothing
  if (kept.length < 32) throw new ConfigError(`${file} is empty or cut short; remove it and start again: a new one is made`)
  return kept
}

/** A new file that only this user can read, on disk when it resolves. @throws EEXIST */
export async function writePrivate(file: string, text: string): Promise<void> {
  const handle = await open(file, 'wx', 0o600)
  try {
    await handle.writeFile(text)
    await handle.sync()
  } finally {
    await handle.close()
  }
}
