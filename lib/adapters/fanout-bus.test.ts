import { after } from 'node:test'
import type { Bus } from '#ports/bus'
import { silentLog } from '#ports/log'
import { fanoutSuite } from '#ports/suites/fanout.suite'
import { testDatabase } from '#testkit/postgres'
import { openPostgresBus, preparePostgresBus } from './bus-postgres.ts'
import { openBusFanout } from './fanout-bus.ts'

let busUrl: Promise<string> | undefined
const open: Bus[] = []
// before the database goes: hooks of a file run in the order in which they are given
after(async () => {
  for (const bus of open) await bus.close()
})

fanoutSuite('the bus', async () => {
  busUrl ??= testDatabase().then(({ url }) => preparePostgresBus(url))
  const url = await busUrl
  const connect = async () => {
    const bus = await openPostgresBus(url, { log: silentLog })
    open.push(bus)
    return openBusFanout(bus)
  }
  return { here: await connect(), there: await connect() }
})
