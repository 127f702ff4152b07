import assert from 'node:assert/strict'
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { bytes, mebibytes, ms, seconds } from '#kernel/units'
import { silentLog } from '#ports/log'
import { type Box, type Sandbox, SandboxFault } from '#ports/sandbox'
import { openNativeSandbox } from '../sandbox-native.ts'
import { cgroupMounts } from './cgroup.ts'
import { systemView } from './command.ts'
import { frameReader, type RunnerMessage, runFrame } from './frames.ts'
import type { Host } from './host.ts'
import { buildRunner } from './runner-program.ts'

const folder = mkdtempSync(join(tmpdir(), 'arena-runner-'))
after(() => rmSync(folder, { recursive: true, force: true }))
const skip =
  process.platform !== 'linux' || process.getuid?.() !== 0
    ? 'needs Linux and root'
    : !existsSync('/usr/bin/bwrap')
      ? 'bubblewrap is not installed'
      : !existsSync('/usr/bin/cc')
        ? 'there is no C compiler'
        : false
const limits = {
  cpu: seconds(2),
  wall: seconds(6),
  memory: mebibytes(64),
  processes: 8,
  output: bytes(1000),
  stderr: bytes(1000),
  files: mebibytes(1),
}
const request = {
  name: '1',
  argv: ['/bin/sh', '-c', 'echo out; echo err >&2; exit 3'],
  env: ['PATH=/usr/bin:/bin'],
  wallMs: 2000,
  stackBytes: 1 << 23,
  fileBytes: 1 << 20,
  cpuSeconds: 2,
  stdoutBytes: 1000,
  stderrBytes: 1000,
  keepFiles: false,
  hasStdin: false,
}
const random = seeded(20_261)
function seeded(seed: number) {
  let state = seed
  return (below: number) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}
const noise = (length: number) => Buffer.from(Array.from({ length }, () => random(256)))

describe('words that no runner of ours says', () => {
  it('are refused, wherever the stream is cut, and never believed', () => {
    for (let round = 0; round < 3000; round++) {
      const read = frameReader(() => undefined)
      const junk = noise(8 + random(60))
      if (random(2) === 0) junk.writeUIntLE(0, 5, 3)
      if (random(2) === 0) junk.writeUInt32LE(random(60), 0)
      try {
        for (let at = 0; at < junk.length; ) {
          const size = 1 + random(20)
          read(junk.subarray(at, at + size))
          at += size
        }
      } catch (error) {
        assert.ok(error instanceof SandboxFault && error.retry === 'now', String(error))
      }
    }
    assert.throws(() => frameReader(() => undefined)(Buffer.from('no frame at all')), SandboxFault)
  })
  it('arguments that no frame can carry are told to who asks', () => {
    assert.throws(() => runFrame({ ...request, argv: [] }), SandboxFault)
    assert.throws(() => runFrame({ ...request, argv: ['a\0b'] }), SandboxFault)
    assert.throws(() => runFrame({ ...request, argv: ['x'.repeat(300_000)] }), SandboxFault)
  })
  const fakes: Readonly<Record<string, string>> = {
    junk: 'head -c 4000 /dev/urandom; sleep 5',
    silence: 'exit 0',
    'another protocol': String.raw`printf '\001\000\000\000H\000\000\000\011'; sleep 5`,
    'a run that nobody asked for': String.raw`printf '\001\000\000\000H\000\000\000\001\001\000\000\000O\000\000\000x'; sleep 5`,
    'an end that does not exist': String.raw`printf '\001\000\000\000H\000\000\000\001'; head -c 20 >/dev/null; printf '\060\000\000\000D\000\000\000'; head -c 48 /dev/urandom; sleep 5`,
    'more output than it may': String.raw`printf '\001\000\000\000H\000\000\000\001'; head -c 20 >/dev/null; while :; do printf '\004\000\000\000O\000\000\000xxxx'; done`,
  }
  for (const [name, script] of Object.entries(fakes)) {
    it(`${name}: a fault, never a result`, { skip }, async () => {
      const fake = join(folder, 'fake')
      writeFileSync(fake, `#!/bin/sh\n${script}\n`)
      chmodSync(fake, 0o755)
      const started = performance.now()
      await assert.rejects(openNativeSandbox({ slots: 1, workRoot: join(folder, 'boxes'), log: silentLog, probes: {}, runner: fake }), SandboxFault)
      assert.ok(performance.now() - started < 5000, 'it is noticed at once')
      assert.deepEqual(readdirSync(join(folder, 'boxes')), [])
    })
  }
})

