import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { fillLock, platformOf } from './fill-lock.mjs'

describe('filling the lock', () => {
  it('reads system, processor and C library off a name', () => {
    assert.deepEqual(platformOf('@biomejs/cli-darwin-arm64'), { cpu: ['arm64'], os: ['darwin'] })
    assert.deepEqual(platformOf('@oxc-parser/binding-linux-arm-musleabihf'), { cpu: ['arm'], libc: ['musl'], os: ['linux'] })
    assert.deepEqual(platformOf('@oxc-parser/binding-linux-s390x-gnu'), { cpu: ['s390x'], libc: ['glibc'], os: ['linux'] })
    assert.deepEqual(platformOf('@oxc-parser/binding-win32-x64-msvc'), { cpu: ['x64'], os: ['win32'] })
    assert.throws(() => platformOf('fsevents'), /cannot tell the platform of fsevents/)
  })

  it('adds what is missing once, beside the package that asks when the root has another version', () => {
    const packages = {
      '': {},
      'node_modules/a': {
        version: '2.0.0',
        dev: true,
        resolved: 'https://registry.invalid/a.tgz',
        optionalDependencies: { 'a-linux-x64': '2.0.0', 'a-win32-x64': '2.0.0' },
      },
      'node_modules/a-linux-x64': { version: '2.0.0' },
      'node_modules/b/node_modules/a': { version: '1.0.0', optionalDependencies: { 'a-linux-x64': '1.0.0' } },
    }
    const lock = { packages }
    assert.deepEqual(fillLock(lock), ['node_modules/a-win32-x64@2.0.0', 'node_modules/b/node_modules/a/node_modules/a-linux-x64@1.0.0'])
    assert.deepEqual(fillLock(lock), [])
    assert.doesNotMatch(JSON.stringify(lock), /registry/)
  })
})
