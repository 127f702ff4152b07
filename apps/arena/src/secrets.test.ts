import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import { ConfigError, parseConfig } from '#kit/config'
import { serviceSecret } from './secrets.ts'

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
