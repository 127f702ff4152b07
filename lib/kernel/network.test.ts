import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { networkOf } from './network.ts'

describe('networkOf', () => {
  it('takes IPv4 whole, also inside IPv6', () => {
    assert.equal(networkOf('10.0.0.7'), '10.0.0.7')
    assert.equal(networkOf('::ffff:10.0.0.7'), '10.0.0.7')
  })
  it('takes the /64 of IPv6, however it is written', () => {
    assert.equal(networkOf('2001:db8:1:2:aaaa::1'), '2001:db8:1:2::/64')
    assert.equal(networkOf('2001:0DB8:0001:0002:bbbb:0:0:9'), '2001:db8:1:2::/64')
    assert.equal(networkOf('2001:db8::1'), '2001:db8:0:0::/64')
    assert.equal(networkOf('fe80::1%eth0'), 'fe80:0:0:0::/64')
    assert.equal(networkOf('::1'), '0:0:0:0::/64')
  })
  it('takes what is no address as it is', () => assert.equal(networkOf('unknown'), 'unknown'))
})
