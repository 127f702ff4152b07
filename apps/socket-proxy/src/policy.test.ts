import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { besideRuns, containerConfig } from '#adapters/sandbox-docker/container-config'
import { languages } from '#contracts/languages'
import { type Bytes, mebibytes } from '#kernel/units'
import { isBoxName, mostMemory, type Rules, readMemory, readWishes } from './policy.ts'

const rules: Rules = { images: ['cpp-judge', 'python-judge'], runtime: undefined, mostContainers: 8 }
const wishes = {
  image: 'cpp-judge',
  labels: { 'arena.sandbox': '0123456789abcdef', 'arena.uids': '20480' },
  buildUid: 20_483,
  memory: mebibytes(1536),
  runtime: undefined,
} as const
type Json = Record<string, any>
/** As it comes from the wire. */
const body = (more: Partial<Parameters<typeof containerConfig>[0]> = {}): Json => JSON.parse(JSON.stringify(containerConfig({ ...wishes, ...more })))
const reasonOf = (sent: unknown, more: Partial<Rules> = {}) => {
  const read = readWishes(sent, { ...rules, ...more })
  return read.ok ? 'taken' : read.error
}

/** Every place in a body: the record or list that holds it, and its name there. */
function places(value: unknown, path: readonly string[] = []): (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, inside]) => [[...path, name], ...places(inside, [...path, name])])
}
const parentOf = (root: Json, path: readonly string[]): Json => path.slice(0, -1).reduce((at, name) => at[name], root)

