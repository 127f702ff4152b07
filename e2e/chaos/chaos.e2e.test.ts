/** A short run of chaos on one machine; `npm run chaos` is the full one (docs/chaos.md). */
import { standOnOne } from './ground-one.ts'
import { testShortChaos } from './short.ts'

testShortChaos('one', 131, standOnOne)
