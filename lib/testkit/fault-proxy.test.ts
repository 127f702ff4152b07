import assert from 'node:assert/strict'
import { createConnection, createServer, type Socket } from 'node:net'
import { after, before, describe, it } from 'node:test'
import { eventually } from './eventually.ts'
import { type FaultProxy, openFaultProxy } from './fault-proxy.ts'

describe('the proxy that breaks on purpose', () => {
  const echo = createServer((socket) => socket.on('error', () => undefined).pipe(socket))
  let proxy: FaultProxy
  const sockets: Socket[] = []
  const connect = () => {
    const socket = createConnection({ host: proxy.host, port: proxy.port })
    const heard: string[] = []
    const state = { socket, text: () => heard.join(''), error: '' }
    socket.on('data', (data) => heard.push(data.toString()))
    socket.on('error', (error: NodeJS.ErrnoException) => {
      state.error = error.code ?? error.message
    })
    sockets.push(socket)
    return state
  }

  before(async () => {
    await new Promise<void>((resolve) => echo.listen(0, '127.0.0.1', resolve))
    proxy = await openFaultProxy({ host: '127.0.0.1', port: (echo.address() as { port: number }).port })
  })
  after(async () => {
    for (const socket of sockets) socket.destroy()
    await proxy.close()
    echo.close()
  })

  it('hands every byte through, both ways', async () => {
    const line = connect()
    const sent = 'a'.repeat(300_000)
    line.socket.write(sent)
    await eventually(() => assert.equal(line.text(), sent))
  })

  it('a stalled line says nothing, and loses nothing', async () => {
    const line = connect()
    await eventually(() => assert.equal(line.socket.connecting, false))
    proxy.mode({ kind: 'stall' })
    line.socket.write('held')
    const other = connect()
    other.socket.write('also held')
    await eventually(() => assert.equal(other.socket.connecting, false))
    await new Promise((resolve) => setImmediate(resolve))
    assert.deepEqual([line.text(), other.text()], ['', ''])
    proxy.mode({ kind: 'forward' })
    await eventually(() => assert.deepEqual([line.text(), other.text()], ['held', 'also held']))
  })

  it('a slow line delivers late what it was given, and is quick again when told so', async () => {
    const line = connect()
    proxy.mode({ kind: 'slow', bytesPerSecond: 1 })
    line.socket.write('x'.repeat(5_000))
    await eventually(() => assert.ok(line.socket.bytesWritten > 0))
    assert.equal(line.text(), '')
    proxy.mode({ kind: 'slow', latencyMs: 1 })
    await eventually(() => assert.equal(line.text().length, 5_000))
    proxy.mode({ kind: 'forward' })
  })

  it('resets what there is, and refuses what is new while told to', async () => {
    const line = connect()
    line.socket.write('hello')
    await eventually(() => assert.equal(line.text(), 'hello'))
    proxy.mode({ kind: 'refuse' })
    line.socket.write(' again')
    await eventually(() => assert.equal(line.text(), 'hello again'))
    const refused = connect()
    refused.socket.write('?')
    await eventually(() => assert.equal(refused.socket.closed, true))
    assert.equal(refused.text(), '')
    proxy.resetAll()
    await eventually(() => assert.equal(line.error, 'ECONNRESET'))
    await eventually(() => assert.equal(proxy.connections, 0))
    proxy.mode({ kind: 'forward' })
    const next = connect()
    next.socket.write('back')
    await eventually(() => assert.equal(next.text(), 'back'))
  })
})
