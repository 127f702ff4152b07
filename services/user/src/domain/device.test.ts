import assert from 'node:assert/strict'
import { test } from 'node:test'
import { deviceOf } from './device.ts'

const named = (userAgent: string | undefined) => Object.values(deviceOf(userAgent)).join(', ')

test('a browser is named as its owner knows it, not as it wants to be taken for', () => {
  const mozilla = 'Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko)'
  assert.equal(named(`${mozilla} Chrome/126.0.0.0 Mobile Safari/537.36`), 'Chrome, Android')
  assert.equal(named(`${mozilla} SamsungBrowser/25.0 Chrome/121.0.0.0 Mobile Safari/537.36`), 'Samsung Internet, Android')
  assert.equal(named(`${mozilla} Chrome/126.0 Mobile Safari/537.36 OPR/82.1`), 'Opera, Android')
  assert.equal(named('Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/126.0 Safari/537.36 Edg/126.0'), 'Edge, Windows')
  assert.equal(named('Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605 Version/17.5 Mobile/15E148 Safari/604.1'), 'Safari, iPhone')
  assert.equal(named('Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0'), 'Firefox, Linux')
})
test('what is no browser, or lies, names nothing that is not on our list', () => {
  assert.deepEqual(deviceOf(undefined), {})
  assert.deepEqual(deviceOf('curl/8.5'), {})
  assert.equal(named('<script>alert(1)</script> Firefox/1'), 'Firefox')
  assert.deepEqual(deviceOf(`${'x'.repeat(100_000)}Firefox/1`), {})
})
