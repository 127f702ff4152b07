import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import { ConfigError, parseConfig } from '#kit/config'
import { serviceKeyOf, serviceSecret } from './secrets.ts'

const folder = mkdtempSync(join(tmpdir(), 'arena-secrets-'))
after(() => rmSync(folder, { recursive: true }))
const configIn = (name: string) => parseConfig({ ARENA_DATA_DIR: join(folder, name) })

describe('the secret of a deployment', () => {
  it('is made once and kept', async () => {
    const first = await serviceSecret(configIn('new'))
    assert.match(first, /^[0-9a-f]{64}$/)
    assert.equal(await serviceSecret(configIn('new')), first)
  })
  it('is never an empty one that a full disk left behind', async () => {
    mkdirSync(join(folder, 'cut', 'keys'), { recursive: true })
    writeFileSync(join(folder, 'cut', 'keys', 'service-secret'), '')
    await assert.rejects(serviceSecret(configIn('cut')), (cause) => cause instanceof ConfigError && /service-secret is empty/.test(cause.message))
  })
})

describe('the key of one service', () => {
  it("is made from the secret, differs from every other's, and does not give the secret away", () => {
    const keys = ['evaluation', 'contest'].map((name) => serviceKeyOf('s'.repeat(32), name))
    assert.match(keys[0] ?? '', /^[\w-]{43}$/)
    assert.notEqual(keys[0], keys[1])
    assert.equal(serviceKeyOf('s'.repeat(32), 'evaluation'), keys[0])
  })
})
