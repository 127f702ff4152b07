import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import { ConfigError, environmentHelp, parseConfig, Secret, standardPublicUrl, variableNames } from './config.ts'

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
  it('knows what users type: as told, without a path; else the machine, or its network where it listens on all', () => {
    assert.equal(parseConfig({ ARENA_PUBLIC_URL: 'https://arena.example.rw/' }).publicUrl, 'https://arena.example.rw')
    assert.equal(parseConfig({ ARENA_PUBLIC_URL: 'https://arena.example.rw' }).isPublicUrlGiven, true)
    assert.deepEqual([parseConfig({}).publicUrl, parseConfig({}).isPublicUrlGiven], ['http://localhost:8080', false])
    for (const wrong of ['arena.example.rw', 'ftp://a.rw', 'https://a.rw/arena', 'https://user:pw@a.rw', 'https://a.rw/?x=1'])
      refused({ ARENA_PUBLIC_URL: wrong }, /ARENA_PUBLIC_URL takes the address of the arena without a path/)
    assert.equal(standardPublicUrl('127.0.0.1', 8080, '192.168.1.7'), 'http://localhost:8080')
    assert.equal(standardPublicUrl('0.0.0.0', 8080, '192.168.1.7'), 'http://192.168.1.7:8080')
    assert.equal(standardPublicUrl('0.0.0.0', 8080, undefined), 'http://localhost:8080')
    assert.equal(standardPublicUrl('fd00::7', 8080, undefined), 'http://[fd00::7]:8080')
  })
  it('takes money only as it is told: play money in development alone, a provider only with all it needs', () => {
    assert.deepEqual(parseConfig({}).payments.offered, ['sandbox'])
    assert.deepEqual(parseConfig({ ARENA_MODE: 'production' }).payments.offered, ['manual'])
    refused({ ARENA_MODE: 'production', ARENA_PAYMENTS: 'manual,sandbox' }, /ARENA_PAYMENTS=sandbox is refused in production/)
    refused({ ARENA_PAYMENTS: 'paypal' }, /ARENA_PAYMENTS names "paypal"/)
    refused({ ARENA_PAYMENTS: 'stripe' }, /ARENA_PAYMENTS names stripe, which needs ARENA_STRIPE_SECRET_KEY/)
    refused({ ARENA_PAYMENTS: 'flutterwave', ARENA_FLUTTERWAVE_SECRET_KEY: 'k' }, /which needs ARENA_FLUTTERWAVE_WEBHOOK_HASH/)
    const { payments } = parseConfig({
      ARENA_PAYMENTS: 'stripe, manual stripe',
      ARENA_STRIPE_SECRET_KEY: 'sk_test_hunter22',
      ARENA_STRIPE_WEBHOOK_SECRET: 'whsec_hunter22',
      ARENA_BANK_DETAILS: 'Bank of Kigali | 00040-1234567 |',
    })
    assert.deepEqual(payments.offered, ['stripe', 'manual'])
    assert.deepEqual(payments.bankDetails, ['Bank of Kigali', '00040-1234567'])
    assert.equal(payments.stripe?.url, 'https://api.stripe.com')
    assert.doesNotMatch(JSON.stringify(payments), /hunter22/)
  })
  it('explains every setting', () => {
    for (const name of variableNames) assert.match(environmentHelp(), new RegExp(`^ {2}${name} `, 'm'))
  })
})