describe('the runner', { skip }, () => {
  const program = join(folder, 'runner')
  let fortified = false
  before(() => {
    const source = join(import.meta.dirname, '..', '..', '..', 'runner', 'runner.c')
    const build = (...flags: string[]) => execFileSync('/usr/bin/cc', ['-std=c11', '-O1', '-g', ...flags, '-o', program, source], { stdio: 'pipe' })
    try {
      build('-fsanitize=address,undefined', '-fno-sanitize-recover=all', '-static-libasan', '-static-libubsan')
      fortified = true
    } catch {
      build()
    }
  })
  /** In a box of its own, without control groups. Each input is sent when the run before has ended, or after `patience`; then the pipe is closed. */
  const talk = async (
    inputs: readonly Buffer[],
    { patience = 5000, group }: { patience?: number; group?: string } = {},
  ): Promise<{ code: number | null; messages: RunnerMessage[]; said: string }> => {
    const view = [
      ...systemView({ etcFolder: '/etc', toolchains: [] as Host['toolchains'] } as Host),
      '--proc',
      '/proc',
      '--dev',
      '/dev',
      '--tmpfs',
      '/build',
      '--tmpfs',
      '/box',
      '--tmpfs',
      '/tmp',
    ]
    const box = ['--perms', '0700', '--dir', '/runner', '--dir', '/runner/in', '--ro-bind', program, '/runner/runner']
    const privileges = ['SETUID', 'SETGID', 'SETPCAP', 'KILL'].flatMap((name) => ['--cap-add', `CAP_${name}`])
    const args = ['--unshare-pid', '--unshare-net', '--die-with-parent', '--as-pid-1', '--cap-drop', 'ALL', ...privileges, ...view, ...box]
    const groups = group === undefined ? { bound: [], named: [] } : { bound: ['--bind', group, '/runner/group-0'], named: ['/runner/group-0'] }
    const child = spawn('/usr/bin/bwrap', [...args, ...groups.bound, '/runner/runner', '60000', '60001', ...groups.named], {
      env: { PATH: '/usr/bin:/bin', ASAN_OPTIONS: 'detect_leaks=0:exitcode=99', UBSAN_OPTIONS: 'exitcode=99' },
    })
    const messages: RunnerMessage[] = []
    let said = ''
    child.stdout.on(
      'data',
      frameReader((message) => messages.push(message)),
    )
    child.stderr.on('data', (chunk: Buffer) => {
      said += chunk.toString()
    })
    child.stdin.on('error', () => undefined) // it may have left before it has read all
    const closed = once(child, 'close') as Promise<[number | null]>
    for (const input of inputs) {
      const before = messages.length
      child.stdin.write(input)
      const answered = async () => {
        const deadline = performance.now() + patience
        const isOver = () => messages.slice(before).some((message) => message.type === 'done' || message.type === 'fault')
        while (!isOver() && child.exitCode === null && performance.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 1))
      }
      await answered()
    }
    child.stdin.end()
    const [code] = await closed
    return { code, messages, said }
  }

  it('runs a program, tells how it ended, and leaves when nobody is there any more', async () => {
    const { code, messages, said } = await talk([runFrame(request)])
    assert.deepEqual([code, messages.map((message) => message.type)], [0, ['hello', 'stdout', 'stderr', 'done']], said)
    const done = messages.at(-1)
    assert.ok(done?.type === 'done' && done.exitCode === 3 && done.signal === undefined)
  })
  it('tells every signal from every exit code', async () => {
    const runs = [2, 9, 11, 13, 15].flatMap((n) => [`kill -${n} $$`, `exit ${128 + n}`])
    const { messages } = await talk(runs.map((script) => runFrame({ ...request, argv: ['/bin/sh', '-c', script] })))
    const ends = messages.flatMap((message) => (message.type === 'done' ? [message.signal ?? -(message.exitCode ?? 0)] : []))
    assert.deepEqual(ends, [2, -130, 9, -137, 11, -139, 13, -141, 15, -143])
  })
  it('whatever comes in, it goes on or leaves with a word, and never breaks', async () => {
    const valid = runFrame({ ...request, argv: ['/bin/true'] })
    for (let round = 0; round < 50; round++) {
      const frames = [0, 1, 2].map(() => {
        const frame = Buffer.from(valid)
        for (let flips = random(6); flips > 0; flips--) frame.writeUInt8(random(256), random(frame.length))
        return random(4) === 0 ? frame.subarray(0, random(frame.length)) : random(4) === 0 ? Buffer.concat([frame, noise(random(30))]) : frame
      })
      const inputs = round % 5 === 0 ? [noise(random(300))] : frames
      const { code, said } = await talk(inputs, { patience: 40 })
      assert.ok(code === 0 || code === 65, `${code} ${said} ${fortified} ${inputs.map((input) => input.toString('hex')).join(' ')}`)
      if (code === 65) assert.match(said, /^runner: |^$/)
    }
  })
  const unified = skip === false ? cgroupMounts(readFileSync('/proc/self/mountinfo', 'utf8')).find((mount) => mount.type === 'cgroup2')?.at : undefined
  it('starts programs in their control group of version 2', {
    skip: unified === undefined ? 'no control groups of version 2 are mounted' : false,
  }, async () => {
    const group = join(unified ?? '', `arena-runner-test-${process.pid}`)
    mkdirSync(join(group, '1'), { recursive: true })
    try {
      const { messages, said } = await talk([runFrame({ ...request, argv: ['/bin/cat', '/proc/self/cgroup'] })], { group })
      const told = messages.map((message) => (message.type === 'stdout' ? message.content.toString() : '')).join('')
      assert.match(told, new RegExp(`^0::.*/arena-runner-test-${process.pid}/1$`, 'm'), said)
      const missing = await talk([runFrame({ ...request, name: '2' })], { group })
      assert.ok(
        missing.messages.some((message) => message.type === 'fault'),
        'without its group no program is started',
      )
    } finally {
      rmdirSync(join(group, '1'))
      rmdirSync(group)
    }
  })
  it('refuses to work where it is not the first process: it would kill every other', () => {
    const { status } = spawnSyncQuiet(program)
    assert.equal(status, 64)
  })
})
function spawnSyncQuiet(program: string): { status: number } {
  try {
    execFileSync(program, ['60000', '60001'], { stdio: 'pipe' })
    return { status: 0 }
  } catch (error) {
    return { status: (error as { status: number }).status }
  }
}

