import { serviceNames } from '#contracts/all'
import { type Config, ConfigError } from '#kit/config'
import { ownDbUrl } from './adapters.ts'
import { serviceKeyOf, serviceSecret } from './secrets.ts'
import { say } from './terminal.ts'

/** What one service alone needs of what the whole deployment holds. Printed to be put into a secret file: whoever reads it may act as that service. */
const nameIn = (command: string, name: string | undefined): string => {
  if ((serviceNames as readonly string[]).includes(name ?? '')) return name as string
  throw new ConfigError(`npm run arena -- ${command} ${serviceNames.join('|')}`)
}

export const serviceKeyCommand = async ([name]: readonly string[], config: Config): Promise<void> =>
  say(serviceKeyOf(await serviceSecret(config), nameIn('service-key', name)))

export async function dbUrlCommand([name]: readonly string[], config: Config): Promise<void> {
  const service = nameIn('db-url', name)
  if (!config.dbUrl) throw new ConfigError("ARENA_DB_URL (or ARENA_DB_URL_FILE) must hold the owner's URL")
  say(ownDbUrl(config.dbUrl.reveal(), service))
}
