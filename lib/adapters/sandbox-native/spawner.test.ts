import assert from 'node:assert/strict'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import { eventually } from '#testkit/eventually'
import { buildSpawner } from '../runner/build.ts'
import type { Wire } from '../runner/session.ts'
import { openSpawner } from './spawner.ts'

const folder = mkdtempSync(join(tmpdir(), 'arena-spawner-'))
after(() => rmSync(folder, { recursive: true, force: true }))
const built = process.platform === 'linux' ? buildSpawner(folder) : { missing: 'needs Linux' }
const skip = 'missing' in built ? built.missing : false
const program = 'path' in built ? built.path : ''
/** Deeper than the name of a socket may be. */
const deep = join(folder, 'd'.repeat(90), 'e'.repeat(60))

async function heard(wire: Wire): Promise<string> {
  let text = ''
  for await (const chunk of wire.from) text += String(chunk)
  return text
}

describe('the spawner', { skip }, () => {
  it('gives a program its wire, its own words on stderr, and tells how it ended', async () => {
    const spawner = await openSpawner(program, deep)
    const wire = spawner.start(['/bin/sh', '-c', 'read line; echo "heard $line"; echo complaint >&2; cat /proc/self/environ | tr "\\0" " "; exit 3'])
    wire.to.write('a word\n')
    assert.equal(await heard(wire), 'heard a word\nPATH=/usr/bin:/bin PWD=/ ')
    assert.equal(wire.said(), 'complaint\n')
    assert.equal(await wire.ended, 'it ended with 3')
    await spawner.close()
  })

  it('ends a program that is killed, and what it had started', async () => {
    const spawner = await openSpawner(program, join(folder, 'kill'))
    const wire = spawner.start(['/bin/sh', '-c', 'sleep 977 & echo $!; wait'])
    const [first] = await once(wire.from, 'data')
    const child = Number(String(first))
    assert.ok(existsSync(`/proc/${child}`))
    wire.kill()
    assert.equal(await wire.ended, 'it was ended by signal 9')
    await eventually(() => assert.ok(!existsSync(`/proc/${child}`) || /\) Z /.test(readFileSync(`/proc/${child}/stat`, 'latin1'))))
    wire.kill()
    await spawner.close()
  })

  it('tells of what cannot be started, and serves many at once', async () => {
    const spawner = await openSpawner(program, join(folder, 'many'))
    const missing = spawner.start(['/nowhere/bwrap'])
    assert.equal(await heard(missing), '')
    assert.match(missing.said(), /nowhere\/bwrap: No such file/)
    assert.equal(await missing.ended, 'it ended with 127')
    const words = Array.from({ length: 40 }, (_, n) => `word ${n}\n`)
    const echoes = words.map(async (word) => {
      const wire = spawner.start(['/bin/cat'])
      wire.to.end(word)
      const said = await heard(wire)
      await wire.ended
      return said
    })
    assert.deepEqual(await Promise.all(echoes), words)
    await spawner.close()
  })

  it('says why a box cannot be made, and refuses a request that is none', { skip: process.getuid?.() === 0 ? false : 'only root makes boxes' }, async () => {
    const spawner = await openSpawner(program, join(folder, 'boxes'))
    const unmade = spawner.startBox({ view: join(folder, 'no-view'), binds: [], hidesGroups: false })
    assert.equal(await heard(unmade), '')
    assert.match(unmade.said(), /a box cannot be made: .*no-view: No such file/)
    assert.equal(await unmade.ended, 'it ended with 126')
    const empty = join(folder, 'empty-view')
    mkdirSync(join(empty, 'proc'), { recursive: true })
    const unbound = spawner.startBox({ view: empty, binds: [[folder, 'nowhere']], hidesGroups: true })
    await heard(unbound)
    assert.match(unbound.said(), /nowhere: No such file/)
    await unbound.ended
    const bare = spawner.startBox({ view: empty, binds: [], hidesGroups: true })
    await heard(bare)
    assert.match(bare.said(), /\/runner\/runner: No such file/, 'all is made, and there is nothing to run')
    await bare.ended
    const odd = spawner.startBox({ view: empty, binds: [['alone'] as unknown as [string, string]], hidesGroups: false })
    assert.equal(await odd.ended, 'it could not be started')
    await spawner.close()
    assert.ok(existsSync(join(empty, 'proc')) && !readFileSync('/proc/self/mountinfo', 'utf8').includes(empty), 'and nothing of it is seen outside')
  })

  it('that was killed takes what it had started with it as their wires end, and the next start has another', async () => {
    const own = join(folder, 'again')
    const spawner = await openSpawner(program, own)
    const wire = spawner.start(['/bin/cat'])
    wire.to.write('here\n')
    await once(wire.from, 'data')
    const pids = spawnersIn(own)
    assert.equal(pids.length, 1)
    process.kill(pids[0] as number, 'SIGKILL')
    wire.to.end()
    assert.equal(await wire.ended, 'the spawner ended')
    await eventually(async () => {
      const next = spawner.start(['/bin/echo', 'again'])
      assert.equal(await heard(next), 'again\n')
    })
    await spawner.close()
    assert.deepEqual(spawnersIn(own), [])
    assert.equal(await spawner.start(['/bin/true']).ended, 'the spawner has ended')
  })
})

/** Their working folder is theirs alone. */
function spawnersIn(own: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && workingFolderOf(name) === own)
    .map(Number)
}
function workingFolderOf(pid: string): string {
  try {
    return readlinkSync(`/proc/${pid}/cwd`)
  } catch {
    return '' // it has ended
  }
}
