import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { containerConfig } from './container-config.ts'
import { buildContext, imageDigest } from './images.ts'
import { chooseUids, isAbandoned, uidsOfOwner } from './owner.ts'

const now = 1_000_000
const me = { owner: 'me', isKnown: (id: string) => id === 'known', isMaking: true }
const container = (owner: string, state: string, ageSeconds: number, id = 'unknown') => ({
  id,
  state,
  status: '',
  createdSeconds: now - ageSeconds,
  labels: { 'arena.sandbox': owner },
})

describe('a container belongs to nobody', () => {
  const cases: readonly (readonly [what: string, each: ReturnType<typeof container>, isAbandoned: boolean])[] = [
    ['when it has ended, whoever’s it was', container('other', 'exited', 1), true],
    ['when it is dead', container('other', 'dead', 1), true],
    ['not while it runs: its owner holds its pipe', container('other', 'running', 3600), false],
    ['when it runs longer than any container does', container('other', 'running', 7201), true],
    ['not while somebody may be about to start it', container('other', 'created', 59), false],
    ['when it was made a minute ago and never started', container('other', 'created', 61), true],
    ['not when it is being removed', container('other', 'removing', 9000), false],
    ['not when it is ours and known', container('me', 'exited', 9000, 'known'), false],
    ['when it is ours and we never heard that it was made', container('me', 'running', 1), true],
    ['not when it is ours and perhaps being made just now', container('me', 'created', 1), false],
  ]
  it('when it is ours, and nothing of ours is being made', () => assert.ok(isAbandoned(container('me', 'created', 1), { ...me, isMaking: false }, now)))
  for (const [what, each, expected] of cases) it(what, () => assert.equal(isAbandoned(each, me, now), expected))
})

describe('uids of containers', () => {
  it('no two judges of an engine have the same, below those of the native sandbox and within a user namespace', () => {
    const taken = new Set<number>()
    for (let judge = 0; judge < 78; judge++) taken.add(chooseUids(taken, 5))
    assert.equal(taken.size, 78)
    assert.ok(Math.min(...taken) >= 20_000 && Math.max(...taken) + uidsOfOwner <= 60_000)
  })
})

describe('a container may', () => {
  it('reach nothing of the host, and gain nothing', () => {
    const config = containerConfig({ image: 'x', labels: {}, buildUid: 20_001, memory: 1e9 as never, runtime: undefined })
    const { HostConfig: host } = config as { HostConfig: Record<string, unknown> }
    assert.deepEqual(
      [host.NetworkMode, host.ReadonlyRootfs, host.Privileged, host.CapDrop, host.SecurityOpt],
      ['none', true, false, ['ALL'], ['no-new-privileges']],
    )
    assert.deepEqual([host.Binds, host.Mounts, host.VolumesFrom, host.Devices, host.PidMode, host.UsernsMode], Array(6).fill(undefined))
    assert.equal(host.MemorySwap, host.Memory)
  })
})

describe('a judge image', () => {
  const source = (content: string) => ({ name: 'x', files: [{ path: 'Dockerfile', content: Buffer.from(content) }] })
  it('is known by what it was made of, and carries that as a label', () => {
    assert.notEqual(imageDigest(source('FROM a\n')), imageDigest(source('FROM b\n')))
    assert.equal(imageDigest(source('FROM a\n')), imageDigest(source('FROM a\n')))
    assert.ok(buildContext(source('FROM a\n')).includes(`FROM a\nLABEL arena.judge-image=${imageDigest(source('FROM a\n'))}\n`))
  })
  it('is sent as an archive that tar reads', async () => {
    const { execFileSync } = await import('node:child_process')
    const listed = execFileSync('tar', ['-tvf', '-'], { input: buildContext(source('FROM a\n')), encoding: 'utf8' })
    assert.match(listed, /^-rw-r--r-- 0\/0 +\d+ 1970-01-01 00:00 Dockerfile$/m)
  })
})
