import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { after, describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { childrenOf, controlGroupsOf, isRunning, mountsBelow, spawnArena, startArena } from '#testkit/arena'
import { clearRemains } from '#testkit/arena-remains'
import { eventually } from '#testkit/eventually'
import { aPlusB, solutions, whichPlanet } from './problems.ts'

const folders: string[] = []
function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'arena-start-'))
  chmodSync(folder, 0o711)
  folders.push(folder)
  return folder
}
after(() => {
  for (const folder of folders) clearRemains(join(folder, 'data'), folder)
})
const quiet = { ARENA_PORT: '0', ARENA_DEMO: 'off', ARENA_ADMIN_PASSWORD: 'correct horse battery' }
/** The folders a running arena has made for its sockets, by their names in the system's folder for temporary files. */
function runtimeFolders(dataDir: string): string[] {
  const { runtimeDir, dbUrl } = JSON.parse(readFileSync(join(dataDir, 'running.json'), 'utf8')) as { runtimeDir: string; dbUrl: string }
  const names = [runtimeDir, new URL(dbUrl).searchParams.get('host') ?? ''].map((path) => basename(path))
  for (const name of names) assert.ok(readdirSync(tmpdir()).includes(name), `${name} is not there while the arena runs`)
  return names
}
const runs = (args: readonly string[], env: Record<string, string> = {}) => {
  const { said, ended } = spawnArena(args, { env: { ...quiet, ...env } })
  return ended.then((how) => ({ ...how, ...said }))
}
const oneLine = (text: string) => text.trim().split('\n').length === 1

describe('what cannot be had is one clear line', () => {
  test('a port in use: exit 2, says what to do, and touches nothing', async () => {
    const server = createServer().listen(0, '127.0.0.1')
    await new Promise((resolve) => server.once('listening', resolve))
    const { port } = server.address() as { port: number }
    const folder = join(newFolder(), 'data')
    const ended = await runs(['--port', String(port), '--data', folder])
    server.close()
    assert.equal(ended.code, 2, ended.err)
    assert.ok(oneLine(ended.err), ended.err)
    assert.match(ended.err, new RegExp(`Port ${port} is in use.*--port ${port + 1}`))
    assert.equal(existsSync(join(folder, 'postgres')), false)
  })

  test('an unknown setting names the nearest', async () => {
    const ended = await runs([], { ARENA_PROT: '8081' })
    assert.equal(ended.code, 2)
    assert.ok(oneLine(ended.err), ended.err)
    assert.match(ended.err, /ARENA_PROT.*ARENA_PORT/)
  })

  test('a wrong value says what would be right', async () => {
    const ended = await runs([], { ARENA_MODE: 'staging' })
    assert.equal(ended.code, 2)
    assert.match(ended.err, /ARENA_MODE is "staging"; it takes development, production/)
  })

  test('an unknown switch', async () => {
    const ended = await runs(['--prot', '1'])
    assert.equal(ended.code, 2)
    assert.ok(oneLine(ended.err), ended.err)
    assert.match(ended.err, /--prot.*--help/)
  })

  test('a data folder that is a file', async () => {
    const file = join(newFolder(), 'data')
    writeFileSync(file, 'not a folder')
    const ended = await runs(['--data', file])
    assert.equal(ended.code, 2, ended.err)
    assert.ok(oneLine(ended.err), ended.err)
    assert.match(ended.err, /data folder .* cannot be used.*--data/)
  })

  test('--help lists switches and settings', async () => {
    const ended = await runs(['--help'])
    assert.equal(ended.code, 0)
    for (const word of ['--lan', '--port', '--data', '--no-demo', 'ARENA_PORT', 'ARENA_DATA_DIR', 'ARENA_SANDBOX', 'ARENA_DB_URL'])
      assert.ok(ended.out.includes(word), word)
  })
})

