import type { Bus } from '#ports/bus'
import type { Fanout } from '#ports/fanout'

/** Over the queue's own broadcasts: nothing more to run. It does not tell of what was missed, so listeners need another way to notice as well. */
export const openBusFanout = (bus: Pick<Bus, 'broadcast' | 'listen'>): Fanout => ({
  broadcast: (topic, payload) => bus.broadcast(topic, payload),
  listen: (topic, { hear }) => bus.listen(topic, hear),
})
