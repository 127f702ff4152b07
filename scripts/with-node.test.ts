import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'

const wrapper = join(import.meta.dirname, 'with-node.mjs')

describe('the wrapper that brings Node 24', { timeout: 20_000 }, () => {
  let folder = ''
  const program = (name: string, source: string) => {
    const file = join(folder, name)
    writeFileSync(file, source)
    return file
  }
  /** `said` resolves when something was printed, `all` with everything once the last process holding the pipe is gone. */
  const start = (args: readonly string[]) => {
    const child = spawn(process.execPath, [wrapper, ...args], { stdio: ['ignore', 'pipe', 'inherit'] })
    let text = ''
    const said = new Promise<void>((resolve) => {
      child.stdout.on('data', (chunk: Buffer) => {
        text += chunk.toString()
        resolve()
      })
    })
    const all = new Promise<string>((resolve) => child.stdout.once('close', () => resolve(text)))
    return { child, said, all }
  }
  const ended = async (child: ChildProcess) => (child.exitCode === null && child.signalCode === null ? once(child, 'exit') : [child.exitCode, child.signalCode])
  const untilTerm = `process.once('SIGTERM', () => { console.log('told'); process.exit(7) }); setInterval(() => undefined, 1000); console.log('up')`

  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'with-node-'))
  })
  after(() => rmSync(folder, { recursive: true, force: true }))

  it('runs TypeScript on Node 24 or newer, hands arguments over and passes the exit code on', async () => {
    const file = program('report.ts', `const at: number = 5; console.log(process.version, ...process.argv.slice(2)); process.exit(at)`)
    const { child, all } = start([file, 'one', '--two'])
    assert.deepEqual(await ended(child), [5, null])
    assert.match(await all, /^v(2[4-9]|[3-9]\d)\..* one --two\n$/)
  })

  it('passes SIGTERM on and waits for the program to end', async () => {
    const { child, said, all } = start([program('term.ts', untilTerm)])
    await said
    child.kill('SIGTERM')
    assert.deepEqual(await ended(child), [7, null])
    assert.equal(await all, 'up\ntold\n')
  })

  it('ends the program when it is killed itself', { skip: process.platform === 'linux' ? false : 'needs setpriv' }, async () => {
    const { child, said, all } = start([program('orphan.ts', untilTerm)])
    await said
    child.kill('SIGKILL')
    assert.equal(await all, 'up\ntold\n')
  })

  it('leaves Ctrl-C to the program, which gets it from the terminal', async () => {
    const { child, said, all } = start([program('interrupt.ts', `process.on('SIGINT', () => console.log('interrupted'))\n${untilTerm}`)])
    await said
    child.kill('SIGINT')
    child.kill('SIGTERM')
    assert.deepEqual(await ended(child), [7, null])
    assert.equal(await all, 'up\ntold\n')
  })

  it('dies by the signal the program died of', async () => {
    const { child } = start([program('abort.ts', `process.kill(process.pid, 'SIGKILL')`)])
    assert.deepEqual(await ended(child), [null, 'SIGKILL'])
  })
})