/** Gone altogether: processes, the port, control groups, mounts, temporary folders. */
async function leavesNothing(pids: readonly number[], { port, dataDir, runtime }: { port: number; dataDir: string; runtime: readonly string[] }) {
  await eventually(() => {
    assert.deepEqual(pids.filter(isRunning), [], 'a process is left')
    assert.deepEqual(pids.flatMap(controlGroupsOf), [], 'a control group is left')
    assert.deepEqual(mountsBelow(dataDir), [], 'a mount is left')
    assert.deepEqual(
      runtime.filter((name) => existsSync(join(tmpdir(), name))),
      [],
      'a temporary folder is left',
    )
  }, 15_000)
  await new Promise<void>((resolve, reject) => {
    const server = createServer().once('error', reject)
    server.listen(port, '127.0.0.1', () => server.close(() => resolve()))
  })
}

describe('stopping', () => {
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    test(`${signal} ${signal === 'SIGTERM' ? 'to all its processes at once ' : ''}ends it in order and leaves nothing, also with sockets open and a program at work`, async () => {
      const arena = await startArena()
      try {
        const runtime = runtimeFolders(arena.dataDir)
        const teacher = await arena.as('teacher')
        const problemId = await teacher.createProblem(aPlusB)
        const socket = await teacher.socket()
        await teacher.judged({ problemId, language: 'python', source: solutions.python })
        const waiting = await teacher.submit({ problemId, language: 'python', source: `import time\ntime.sleep(1.5)\n${solutions.python}` })
        const pids = [arena.pid, arena.workerPid(), arena.databasePid()].filter((pid) => pid !== undefined)
        assert.equal(pids.length, 3)
        const place = { port: arena.port, dataDir: arena.dataDir, runtime }
        const startedAt = Date.now()
        if (signal === 'SIGTERM') process.kill(arena.workerPid() ?? 0, signal) // so does a service manager, which knows the group alone
        assert.deepEqual(await arena.signal(signal), { code: 0, signal: null }, arena.log())
        assert.ok(Date.now() - startedAt < 15_000, `stopping took ${Date.now() - startedAt} ms`)
        await socket.closed()
        await leavesNothing(pids, place)
        assert.equal(existsSync(join(arena.dataDir, 'running.json')), false)
        await arena.restart()
        const again = await arena.client().login(teacher.user.username as string, teacher.password)
        assert.equal((await again.waitForVerdict(waiting)).verdict, 'AC', 'what was at work is judged after the next start')
      } finally {
        await arena.stop()
      }
    })
})

describe('kill -9', () => {
  test('of the services: the next start goes on with all that was stored, and no orphan of the killed run is left', async () => {
    const arena = await startArena()
    try {
      const teacher = await arena.as('teacher')
      const problemId = await teacher.createProblem(aPlusB)
      const ids = await Promise.all(Array.from({ length: 4 }, () => teacher.submit({ problemId, language: 'python', source: solutions.python })))
      const orphans = [arena.workerPid(), arena.databasePid()].filter((pid) => pid !== undefined)
      const left = runtimeFolders(arena.dataDir)
      await arena.kill('services')
      await arena.restart()
      const again = await arena.client().login(teacher.user.username as string, teacher.password)
      for (const id of ids) assert.equal((await again.waitForVerdict(id)).verdict, 'AC')
      await eventually(() => assert.deepEqual(orphans.filter(isRunning), []), 15_000)
      assert.deepEqual(
        readdirSync(tmpdir()).filter((name) => left.includes(name)),
        [],
      )
    } finally {
      await arena.stop()
    }
  })

  test('of the services while the worker starts: the worker ends too', async () => {
    const folder = join(newFolder(), 'data')
    for (const afterMs of [0, 60, 150, 300, 600]) {
      const { child, ended } = spawnArena(['--data', folder], { env: quiet })
      const worker = await eventually(() => {
        const found = childrenOf(child.pid as number).find((pid) => spawnSync('cat', [`/proc/${pid}/cmdline`]).stdout.includes('main.ts'))
        assert.ok(found, 'there is no worker yet')
        return found
      }, 60_000)
      await sleep(afterMs) // into another moment of its start
      child.kill('SIGKILL')
      await ended
      try {
        await eventually(() => assert.ok(!isRunning(worker), `killed ${afterMs} ms after the worker began, which is still there`), 15_000)
      } finally {
        if (isRunning(worker)) process.kill(worker, 'SIGKILL')
      }
    }
  })

  test('of the database and then the services, with programs at work: the worker ends too', async () => {
    const arena = await startArena()
    try {
      const teacher = await arena.as('teacher')
      const problemId = await teacher.createProblem(aPlusB)
      const source = `import time\ntime.sleep(1)\n${solutions.python}`
      for (let each = 0; each < 6; each++) await teacher.submit({ problemId, language: 'python', source })
      await sleep(1_000) // some are at work
      const worker = arena.workerPid() as number
      await arena.kill('database')
      await arena.kill('services')
      await eventually(() => assert.ok(!isRunning(worker), 'the worker is still there'), 15_000)
    } finally {
      await arena.stop()
    }
  })

  test('of worker and database: the arena mends itself', async () => {
    const arena = await startArena()
    try {
      const teacher = await arena.as('teacher')
      const problemId = await teacher.createProblem(whichPlanet)
      for (const part of ['worker', 'database', 'worker'] as const) {
        const old = await arena.kill(part)
        await eventually(async () => {
          const answer = await teacher.call('POST /api/submit', { body: { problemId, answer: { choices: ['b'] } } })
          assert.equal(answer.status, 202, answer.text)
          assert.equal((await teacher.waitForVerdict(answer.body.id, 15_000)).verdict, 'AC')
        }, 30_000)
        assert.ok(!isRunning(old))
      }
      assert.ok(isRunning(arena.pid))
    } finally {
      await arena.stop()
    }
  })
})

