import assert from 'node:assert/strict'
import { once } from 'node:events'
import { request, type Server } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { after, before, describe, it } from 'node:test'
import { containerConfig } from '#adapters/sandbox-docker/container-config'
import { type Engine, openEngine } from '#adapters/sandbox-docker/engine'
import { ownerLabel } from '#adapters/sandbox-docker/owner'
import { bytes, mebibytes, seconds } from '#kernel/units'
import type { Sandbox } from '#ports/sandbox'
import { containersOf, judgeImages, noTestEngine, openTestDockerSandbox, testEngineAddress } from '#testkit/docker'
import { eventually } from '#testkit/eventually'
import { makeProxy } from './proxy.ts'

const skip = await noTestEngine()
const owner = `proxy-${process.pid}`
const label = (name: string) => ({ [ownerLabel]: name, 'arena.uids': '59392' })
const config = (name: string) => containerConfig({ image: 'python-judge', labels: label(name), buildUid: 59_393, memory: mebibytes(768), runtime: undefined })

describe('a judge at the socket proxy', { skip }, () => {
  const engine: Engine = openEngine(testEngineAddress)
  const refusals: string[] = []
  let proxy: Server
  let port = 0
  let sandbox: Sandbox

  before(async () => {
    proxy = makeProxy({
      engine,
      rules: { images: ['python-judge'], runtime: undefined, mostContainers: 1000 },
      onRefusal: ({ call }) => refusals.push(call),
    })
    proxy.listen(0) // both loopbacks: two callers
    await once(proxy, 'listening')
    port = (proxy.address() as AddressInfo).port
    sandbox = await openTestDockerSandbox({
      host: `tcp://127.0.0.1:${port}`,
      owner,
      images: judgeImages().filter(({ name }) => name === 'python-judge'),
      needed: ['python-judge'],
    })
  })
  after(async () => {
    await sandbox?.close()
    proxy?.closeAllConnections()
    proxy?.close()
    const { containers } = await engine.list(ownerLabel)
    for (const { id, labels } of containers) if (labels[ownerLabel]?.startsWith(owner)) await engine.remove(id)
  })

  type Answer = { readonly status: number; readonly text: string; readonly headers: Record<string, unknown> }
  const ask = (method: string, path: string, { body, host = '127.0.0.1' }: { body?: unknown; host?: string } = {}) =>
    new Promise<Answer>((resolve, reject) => {
      const asked = request({ host, port, method, path, headers: body === undefined ? {} : { 'content-type': 'application/json' } }, (answer) => {
        let text = ''
        answer.on('data', (chunk) => {
          text += chunk
        })
        answer.on('end', () => resolve({ status: answer.statusCode ?? 0, text, headers: answer.headers }))
      })
      asked.on('error', reject)
      asked.end(body === undefined ? undefined : JSON.stringify(body))
    })
  const make = async (name: string, host?: string) => {
    const made = await ask('POST', `/v1.41/containers/create?name=arena-box-${name}-1`, { body: config(name), ...(host ? { host } : {}) })
    assert.equal(made.status, 201, made.text)
    return String(JSON.parse(made.text).Id)
  }
  const attach = async (id: string, host = '127.0.0.1') => {
    const socket = connect(port, host)
    socket.on('error', () => {})
    socket.write(`POST /v1.41/containers/${id}/attach?stream=1&stdin=1 HTTP/1.1\r\nhost: x\r\nconnection: Upgrade\r\nupgrade: tcp\r\n\r\n`)
    const [first] = (await once(socket, 'data')) as [Buffer]
    return { socket, status: Number(/^HTTP\/1.1 (\d+)/.exec(first.toString('latin1'))?.[1]) }
  }

  it('judges as at the engine itself, and nothing of it is refused', async () => {
    const box = await sandbox.open({ image: 'python-judge' })
    await box.put('main.py', Buffer.from('print(sum(map(int, input().split())))\nx = bytearray(1100 * 2**20)\n'))
    const limits = {
      cpu: seconds(20),
      wall: seconds(60),
      memory: mebibytes(1400),
      processes: 8,
      output: bytes(10_000),
      stderr: bytes(10_000),
      files: mebibytes(1),
    }
    const ran = await box.run({ argv: ['/usr/bin/python3', 'main.py'], stdin: Buffer.from('20 22\n'), limits, keepFiles: false })
    assert.deepEqual([ran.outcome, ran.exitCode, Buffer.from(ran.stdout).toString()], ['exited', 0, '42\n'])
    await box.close()
    assert.deepEqual(refusals, [])
  })
  it('tells of the machine what judging needs', async () => {
    const info = JSON.parse((await ask('GET', '/v1.41/info')).text)
    assert.deepEqual(Object.keys(info).sort(), ['CgroupVersion', 'Runtimes', 'ServerVersion'])
    const image = JSON.parse((await ask('GET', '/v1.41/images/python-judge/json')).text)
    assert.deepEqual(Object.keys(image).sort(), ['Config', 'Id', 'Size'])
  })
  it('other calls of the engine are refused, however they are written', async () => {
    const [other = ''] = (await engine.list(ownerLabel)).containers.map(({ id }) => id)
    for (const [method, path] of [
      ['GET', '/v1.41/containers/json'],
      ['GET', '/v1.41/containers/json?all=1'],
      ['GET', `/v1.41/containers/json?all=1&filters=${encodeURIComponent('{"label":["x"]}')}`],
      ['GET', `/v1.41/containers/${other}/json`],
      ['GET', `/v1.41/containers/${other}/logs?stdout=1`],
      ['GET', `/v1.41/containers/${other}/archive?path=/etc/passwd`],
      ['PUT', `/v1.41/containers/${other}/archive?path=/`],
      ['POST', `/v1.41/containers/${other}/exec`],
      ['POST', `/v1.41/containers/${other}/kill`],
      ['POST', `/v1.41/containers/${other}/rename?name=x`],
      ['POST', `/v1.41/commit?container=${other}`],
      ['POST', '/v1.41/build?t=python-judge'],
      ['POST', '/v1.41/images/create?fromImage=evil'],
      ['POST', '/v1.41/images/python-judge/tag?repo=cpp-judge'],
      ['GET', '/v1.41/images/json'],
      ['GET', '/v1.41/images/debian/json'],
      ['GET', '/v1.41/images/python-judge/json/../../../info'],
      ['GET', '/v1.41/images/python-judge%2f..%2fdebian/json'],
      ['GET', '/v1.41/secrets'],
      ['GET', '/v1.41/events'],
      ['POST', '/v1.41/volumes/create'],
      ['POST', '/v1.41/networks/create'],
      ['POST', '/v1.41/swarm/init'],
      ['GET', '/info'],
      ['GET', '//_ping'],
      ['HEAD', '/_ping'],
      ['GET', 'http://docker/_ping'],
    ] as const)
      assert.equal((await ask(method, path)).status, 403, `${method} ${path}`)
  })
  it('a container that is no box is refused, and none is made', async () => {
    const name = `${owner}-hostile`
    const at = `/v1.41/containers/create?name=arena-box-${name}-1`
    const good = config(name) as { HostConfig: object }
    for (const body of [
      { ...good, HostConfig: { ...good.HostConfig, Binds: ['/:/host'] } },
      { ...good, HostConfig: { ...good.HostConfig, Privileged: true } },
      { ...good, Image: 'debian:bookworm-slim' },
      { ...good, Cmd: ['/bin/sh'] },
    ])
      assert.equal((await ask('POST', at, { body })).status, 403)
    assert.equal((await ask('POST', '/v1.41/containers/create?name=postgres', { body: good })).status, 403)
    assert.equal((await ask('POST', '/v1.41/containers/create', { body: good })).status, 403)
    assert.equal((await ask('POST', at, { body: 'x'.repeat(70_000) })).status, 413)
    assert.deepEqual(containersOf(name), [])
  })
  it('a worker has no part in the boxes of another, until they are nobody’s', async () => {
    const name = `${owner}-other`
    const id = await make(name)
    for (const [method, path, body] of [
      ['POST', `/v1.41/containers/${id}/start`],
      ['POST', `/v1.41/containers/${id}/update`, { Memory: mebibytes(1024), MemorySwap: mebibytes(1024) }],
      ['DELETE', `/v1.41/containers/arena-box-${name}-1?force=1&v=1`],
    ] as const)
      assert.equal((await ask(method, path, { body, host: '::1' })).status, 404, path)
    assert.equal((await ask('DELETE', `/v1.41/containers/${id}?force=1&v=1`, { host: '::1' })).status, 403)
    assert.equal((await attach(id, '::1')).status, 404)
    const own = await attach(id)
    assert.equal(own.status, 101)
    assert.equal((await attach(id)).status, 409, 'nobody listens in, not even its maker a second time')
    assert.equal((await ask('POST', `/v1.41/containers/${id}/start`)).status, 204)
    own.socket.destroy() // the worker is gone: its box ends, and anybody may tidy up, so another judge at this engine may have been quicker
    await eventually(() => assert.match(containersOf(name)[0] ?? 'gone', /Exited|gone/), 60_000)
    assert.ok([204, 404].includes((await ask('DELETE', `/v1.41/containers/${id}?force=1&v=1`, { host: '::1' })).status))
    assert.deepEqual(containersOf(name), [])
  })
  it('there is a most of boxes', async () => {
    const full = makeProxy({ engine, rules: { images: ['python-judge'], runtime: undefined, mostContainers: 1 }, onRefusal: () => {} })
    const usual = port
    full.listen(0)
    await once(full, 'listening')
    port = (full.address() as AddressInfo).port
    try {
      const one = await ask('POST', `/v1.41/containers/create?name=arena-box-${owner}-full-1`, { body: config(`${owner}-full`) })
      const both = [one, await ask('POST', `/v1.41/containers/create?name=arena-box-${owner}-full-2`, { body: config(`${owner}-full`) })]
      assert.equal(both.at(-1)?.status, 429)
    } finally {
      port = usual
      full.close()
    }
  })
})

describe('containers that are not the judge’s', { skip }, () => {
  it('do not exist at the socket proxy', async () => {
    const engine = openEngine(testEngineAddress)
    const foreign = await engine.create(`stranger-${process.pid}`, { Image: 'python-judge', Labels: { stranger: String(process.pid) }, NetworkDisabled: true })
    const proxy = makeProxy({ engine, rules: { images: ['python-judge'], runtime: undefined, mostContainers: 10 }, onRefusal: () => {} })
    proxy.listen(0, '127.0.0.1')
    await once(proxy, 'listening')
    const through = openEngine(`tcp://127.0.0.1:${(proxy.address() as AddressInfo).port}`)
    try {
      const { containers } = await through.list(ownerLabel)
      assert.ok(containers.every(({ id }) => id !== foreign))
      for (const name of [foreign, foreign.slice(0, 12), `stranger-${process.pid}`]) {
        await through.remove(name) // "gone already": what the proxy says of it
        await assert.rejects(through.start(name), /404/)
        await assert.rejects(through.attach(name), /404/)
      }
      assert.equal((await engine.list(`stranger=${process.pid}`)).containers.length, 1)
    } finally {
      await engine.remove(foreign)
      proxy.close()
    }
  })
})