describe('a runner that dies', { skip }, () => {
  let sandbox: Sandbox
  let box: Box
  before(async () => {
    sandbox = await openNativeSandbox({ slots: 1, workRoot: join(folder, 'dying'), log: silentLog, probes: {} })
    box = await sandbox.open()
  })
  after(() => sandbox.close())
  /** '' for a process that has ended meanwhile: others come and go while /proc is read. */
  const factOf = (pid: string, fact: 'cmdline' | 'status') => {
    try {
      return readFileSync(`/proc/${pid}/${fact}`, 'latin1')
    } catch {
      return ''
    }
  }
  const parentOf = (pid: string) => /^PPid:\s*(\d+)/m.exec(factOf(pid, 'status'))?.[1] ?? '0'
  const runners = () =>
    readdirSync('/proc').filter(
      (pid) => /^\d+$/.test(pid) && /^\/runner\/runner\0/.test(factOf(pid, 'cmdline')) && parentOf(parentOf(pid)) === String(process.pid),
    )

  it('was built, and is used', () => {
    assert.ok('path' in buildRunner(folder))
    assert.equal(runners().length, 1)
  })
  it('is a fault to be tried again at once, leaves no process, and the box can be used on', async () => {
    await box.put('data', Buffer.from('still there'))
    const running = box.run({ argv: ['/bin/sh', '-c', 'echo x > mine; exec sleep 983'], limits, keepFiles: false })
    const failed = assert.rejects(running, (error: unknown) => error instanceof SandboxFault && error.retry === 'now')
    const deadline = performance.now() + 3000
    const sleeping = () => execFileSync('/bin/sh', ['-c', 'pgrep -f "[s]leep 983$" || true'], { encoding: 'utf8' }).trim()
    while (sleeping() === '' && performance.now() < deadline) await new Promise((resolve) => setImmediate(resolve))
    for (const pid of runners()) process.kill(Number(pid), 'SIGKILL')
    await failed
    assert.equal(sleeping(), '')
    const next = await box.run({ argv: ['/bin/sh', '-c', 'ls; cat data'], limits, keepFiles: false })
    assert.equal(Buffer.from(next.stdout).toString(), 'data\nstill there', 'and nothing that the killed run wrote')
  })
  it('between two runs is at worst a fault of the next one, and then replaced', async () => {
    for (const pid of runners()) process.kill(Number(pid), 'SIGKILL')
    const runTrue = () => box.run({ argv: ['/bin/true'], limits: { ...limits, wall: ms(2000) }, keepFiles: false })
    const first = await runTrue().catch((error: unknown) => error)
    assert.ok(first instanceof SandboxFault ? first.retry === 'now' : (first as { exitCode: number }).exitCode === 0, String(first))
    assert.equal((await runTrue()).exitCode, 0)
  })
})