test('two arenas on one folder: the second says so in a line and the first goes on', async () => {
  const arena = await startArena()
  try {
    const second = await runs(['--data', arena.dataDir])
    assert.notEqual(second.code, 0)
    assert.ok(oneLine(second.err), second.err)
    assert.match(second.err, /another arena .*is running on/)
    assert.equal((await arena.client().call('GET /api/ready')).status, 200)
    await arena.as('student')
  } finally {
    await arena.stop()
  }
})

/** A private mount namespace in which /usr/bin/bwrap is a program that cannot do what is asked of it: the machine without a sandbox, honestly. */
const isRoot = process.getuid?.() === 0
test('without a sandbox quizzes are judged and programs wait, said so; with it back, they are judged', {
  skip: isRoot ? false : 'only root can hide bubblewrap from one process',
  timeout: 120_000,
}, async () => {
  const broken = join(newFolder(), 'bwrap')
  writeFileSync(broken, '#!/bin/sh\necho "bwrap: No permissions to create a new namespace" >&2\nexit 1\n', { mode: 0o755 })
  const hide = 'mount --bind "$0" /usr/bin/bwrap && exec "$@"'
  const arena = await startArena({ wrap: ['unshare', '--mount', '--propagation', 'private', 'sh', '-c', hide, broken] })
  try {
    const teacher = await arena.as('teacher')
    const [choice, program] = [await teacher.createProblem(whichPlanet), await teacher.createProblem(aPlusB)]
    assert.equal((await teacher.judged({ problemId: choice, answer: { choices: ['b'] } })).verdict, 'AC')
    const waiting = await teacher.submit({ problemId: program, language: 'python', source: solutions.python })
    await eventually(async () => {
      const { judge } = await teacher.ok('GET /api/languages')
      assert.equal(judge.state, 'waiting')
      assert.match(judge.reason ?? '', /\w{4}/)
      assert.ok(!(judge.reason ?? '').includes('\n'), `more than a line: ${judge.reason}`)
    }, 10_000)
    assert.equal((await teacher.ok('GET /api/submissions/:id', { params: { id: waiting } })).submission.status, 'queued')
    assert.equal((await teacher.call('GET /api/ready')).status, 200)

    const back = spawnSync('nsenter', ['--mount', '--target', String(arena.pid), 'umount', '/usr/bin/bwrap'], { encoding: 'utf8' })
    assert.equal(back.status, 0, back.stderr)
    assert.equal((await teacher.waitForVerdict(waiting, 60_000)).verdict, 'AC')
    assert.equal((await teacher.ok('GET /api/languages')).judge.state, 'ready')
  } finally {
    await arena.stop()
  }
})
