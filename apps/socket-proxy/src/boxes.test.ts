import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Engine } from '#adapters/sandbox-docker/engine'
import { openBoxes } from './boxes.ts'
import { mostMemory } from './policy.ts'

const wishes = { image: 'cpp-judge', labels: {}, buildUid: 20_001, memory: mostMemory, runtime: undefined }

describe('boxes', () => {
  it('one that is made while the engine lists is known to its maker afterwards', async () => {
    const answer = Promise.withResolvers<Awaited<ReturnType<Engine['list']>>>()
    const started: string[] = []
    const engine: Pick<Engine, 'list' | 'create' | 'start'> = {
      list: () => answer.promise,
      create: async () => 'new',
      start: async (id) => void started.push(id),
    }
    const boxes = openBoxes(engine as Engine, 128)
    const listing = boxes.list()
    await boxes.create('10.0.0.1', 'arena-box-a-1', wishes)
    answer.resolve({ containers: [], nowSeconds: 0 })
    await listing
    await boxes.start('10.0.0.1', 'new')
    assert.deepEqual(started, ['new'])
    await assert.rejects(boxes.start('10.0.0.2', 'new'), /no such box of yours/)
  })
  it('is joined with no box but one of its maker’s', async () => {
    const made: string[] = []
    const engine: Pick<Engine, 'create'> = {
      create: async (name) => {
        made.push(name)
        return `id-of-${name}`
      },
    }
    const boxes = openBoxes(engine as Engine, 128)
    const container = await boxes.create('10.0.0.1', 'one', { ...wishes, joint: { kind: 'own' } })
    const joint = { kind: 'of', container } as const
    await assert.rejects(boxes.create('10.0.0.2', 'theirs', { ...wishes, joint }), /no such box of yours/)
    await assert.rejects(boxes.create('10.0.0.1', 'unknown', { ...wishes, joint: { kind: 'of', container: 'postgres' } }), /no such box of yours/)
    await boxes.create('10.0.0.1', 'two', { ...wishes, joint })
    assert.deepEqual(made, ['one', 'two'])
  })
})
