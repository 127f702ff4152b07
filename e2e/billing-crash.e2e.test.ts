/** Billing under `kill -9` in the one size, where the database dies with the services. */
import { arenaForTests } from '#testkit/arena'
import { billingUnderKills } from './billing-kills.ts'

const arena = await arenaForTests()
billingUnderKills({ arena, kill: () => arena.kill('services'), restart: () => arena.restart() })
