import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { describe, it } from 'node:test'
import { ownNode, probesOf } from './host-toolchains.ts'

describe('toolchains of this machine', () => {
  it('are asked where they lie here, not where programs see them', () => {
    const toolchains = [{ folder: '/opt/node/bin', at: '/toolchain/node/bin' }]
    const probes = probesOf(
      [
        { id: 'javascript', probe: ['/toolchain/node/bin/node', '-p', '1'] },
        { id: 'c', probe: ['/usr/bin/gcc', '/toolchain/node/binary'] },
      ],
      toolchains,
    )
    assert.deepEqual(probes, { javascript: ['/opt/node/bin/node', '-p', '1'], c: ['/usr/bin/gcc', '/toolchain/node/binary'] })
  })
  it('have the Node that runs this test', () => {
    const [program = '', ...args] = probesOf([{ id: 'node', probe: ['/at/node', '-p', 'process.version'] }], [ownNode('/at')]).node ?? []
    assert.equal(execFileSync(program, args, { encoding: 'utf8' }).trim(), process.version)
  })
})
