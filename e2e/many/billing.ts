/** Billing in the many size: killed alone, in the middle of payments. Contests without it: `premium.e2e.test.ts`. */
import { manyForTests } from '#testkit/arena-of-size'
import { billingUnderKills } from '../billing-kills.ts'

const arena = await manyForTests()

billingUnderKills({ arena, kill: () => arena.kill('billing'), restart: () => arena.restart('billing') })
