import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import { silentLog } from '#ports/log'
import { openArtefacts } from './artefacts.ts'

const folder = mkdtempSync(join(tmpdir(), 'arena-artefacts-'))
after(() => rmSync(folder, { recursive: true, force: true }))
const keyOf = (text: string) => createHash('sha256').update(text).digest('hex')
const open = (name: string, maxBytes = 1e6) => openArtefacts({ folder: join(folder, name), maxBytes, log: silentLog })
const files = (size: number) => [
  { name: 'main', content: Buffer.alloc(size, 'x') },
  { name: 'Main$1.class', content: Buffer.from([0, 255]) },
  { name: 'empty', content: Buffer.alloc(0) },
]

describe('programs that were compiled before', () => {
  it('are given back as they were, also after a restart', async () => {
    const kept = await open('a')
    assert.equal(await kept.find(keyOf('one')), undefined)
    kept.keep(keyOf('one'), files(1000))
    await kept.settled()
    for (const artefacts of [kept, await open('a')]) {
      const found = await artefacts.find(keyOf('one'))
      assert.deepEqual(
        found?.map(({ name, content }) => [name, Buffer.from(content)]),
        files(1000).map(({ name, content }) => [name, content]),
      )
    }
  })
  it('are let go when they were used longest ago, in the order of an earlier process too', async () => {
    const earlier = await open('b')
    for (const name of ['one', 'two', 'three']) earlier.keep(keyOf(name), files(1000))
    await earlier.settled()
    ;[...'one two three'.split(' ')].forEach((name, index) => {
      utimesSync(join(folder, 'b', keyOf(name)), 1000 + index, 1000 + index)
    })
    await earlier.find(keyOf('one')) // used now
    const later = await open('b', 3600)
    later.keep(keyOf('four'), files(1000))
    await later.settled()
    assert.deepEqual(readdirSync(join(folder, 'b')).sort(), [keyOf('one'), keyOf('three'), keyOf('four')].sort())
    assert.equal(await later.find(keyOf('two')), undefined)
  })
  it('that a power cut tore, or that are gone, are compiled again', async () => {
    const artefacts = await open('c')
    for (const name of ['torn', 'cut', 'gone']) artefacts.keep(keyOf(name), files(1000))
    await artefacts.settled()
    const path = (name: string) => join(folder, 'c', keyOf(name))
    const whole = readFileSync(path('torn'))
    whole[500] = 0
    writeFileSync(path('torn'), whole)
    writeFileSync(path('cut'), whole.subarray(0, 20))
    rmSync(path('gone'))
    for (const name of ['torn', 'cut', 'gone']) assert.equal(await artefacts.find(keyOf(name)), undefined, name)
    assert.deepEqual(readdirSync(join(folder, 'c')), [])
    artefacts.keep(keyOf('torn'), files(10))
    await artefacts.settled()
    assert.equal((await artefacts.find(keyOf('torn')))?.length, 3)
  })
  it('what was being written when the process was killed is removed; what is larger than all room is not kept', async () => {
    mkdirSync(join(folder, 'd'))
    writeFileSync(join(folder, 'd', 'new-123'), 'half')
    const artefacts = await open('d', 100)
    artefacts.keep(keyOf('one'), files(1000))
    await artefacts.settled()
    assert.deepEqual(readdirSync(join(folder, 'd')), [])
  })
  it('are wanted at first sight when they are small or took long, else when their source comes again', async () => {
    const artefacts = await open('f')
    const [small, large] = [64 * 1024, 2e6]
    assert.equal(artefacts.wants(keyOf('small'), { bytes: small, compileMs: 50 }), true)
    assert.equal(artefacts.wants(keyOf('dear'), { bytes: large, compileMs: 1000 }), true)
    const asked = ['one', 'two', 'one', 'two', 'three'].map((name) => artefacts.wants(keyOf(name), { bytes: large, compileMs: 200 }))
    assert.deepEqual(asked, [false, false, true, true, false])
  })
  it('of those seen once, so many are remembered that memory is bounded', async () => {
    const artefacts = await open('g')
    const wants = (name: string) => artefacts.wants(keyOf(name), { bytes: 2e6, compileMs: 200 })
    wants('first')
    for (let n = 0; n < 20_000; n++) wants(`other ${n}`)
    assert.deepEqual([wants('first'), wants('other 19999')], [false, true])
  })
  it('a folder that cannot be written costs time, no verdict', async () => {
    const artefacts = await open('e')
    rmSync(join(folder, 'e'), { recursive: true })
    artefacts.keep(keyOf('one'), files(10))
    await artefacts.settled()
    assert.equal(await artefacts.find(keyOf('one')), undefined)
  })
})