describe('what a judge may ask to be made', () => {
  it('what the adapter sends is taken, and read as it was meant', () => {
    assert.deepEqual(readWishes(body(), rules), { ok: true, value: wishes })
    assert.equal(reasonOf(body({ memory: mostMemory, buildUid: 59_999 })), 'taken')
    assert.equal(reasonOf(body({ runtime: 'runsc' }), { runtime: 'runsc' }), 'taken')
  })
  it('the memory of every language at the largest limit is within bounds', () => {
    const most = Math.max(...languages.map(({ memoryBesideMiB = 0 }) => mebibytes(2048 + memoryBesideMiB) + besideRuns))
    assert.ok(most <= mostMemory)
  })
  it('any field that is missing, other or superfluous is refused', () => {
    const free = new Set(['Image', 'HostConfig.Memory', 'Labels.arena.uids', 'Labels.arena.sandbox', 'HostConfig.Tmpfs./build'])
    const all = places(body())
    assert.ok(all.length > 60)
    for (const path of all) {
      const name = path.at(-1) as string
      const without = body()
      delete parentOf(without, path)[name]
      assert.notEqual(reasonOf(without), 'taken', `without ${path.join('.')}`)
      for (const other of [null, true, 0, 'x', [], {}, ['x'], { x: 1 }]) {
        const changed = body()
        parentOf(changed, path)[name] = other
        const isSame = JSON.stringify(changed) === JSON.stringify(body())
        if (!isSame && !(free.has(path.join('.')) && other === 'x' && name === 'arena.sandbox'))
          assert.notEqual(reasonOf(changed), 'taken', `${path.join('.')} = ${JSON.stringify(other)}`)
      }
    }
  })
  it('what would open the host is refused by its name', () => {
    const hostile: readonly (readonly [string, unknown])[] = [
      ['Privileged', true],
      ['Binds', ['/:/host']],
      ['Mounts', [{ Type: 'bind', Source: '/', Target: '/host' }]],
      ['VolumesFrom', ['postgres']],
      ['Devices', [{ PathOnHost: '/dev/sda', PathInContainer: '/dev/sda', CgroupPermissions: 'rwm' }]],
      ['DeviceCgroupRules', ['a *:* rwm']],
      ['CapAdd', ['SYS_ADMIN']],
      ['CapDrop', []],
      ['SecurityOpt', ['seccomp=unconfined']],
      ['NetworkMode', 'host'],
      ['PidMode', 'host'],
      ['IpcMode', 'host'],
      ['UTSMode', 'host'],
      ['UsernsMode', 'host'],
      ['CgroupnsMode', 'host'],
      ['CgroupParent', '/'],
      ['Runtime', 'runc'],
      ['PidsLimit', -1],
      ['OomKillDisable', true],
      ['MaskedPaths', []],
      ['ReadonlyPaths', []],
      ['ReadonlyRootfs', false],
      ['Sysctls', { 'kernel.msgmax': '1' }],
      ['LogConfig', { Type: 'syslog', Config: { 'syslog-address': 'tcp://elsewhere' } }],
      ['RestartPolicy', { Name: 'always' }],
      ['__proto__', { Privileged: true }],
    ]
    for (const [name, value] of hostile) {
      const sent = JSON.parse(JSON.stringify(body()).replace('"HostConfig":{', `"HostConfig":{${JSON.stringify(name)}:${JSON.stringify(value)},`))
      if (name !== '__proto__') sent.HostConfig[name] = value
      assert.match(reasonOf(sent), new RegExp(`HostConfig\\.${name}.* is not what a box has`), name)
    }
    for (const [name, value] of [
      ['Entrypoint', ['/bin/sh']],
      ['Cmd', ['-c', 'id']],
      ['Volumes', { '/host': {} }],
      ['NetworkingConfig', { EndpointsConfig: { bridge: {} } }],
      ['ExposedPorts', { '80/tcp': {} }],
      ['Env', ['LD_PRELOAD=/x']],
      ['User', '0:1'],
    ] as const)
      assert.match(reasonOf({ ...body(), [name]: value }), new RegExp(`^${name}`), name)
  })
  it('a joint is a tiny file system in memory, or that of one box', () => {
    const other = 'ab'.repeat(32)
    for (const joint of [{ kind: 'own' }, { kind: 'of', container: other }] as const)
      assert.deepEqual(readWishes(body({ joint }), rules), { ok: true, value: { ...wishes, joint } })
    for (const [path, value] of [
      [['0', 'Type'], 'bind'],
      [['0', 'Source'], '/'],
      [['0', 'Source'], 'postgres-data'],
      [['0', 'Target'], '/build'],
      [['0', 'VolumeOptions', 'DriverConfig', 'Options', 'device'], '/'],
      [['0', 'VolumeOptions', 'DriverConfig', 'Options', 'type'], 'none'],
      [['0', 'VolumeOptions', 'DriverConfig', 'Options', 'o'], 'bind'],
      [['0', 'VolumeOptions', 'DriverConfig', 'Name'], 'evil'],
      [['1'], { Type: 'bind', Source: '/', Target: '/host' }],
    ] as const) {
      const sent = body({ joint: { kind: 'own' } })
      parentOf(sent.HostConfig.Mounts, path)[path.at(-1) as string] = value
      assert.match(reasonOf(sent), /HostConfig\.Mounts.* is not what a box has/, path.join('.'))
    }
    for (const VolumesFrom of [['postgres'], [other, other], [`${other}:rw`], ['ab'], other, []]) {
      const sent = body()
      sent.HostConfig.VolumesFrom = VolumesFrom
      assert.match(reasonOf(sent), /HostConfig\.VolumesFrom.* is not what a box has/)
    }
    const both = body({ joint: { kind: 'own' } })
    both.HostConfig.VolumesFrom = [other]
    assert.notEqual(reasonOf(both), 'taken')
  })
  it('other images, labels, uids and memory are refused', () => {
    const refused: readonly (readonly [RegExp, Json])[] = [
      [/image/, { image: 'postgres:15' }],
      [/image/, { image: 'cpp-judge:latest' }],
      [/image/, { image: 'evil.example/cpp-judge' }],
      [/no owner/, { labels: { ...wishes.labels, 'arena.sandbox': 'x y' } }],
      [/Labels/, { labels: { ...wishes.labels, 'com.docker.compose.project': 'arena' } }],
      [/uid/, { labels: { ...wishes.labels, 'arena.uids': '0' } }],
      [/uid/, { buildUid: 0 }],
      [/uid/, { buildUid: 60_000 }],
      [/memory/, { memory: (mostMemory + 1) as Bytes }],
      [/memory/, { memory: -1 as Bytes }],
      [/memory/, { memory: 1.5 as Bytes }],
    ]
    for (const [reason, change] of refused) assert.match(reasonOf(body(change)), reason, JSON.stringify(change))
    for (const sent of [undefined, null, 1, 'x', [], {}, { Image: ['cpp-judge'] }]) assert.notEqual(reasonOf(sent), 'taken')
    assert.match(reasonOf(body(), { runtime: 'runsc' }), /Runtime/, 'a weaker runtime than the one that is set')
  })
})

describe('what a judge may change', () => {
  it('is the memory, within bounds, and nothing beside it', () => {
    assert.deepEqual(readMemory({ Memory: mebibytes(1024), MemorySwap: mebibytes(1024) }), { ok: true, value: mebibytes(1024) })
    for (const sent of [
      undefined,
      {},
      { Memory: mebibytes(1024) },
      { Memory: mebibytes(1024), MemorySwap: -1 },
      { Memory: mostMemory + 1, MemorySwap: mostMemory + 1 },
      { Memory: mebibytes(1024), MemorySwap: mebibytes(1024), PidsLimit: -1 },
      { Memory: '1', MemorySwap: '1' },
    ])
      assert.equal(readMemory(sent).ok, false, JSON.stringify(sent))
  })
  it('names of boxes are those the adapter gives', () => {
    assert.ok(isBoxName('arena-box-0123456789abcdef-12'))
    for (const name of ['', 'postgres', 'arena-box-', 'arena-box-x-1/../y', 'arena-box-x-1?force=1', 'x-arena-box-x-1']) assert.equal(isBoxName(name), false)
  })
})
