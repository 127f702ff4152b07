import { minutes, ms } from '#kernel/units'
import { defineService } from '#kit/define-service'
import { migrationsIn } from '#kit/migrations'
import { openKeyring } from './keyring.ts'
import { openPasswords } from './passwords.ts'
import { routesWith } from './routes.ts'
import { purge } from './session-store.ts'
import { purgeTokens } from './token-store.ts'
import { mailForgotten } from './usecases/new-password.ts'

/** Accounts, credentials, sessions, roles and the keys that sign access tokens (README.md). */
export const userService = defineService({
  name: 'user',
  migrations: migrationsIn(new URL('./migrations/', import.meta.url)),
  build: async (deps) => {
    const keyring = openKeyring(deps)
    const passwords = await openPasswords()
    return {
      handlers: routesWith({ ...deps, keyring, passwords }),
      jobs: [
        { name: 'rotate signing keys', every: minutes(10), run: () => keyring.rotate() },
        { name: 'mail those who forgot their password', every: ms(1_000), run: () => mailForgotten(deps) },
        {
          name: 'forget old sessions and links',
          every: minutes(60),
          run: async () => {
            await purge(deps.db, deps.clock.now())
            await purgeTokens(deps.db, deps.clock.now())
          },
        },
      ],
    }
  },
})
