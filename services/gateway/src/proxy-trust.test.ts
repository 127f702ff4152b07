import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { openProxyTrust } from './proxy-trust.ts'

describe('what proxies in front say of a client', () => {
  const trust = openProxyTrust(['10.0.0.0/8', '192.168.1.1', 'fd00::/8'])
  const client = (peer: string, forwarded?: string | string[]) =>
    trust.told(peer, forwarded === undefined ? {} : { 'x-forwarded-for': forwarded as string })?.address

  it('is not believed from anybody else', () => {
    assert.equal(client('8.8.8.8', '1.1.1.1'), undefined)
    assert.equal(client('192.168.1.2', '1.1.1.1'), undefined)
    assert.equal(client('unknown', '1.1.1.1'), undefined)
    assert.equal(openProxyTrust([]).told('127.0.0.1', { 'x-forwarded-for': '1.1.1.1' }), undefined)
  })
  it('names the last address that is no proxy: what the client wrote itself stands before it', () => {
    assert.equal(client('10.1.2.3', '6.6.6.6, 1.1.1.1'), '1.1.1.1')
    assert.equal(client('10.1.2.3', '6.6.6.6, 1.1.1.1, 10.9.9.9'), '1.1.1.1')
    assert.equal(client('fd12::1', '2001:db8::7'), '2001:db8::7')
    assert.equal(client('10.1.2.3', ['6.6.6.6', '1.1.1.1']), '1.1.1.1')
  })
  it('is the proxy itself when it says nothing, or nothing that is an address', () => {
    assert.equal(client('10.1.2.3'), '10.1.2.3')
    assert.equal(client('10.1.2.3', '1.1.1.1, unknown'), '10.1.2.3')
    assert.equal(client('10.1.2.3', '10.1.1.1, 10.2.2.2'), '10.1.1.1')
  })
  it('is read with a port, in brackets, and as IPv4 within IPv6', () => {
    assert.equal(client('10.1.2.3', '1.1.1.1:443'), '1.1.1.1')
    assert.equal(client('10.1.2.3', '[2001:db8::7]:443'), '2001:db8::7')
    assert.equal(client('10.1.2.3', '::ffff:1.1.1.1'), '1.1.1.1')
  })
  it('tells scheme and host by the nearest proxy', () => {
    assert.deepEqual(trust.told('10.1.2.3', { 'x-forwarded-proto': 'http, HTTPS', 'x-forwarded-host': 'evil.example, arena.example' }), {
      address: '10.1.2.3',
      isSecure: true,
      host: 'arena.example',
    })
  })
})
