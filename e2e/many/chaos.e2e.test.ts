/** A short run of chaos on many machines; `npm run chaos -- --size many` is the full one (docs/chaos.md). */
import { test } from 'node:test'
import { withoutMany } from '#testkit/arena-many'
import { standOnMany } from '../chaos/ground-many.ts'
import { testShortChaos } from '../chaos/short.ts'

if (withoutMany) test('chaos in the many size', { skip: withoutMany })
else testShortChaos('many', 261, standOnMany)
