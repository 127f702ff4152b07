import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { after, describe, it } from 'node:test'
import { noTestEngine, testEngineAddress } from '#testkit/docker'
import { openEngine } from './engine.ts'
import { buildImage } from './images.ts'

const why = await noTestEngine()
const engine = openEngine(testEngineAddress)
const name = `arena-test-${randomBytes(6).toString('hex')}`

/** One that needs nothing but the engine, and is like no other. @returns its id, and what building it left of the one before. */
async function build(version: string): Promise<{ id: string; kept: string | undefined }> {
  const files = [{ path: 'Dockerfile', content: Buffer.from(`FROM scratch\nENV VERSION=${name}-${version}\nCMD ["/none"]\n`) }]
  const kept = await buildImage(engine, { name, files }, { isFresh: false, tell: () => undefined })
  return { id: (await engine.image(name))?.id ?? assert.fail('it was not built'), kept }
}

describe('a judge image that is built anew', { skip: why }, () => {
  const containers: string[] = []
  const images = new Set<string>()
  after(async () => {
    for (const id of containers) await engine.remove(id)
    for (const id of images) await engine.removeImage(id)
  })

  it('takes the place of the old one, which goes unless a container was made of it', async () => {
    const first = await build('1')
    images.add(first.id)
    assert.equal((await build('1')).kept, undefined, 'the same again stays')
    const second = await build('2')
    images.add(second.id)
    assert.deepEqual([second.kept, await engine.image(first.id)], [undefined, undefined])
    containers.push(await engine.create(name, { Image: name }))
    const third = await build('3')
    images.add(third.id)
    assert.equal(third.kept, second.id)
    assert.deepEqual((await engine.image(second.id))?.tags, [])
  })
})
