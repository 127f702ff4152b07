import assert from 'node:assert/strict'
import { once } from 'node:events'
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
