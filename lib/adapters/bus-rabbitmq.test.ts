import { after, before, describe } from 'node:test'
import { busSuite } from '#ports/suites/bus.suite'
import { noTestRabbit, startTestRabbit, type TestRabbit } from '#testkit/rabbitmq'

const opener = { module: new URL('./bus-rabbitmq.ts', import.meta.url).href, name: 'openRabbitBus' }

describe('RabbitMQ', { skip: noTestRabbit }, () => {
  let rabbit: TestRabbit
  before(async () => {
    rabbit = await startTestRabbit()
  })
  after(() => rabbit.stop())

  busSuite('RabbitMQ', async () => ({
    url: rabbit.url,
    opener,
    dedupes: false,
    crashServer: async (queue) => {
      await rabbit.hasOnDisk(queue)
      await rabbit.kill()
      await rabbit.restart()
    },
  }))
})
