import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { describe, it } from 'node:test'
import type { Fanout } from '#ports/fanout'
import { eventually } from '#testkit/eventually'

/** Two processes' ends of one fan-out. */
export type FanoutSubject = { readonly here: Fanout; readonly there: Fanout }

const uniqueTopic = () => `topic.${randomUUID()}.v1`

export const fanoutSuite = (name: string, open: () => Promise<FanoutSubject>) =>
  describe(`${name} keeps the Fanout promise`, () => {
    it('a broadcast reaches every listener of its topic, here and there, and no other', async () => {
      const { here, there } = await open()
      const [topic, other] = [uniqueTopic(), uniqueTopic()]
      const heard: unknown[] = []
      await here.listen(topic, { hear: (payload) => heard.push(['here', payload]) })
      await here.listen(topic, { hear: (payload) => heard.push(['here too', payload]) })
      await there.listen(topic, { hear: (payload) => heard.push(['there', payload]) })
      await there.listen(other, { hear: () => heard.push('elsewhere') })
      const payload = { cells: [1, null], text: 'line\nbreak, Gisagara ✓' }
      await here.broadcast(topic, payload)
      await eventually(() => assert.equal(heard.length, 3))
      assert.deepEqual(new Set(heard.map((one) => JSON.stringify(one))), new Set(['here', 'here too', 'there'].map((who) => JSON.stringify([who, payload]))))
    })

    it('who has stopped hears nothing, and nothing is taken from those who go on', async () => {
      const { here, there } = await open()
      const topic = uniqueTopic()
      const heard: string[] = []
      const gone = await there.listen(topic, { hear: () => heard.push('gone') })
      const again = await there.listen(topic, { hear: () => heard.push('again') })
      await there.listen(topic, { hear: () => heard.push('stays') })
      await gone.stop()
      await again.stop()
      await again.stop()
      await here.broadcast(topic, 1)
      await eventually(() => assert.deepEqual(heard, ['stays']))
    })

    it('listening again after the last one stopped works', async () => {
      const { here, there } = await open()
      const topic = uniqueTopic()
      const heard: unknown[] = []
      await (await there.listen(topic, { hear: () => heard.push('first') })).stop()
      await there.listen(topic, { hear: (payload) => heard.push(payload) })
      await here.broadcast(topic, 'second')
      await eventually(() => assert.deepEqual(heard, ['second']))
    })

    it('a broadcast of 7,000 bytes arrives, a larger one is refused', async () => {
      const { here, there } = await open()
      const topic = uniqueTopic()
      const sizes: number[] = []
      await there.listen(topic, { hear: (payload) => sizes.push(String(payload).length) })
      await here.broadcast(topic, 'x'.repeat(6_998))
      await assert.rejects(here.broadcast(topic, 'x'.repeat(6_999)), /7,?000/)
      await assert.rejects(here.broadcast(topic, 'é'.repeat(3_500)), /7,?000/)
      await eventually(() => assert.deepEqual(sizes, [6_998]))
    })

    it('a thousand broadcasts one after the other all arrive', async () => {
      const { here, there } = await open()
      const topic = uniqueTopic()
      const heard = new Set<unknown>()
      await there.listen(topic, { hear: (payload) => heard.add(payload) })
      for (let sent = 0; sent < 1_000; sent += 50) await Promise.all(Array.from({ length: 50 }, (_, n) => here.broadcast(topic, sent + n)))
      await eventually(() => assert.equal(heard.size, 1_000), 20_000)
    })
  })
