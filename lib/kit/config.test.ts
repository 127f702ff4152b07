import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import { ConfigError, environmentHelp, parseConfig, Secret, variableNames } from './config.ts'

describe('configuration', () => {
  const refused = (environment: Record<string, string>, said: RegExp) =>
    assert.throws(
      () => parseConfig(environment),
      (cause) => cause instanceof ConfigError && said.test(cause.message),
    )

  it('is whole and local unless told otherwise', () => {
    const config = parseConfig({})
    assert.deepEqual([config.isWhole, config.host, config.port, config.mode, config.demo], [true, '127.0.0.1', 8080, 'development', true])
    assert.ok(Object.isFrozen(config))
  })
  it('takes what is set to nothing as not set', () => {
    const config = parseConfig({ ARENA_HOST: '', ARENA_PORT: '', ARENA_DATA_DIR: '', ARENA_DEMO: '' })
    assert.deepEqual([config.host, config.port, config.dataDir, config.demo], ['127.0.0.1', 8080, 'data', true])
  })
  it('lets a flag win over the environment', () => assert.equal(parseConfig({ ARENA_PORT: '9000' }, { ARENA_PORT: '9001' }).port, 9001))
  it('stops at an unknown key and names the nearest', () => refused({ ARENA_PROT: '1' }, /ARENA_PROT.*ARENA_PORT/))
  it('leaves the rest of the environment alone', () => assert.equal(parseConfig({ PORT: '1', ARENA_TEST_SEED: '7' }).port, 8080))
  it('says what a setting takes', () => {
    refused({ ARENA_PORT: '70000' }, /whole number from 0 to 65535/)
    refused({ ARENA_PORT: '80a' }, /whole number/)
    refused({ ARENA_MODE: 'prod' }, /development, production/)
    refused({ ARENA_SANDBOX: 'none' }, /auto, docker, native/)
    refused({ ARENA_SERVICES: 'contest,cotnest', ARENA_DB_URL: 'postgres://x' }, /cotnest/)
    refused({ ARENA_SERVICES: 'contest' }, /ARENA_DB_URL/)
    refused({ ARENA_OTLP_URL: 'collector:4318' }, /http:\/\/collector:4318/)
    refused({ ARENA_TRACE_SHARE: '10%' }, /from 0 to 1/)
  })
  it('refuses the demonstration in production when asked for, and leaves it out when not', () => {
    refused({ ARENA_MODE: 'production', ARENA_DEMO: 'on' }, /refused in production/)
    assert.equal(parseConfig({ ARENA_MODE: 'production' }).demo, false)
  })
  it('gathers the addresses of peers', () => assert.deepEqual(parseConfig({ ARENA_PEER_CONTEST_URL: 'unix:/x' }).peerUrls, { contest: 'unix:/x' }))
  it('measures and traces nothing unless told, and measures on this machine alone', () => {
    const config = parseConfig({})
    assert.deepEqual([config.metricsPort, config.metricsHost, config.otlpUrl], [undefined, '127.0.0.1', undefined])
    assert.equal(parseConfig({ ARENA_METRICS_PORT: '0' }).metricsPort, 0)
  })
  it('never prints a secret', () => {
    const config = parseConfig({ ARENA_ADMIN_PASSWORD: 'hunter22', ARENA_DB_URL: 'postgres://a:hunter22@h/d' })
    assert.equal(JSON.stringify(config).includes('hunter22'), false)
    assert.equal(`${config.adminPassword}`, '[secret]')
    assert.equal(new Secret('x').reveal(), 'x')
  })
  it('reads what is secret from the file that …_FILE names, and nothing else', () => {
    const folder = mkdtempSync(join(tmpdir(), 'arena-config-'))
    after(() => rmSync(folder, { recursive: true }))
    const file = join(folder, 'secret')
    writeFileSync(file, 'amqp://a:hunter22@h\n')
    assert.equal(parseConfig({ ARENA_BUS_URL_FILE: file }).busUrl?.reveal(), 'amqp://a:hunter22@h')
    assert.equal(parseConfig({ ARENA_CACHE_URL_FILE: file }).cacheUrl.reveal(), 'amqp://a:hunter22@h')
    refused({ ARENA_BUS_URL_FILE: file, ARENA_BUS_URL: 'amqp:' }, /ARENA_BUS_URL and ARENA_BUS_URL_FILE are both set/)
    refused({ ARENA_DB_URL_FILE: join(folder, 'none') }, /ARENA_DB_URL_FILE names .*none, which cannot be read \(ENOENT\)/)
    refused({ ARENA_PORT_FILE: file }, /ARENA_PORT_FILE is not a setting/)
    writeFileSync(file, '\n')
    refused({ ARENA_DB_URL_FILE: file }, /is empty/)
  })
  it('takes addresses and blocks of proxies', () => {
    assert.deepEqual(parseConfig({ ARENA_TRUSTED_PROXIES: '127.0.0.1, 10.0.0.0/8 ::1 fd00::/64' }).trustedProxies, [
      '127.0.0.1',
      '10.0.0.0/8',
      '::1',
      'fd00::/64',
    ])
    for (const wrong of ['nginx', '10.0.0.0/33', '10.0.0.0/', '10.0.0.0/8/8', '0/0']) refused({ ARENA_TRUSTED_PROXIES: wrong }, /ARENA_TRUSTED_PROXIES names/)
  })
  it('explains every setting', () => {
    for (const name of variableNames) assert.match(environmentHelp(), new RegExp(`^ {2}${name} `, 'm'))
  })
})
