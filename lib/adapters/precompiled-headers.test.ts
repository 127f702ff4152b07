import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { silentLog } from '#ports/log'
import { ensurePrecompiledHeaders } from './precompiled-headers.ts'

const compiler = '/usr/bin/g++'
const set = { name: 'gnu++17', compiler, flags: ['-std=gnu++17', '-O2'], headers: ['cstdio'] }

describe('headers compiled ahead', { skip: existsSync(compiler) ? false : 'needs g++' }, () => {
  let folder = ''
  let root = ''
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'arena-headers-'))
    root = join(folder, 'made')
    writeFileSync(join(folder, 'main.cpp'), '#include <cstdio>\nint main() { puts("hello"); }\n')
  })
  after(() => rmSync(folder, { recursive: true, force: true }))
  const compile = (...flags: string[]) => {
    const done = spawnSync(compiler, [...flags, `-I${join(root, 'gnu++17')}`, '-H', '-o', join(folder, 'main'), join(folder, 'main.cpp')], { encoding: 'utf8' })
    assert.equal(done.status, 0, done.stderr)
    return /^! .*cstdio\.gch$/m.test(done.stderr)
  }
  const madeAt = () => statSync(join(root, 'gnu++17', 'cstdio.gch')).mtimeMs

  it('are taken by a compilation with the same flags, and the program is the same', async () => {
    assert.equal(compile('-std=gnu++17', '-O2'), false)
    await ensurePrecompiledHeaders(root, [set], silentLog)
    assert.equal(compile('-std=gnu++17', '-O2'), true)
    assert.equal(execFileSync(join(folder, 'main'), { encoding: 'utf8' }), 'hello\n')
  })
  it('are passed over by a compilation with other flags', () => assert.equal(compile('-std=gnu++20', '-O2'), false))
  it('are made once, and anew when the flags change, leaving nothing behind', async () => {
    const first = madeAt()
    await ensurePrecompiledHeaders(root, [set], silentLog)
    assert.equal(madeAt(), first)
    await ensurePrecompiledHeaders(root, [{ ...set, flags: ['-std=gnu++20', '-O2'] }], silentLog)
    assert.notEqual(madeAt(), first)
    assert.deepEqual(readdirSync(root), ['gnu++17'])
  })
  it('cost nothing but time when they cannot be made', async () => {
    const said: string[] = []
    await ensurePrecompiledHeaders(root, [{ ...set, name: 'other', headers: ['no-such-header'] }], {
      ...silentLog,
      warn: (_fields, text) => void said.push(text),
    })
    assert.equal(said.length, 1)
    assert.deepEqual(readdirSync(root), ['gnu++17'])
  })
})
