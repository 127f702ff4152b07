import assert from 'node:assert/strict'
import { once } from 'node:events'
import { Agent, type IncomingMessage, request, type ServerResponse } from 'node:http'
import { connect } from 'node:net'
import { describe, it } from 'node:test'
import { listen } from './listener.ts'

describe('the listener, before the arena is open', () => {
  it('outlives a WebSocket whose client is cut off at once', async () => {
    const listener = await listen({ host: '127.0.0.1', port: 0 })
    const asking = 'GET /api/ws HTTP/1.1\r\nhost: x\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n'
    for (let tries = 0; tries < 20; tries++) {
      const socket = connect(listener.port, '127.0.0.1')
      await once(socket, 'connect')
      socket.write(asking)
      socket.resetAndDestroy()
    }
    const last = connect(listener.port, '127.0.0.1')
    last.write(asking)
    assert.match(String((await once(last, 'data'))[0]), /^HTTP\/1.1 503/) // an unheard error would have ended this process
    last.destroy()
    await listener.close(0)
  })
})

describe('the listener, when the arena stops', () => {
  it('ends each connection with its next answer, lets what is under way end, and takes nothing new', async () => {
    const listener = await listen({ host: '127.0.0.1', port: 0 })
    const slow = Promise.withResolvers<ServerResponse>()
    listener.open({ request: (asked, response) => (asked.url === '/slow' ? slow.resolve(response) : void response.end('quick')) })
    const agent = new Agent({ keepAlive: true })
    const get = (path: string) => {
      const asked = request({ port: listener.port, host: '127.0.0.1', path, agent })
      asked.end()
      return once(asked, 'response').then(([answer]) => (answer as IncomingMessage).resume())
    }
    assert.equal((await get('/quick')).headers.connection, 'keep-alive')
    const answer = get('/slow')
    const response = await slow.promise
    let isDrained = false
    const drained = listener.drain().then(() => {
      isDrained = true
    })
    await assert.rejects(once(connect(listener.port, '127.0.0.1'), 'connect'), /ECONNREFUSED/)
    assert.equal(isDrained, false)
    response.end('slow')
    assert.equal((await answer).headers.connection, 'close')
    await drained
    await listener.close(0)
    agent.destroy()
  })
  it('cuts off what hangs, sockets of upgrades too', async () => {
    const listener = await listen({ host: '127.0.0.1', port: 0 })
    const asked = Promise.withResolvers<void>()
    listener.open({ request: () => asked.resolve(), upgrade: (_request, socket) => void socket.write('HTTP/1.1 101 Switching Protocols\r\n\r\n') })
    const upgraded = connect(listener.port, '127.0.0.1')
    upgraded.write('GET / HTTP/1.1\r\nhost: x\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n')
    await once(upgraded, 'data')
    const hanging = connect(listener.port, '127.0.0.1')
    hanging.write('GET / HTTP/1.1\r\nhost: x\r\n\r\n')
    await asked.promise
    const ended = Promise.all([upgraded, hanging].map((socket) => once(socket.on('error', () => undefined).resume(), 'close')))
    await listener.close(50)
    await ended
  })
})
