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
import { eventually } from '#testkit/eventually'
import { cgroupMounts } from '../sandbox-native/cgroup.ts'
import { systemView } from '../sandbox-native/command.ts'
import { openNativeSandbox } from '../sandbox-native.ts'
import { buildRunner, runnerSources } from './build.ts'
import {
  frameReader,
  inputFrame,
  joinFrame,
  killFrame,
  listFrame,
  parseList,
  pieceFrame,
  putFrame,
  type RunDone,
  type RunnerMessage,
  type RunRequest,
  runFrame,
  setupFrame,
  takeFrame,
} from './protocol.ts'

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
const request: RunRequest = {
  argv: ['/bin/sh', '-c', 'echo out; echo err >&2; exit 3'],
  env: ['PATH=/usr/bin:/bin'],
  wallMs: 8000,
  cpuMs: 2000,
  memoryBytes: 1 << 26,
  stackBytes: 1 << 23,
  fileBytes: 1 << 20,
  stdoutBytes: 1000,
  stderrBytes: 1000,
  processes: 8,
  core: undefined,
  keepFiles: false,
  hasStdin: false,
}
const shell = (script: string, more: Partial<RunRequest> = {}) => runFrame({ ...request, argv: ['/bin/sh', '-c', script], ...more })
const setup = (groups?: readonly string[]) => setupFrame({ testUid: 50_000, buildUid: 50_001, filter: undefined, groups })
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
  const frame = (type: string, payload: Buffer) => {
    const header = Buffer.alloc(8)
    header.writeUInt32LE(payload.length)
    header.write(type, 4, 'latin1')
    return Buffer.concat([header, payload])
  }
  const inPieces = (content: Buffer, read: (chunk: Buffer) => void) => {
    for (let at = 0; at < content.length; ) {
      const size = 1 + random(20)
      read(content.subarray(at, at + size))
      at += size
    }
  }
  it('are refused, wherever the stream is cut, and never believed', () => {
    for (let round = 0; round < 3000; round++) {
      const junk = noise(8 + random(60))
      if (random(2) === 0) junk.writeUIntLE(0, 5, 3)
      if (random(2) === 0) junk.writeUInt32LE(random(60), 0)
      if (random(2) === 0) junk.write('HABOEDF'.charAt(random(7)), 4, 'latin1')
      try {
        inPieces(
          junk,
          frameReader(() => undefined),
        )
      } catch (error) {
        assert.ok(error instanceof SandboxFault && error.retry === 'now', String(error))
      }
    }
    assert.throws(() => frameReader(() => undefined)(Buffer.from('no frame at all')), SandboxFault)
  })
  it('what is a frame is read whole, wherever the stream is cut', () => {
    for (let round = 0; round < 300; round++) {
      const said = Array.from({ length: random(8) }, () => ({ type: 'OEBF'.charAt(random(4)), payload: noise(random(200)) }))
      const heard: RunnerMessage[] = []
      const read = frameReader((message) => heard.push(message.type === 'fault' ? message : structuredClone(message)))
      inPieces(Buffer.concat(said.map(({ type, payload }) => frame(type, payload))), read)
      const kinds = { O: 'stdout', E: 'stderr', B: 'bytes', F: 'fault' } as const
      assert.deepEqual(
        heard.map((message) => [message.type, 'content' in message ? Buffer.from(message.content).toString('hex') : '']),
        said.map(({ type, payload }) => [kinds[type as 'O'], type === 'F' ? '' : payload.toString('hex')]),
      )
    }
  })
  it('a list that breaks off is none', () => {
    assert.deepEqual(parseList(Buffer.from('\x05\0\0\0\0\0\0\0name\0')), [{ bytes: 5, name: 'name' }])
    for (let length = 1; length < 12; length++) assert.throws(() => parseList(Buffer.from('\x05\0\0\0\0\0\0\0name\0').subarray(0, length)), SandboxFault)
  })
  it('arguments that no frame can carry are told to who asks', () => {
    assert.throws(() => runFrame({ ...request, argv: [] }), SandboxFault)
    assert.throws(() => runFrame({ ...request, argv: ['a\0b'] }), SandboxFault)
    assert.throws(() => runFrame({ ...request, argv: ['x'.repeat(300_000)] }), SandboxFault)
  })
  /** In the words of `printf`: greets, hears that it is set up, hears of a run. */
  const hello = String.raw`printf '\001\000\000\000H\000\000\000\003'`
  const ok = String.raw`head -c 28 >/dev/null; printf '\004\000\000\000A\000\000\000\000\000\000\000'`
  const fakes: Readonly<Record<string, string>> = {
    junk: 'head -c 4000 /dev/urandom; sleep 5',
    silence: 'exit 0',
    'another protocol': String.raw`printf '\001\000\000\000H\000\000\000\011'; sleep 5`,
    'a run that nobody asked for': String.raw`${hello}; printf '\001\000\000\000O\000\000\000x'; sleep 5`,
    'an answer that means nothing': String.raw`${hello}; head -c 20 >/dev/null; printf '\004\000\000\000A\000\000\000\011\000\000\000'; sleep 5`,
    'a refusal': String.raw`${hello}; head -c 20 >/dev/null; printf '\006\000\000\000A\000\000\000\002\000\000\000no'; sleep 5`,
    'an end that does not exist': String.raw`${hello}; ${ok}; printf '\120\000\000\000D\000\000\000'; head -c 80 /dev/urandom; sleep 5`,
    'more output than it may': String.raw`${hello}; ${ok}; while :; do printf '\004\000\000\000O\000\000\000xxxx'; done`,
    'bytes instead of a run': String.raw`${hello}; ${ok}; printf '\004\000\000\000B\000\000\000xxxx'; sleep 5`,
  }
  for (const [name, script] of Object.entries(fakes)) {
    it(`${name}: a fault, never a result`, { skip }, async () => {
      const fake = join(folder, 'fake')
      writeFileSync(fake, `#!/bin/sh\n${script}\n`)
      chmodSync(fake, 0o755)
      await assert.rejects(openNativeSandbox({ slots: 1, workRoot: join(folder, 'boxes'), log: silentLog, probes: {}, runner: fake }), SandboxFault)
      assert.deepEqual(readdirSync(join(folder, 'boxes')), [])
    })
  }
})

describe('the runner', { skip }, () => {
  const program = join(folder, 'runner')
  let fortified = false
  before(() => {
    const build = (...flags: string[]) => execFileSync('/usr/bin/cc', ['-std=c11', '-O1', '-g', ...flags, '-o', program, ...runnerSources], { stdio: 'pipe' })
    try {
      build('-fsanitize=address,undefined', '-fno-sanitize-recover=all', '-static-libasan', '-static-libubsan')
      fortified = true
    } catch {
      build()
    }
  })
  /** In a box of its own, without control groups. Each input is sent when the one before was answered, or after `patience`; then the pipe is closed. */
  const talk = async (
    inputs: readonly Buffer[],
    { patience = 20_000, group }: { patience?: number; group?: string } = {},
  ): Promise<{ code: number | null; messages: RunnerMessage[]; said: string }> => {
    const scratch = (mode: string, path: string) => ['--perms', mode, '--tmpfs', path]
    const folders = [...scratch('1775', '/build'), ...scratch('1777', '/box'), ...scratch('1777', '/tmp')]
    const view = [...systemView({ etcFolder: '/etc', toolchains: [] }), '--proc', '/proc', '--dev', '/dev', ...folders]
    const box = ['--perms', '0700', '--dir', '/runner', '--ro-bind', program, '/runner/runner']
    const privileges = ['SETUID', 'SETGID', 'SETPCAP', 'KILL'].flatMap((name) => ['--cap-add', `CAP_${name}`])
    const args = ['--unshare-pid', '--unshare-net', '--die-with-parent', '--as-pid-1', '--cap-drop', 'ALL', ...privileges, ...view, ...box]
    const bound = group === undefined ? [] : ['--bind', group, '/runner/group-0']
    const child = spawn('/usr/bin/bwrap', [...args, ...bound, '/runner/runner'], {
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
      const deadline = performance.now() + patience
      const isOver = () => messages.slice(before).some((message) => ['done', 'fault', 'answer'].includes(message.type))
      while (!isOver() && child.exitCode === null && child.signalCode === null && performance.now() < deadline)
        await new Promise((resolve) => setTimeout(resolve, 1))
    }
    child.stdin.end()
    const [code] = await closed
    return { code, messages, said }
  }
  const endsOf = (messages: readonly RunnerMessage[]) => messages.filter((message): message is RunDone => message.type === 'done')
  const outputOf = (messages: readonly RunnerMessage[]) =>
    Buffer.concat(messages.flatMap((message) => (message.type === 'stdout' ? [message.content] : []))).toString()
  const bytesOf = (messages: readonly RunnerMessage[]) => Buffer.concat(messages.flatMap((message) => (message.type === 'bytes' ? [message.content] : [])))

  it('runs a program, tells how it ended, and leaves when nobody is there any more', async () => {
    const { code, messages, said } = await talk([setup(), runFrame(request)])
    assert.deepEqual([code, messages.map((message) => message.type)], [0, ['hello', 'answer', 'stdout', 'stderr', 'done']], said)
    const [done] = endsOf(messages)
    assert.ok(done?.exitCode === 3 && done.signal === undefined)
  })
  it('tells every signal from every exit code', async () => {
    const runs = [2, 9, 11, 13, 15].flatMap((n) => [`kill -${n} $$`, `exit ${128 + n}`])
    const { messages } = await talk([setup(), ...runs.map((script) => shell(script))])
    const ends = endsOf(messages).map((done) => done.signal ?? -(done.exitCode ?? 0))
    assert.deepEqual(ends, [2, -130, 9, -137, 11, -139, 13, -141, 15, -143])
  })
  it('keeps what is put, in one piece or many, lists and gives it back; an absent or too large one is told', async () => {
    const long = noise(150_000)
    const put = [putFrame('long', long.length, long.subarray(0, 65_536)), pieceFrame(long.subarray(65_536, 131_072)), pieceFrame(long.subarray(131_072))]
    const talks = [setup(), Buffer.concat(put), putFrame('empty', 0, Buffer.alloc(0)), listFrame, takeFrame('nothing', 10), takeFrame('long', 10)]
    const { messages, said } = await talk([...talks, takeFrame('long', 200_000), shell('cat long | wc -c; cat empty; echo x > long')])
    const answers = messages.flatMap((message) => (message.type === 'answer' ? [message.code] : []))
    assert.deepEqual(answers, ['ok', 'ok', 'ok', 'ok', 'absent', 'absent', 'ok'], said)
    const all = bytesOf(messages)
    const listed = parseList(all.subarray(0, all.length - long.length))
    assert.deepEqual([...listed].map((file) => `${file.name} ${file.bytes}`).sort(), ['empty 0', 'long 150000'])
    assert.ok(all.subarray(-long.length).equals(long))
    assert.equal(outputOf(messages).trim(), '150000')
  })
  it('gives each run the input from its beginning, and nobody can change it', async () => {
    const spoil = '{ /usr/bin/truncate -s 1 /dev/stdin; echo x > /dev/stdin; echo y >> /dev/stdin; ( : <> /dev/stdin ); } 2>/dev/null; cat'
    const input = Buffer.concat([inputFrame(), inputFrame(Buffer.from('one ')), inputFrame(Buffer.from('two'))])
    const run = (script: string) => shell(script, { hasStdin: true })
    const { messages, said } = await talk([setup(), Buffer.concat([input, run(spoil)]), run('cat'), Buffer.concat([inputFrame(), run('wc -c')])])
    assert.equal(outputOf(messages).replaceAll(/\s+/g, ''), `${'onetwo'.repeat(2)}0`, said)
  })
  it('kills when asked, at the wall, at the CPU limit, and at too much output, and tells which', async () => {
    const runs = [
      Buffer.concat([shell('sleep 20'), killFrame]),
      shell('sleep 20', { wallMs: 50 }),
      shell('while :; do :; done', { cpuMs: 50 }),
      shell('yes', { stdoutBytes: 10 }),
    ]
    const { messages, said } = await talk([setup(), ...runs])
    const told = endsOf(messages).map(({ stops }) => Object.entries(stops).flatMap(([reason, is]) => (is ? [reason] : [])))
    assert.deepEqual(told, [['asked'], ['wall'], ['cpu'], ['output']], said)
  })
  it('joins one run to the FIFOs it was told, and refuses what are none', async () => {
    const [reads, writes] = ['/tmp/joint-back', '/tmp/joint-there']
    const join = (kind: 'makes' | 'joins', paths = { reads, writes }) => joinFrame({ kind, ...paths })
    const joined = (script: string) => shell(script, { isJoined: true })
    const { messages, said, code } = await talk([setup(), join('makes'), joined('cat; echo over >&2; echo lost'), shell('echo as ever')])
    const ends = endsOf(messages).map(({ exitCode, signal, otherHadLeft }) => [exitCode, signal, otherHadLeft])
    // nobody joined: its stdin is at its end, and its first word breaks its pipe
    assert.deepEqual(
      [ends, outputOf(messages), code],
      [
        [
          [undefined, 13, false],
          [0, undefined, false],
        ],
        'as ever\n',
        0,
      ],
      said,
    )
    const refusals = [
      join('joins'),
      join('makes', { reads, writes: reads }),
      join('makes', { reads: '/usr/x', writes }),
      join('joins', { reads: '/etc/passwd', writes: '/etc/passwd' }),
    ]
    for (const refusal of refusals) {
      const answers = (await talk([setup(), refusal])).messages.flatMap((message) => (message.type === 'answer' ? [message.code] : []))
      assert.deepEqual(answers, ['ok', 'refused'])
      assert.equal((await talk([setup(), refusal, joined('true')])).code, 65, 'what is joined with nothing does not run')
    }
    for (const bad of [[joined('true')], [join('makes'), joined('true'), joined('true')], [join('makes'), shell('true', { isJoined: true, hasStdin: true })]])
      assert.equal((await talk([setup(), ...bad])).code, 65)
    const [unknownKind, tooLong] = [join('makes'), Buffer.concat([join('makes'), Buffer.from('x')])]
    unknownKind.writeUInt32LE(2, 8)
    tooLong.writeUInt32LE(tooLong.length - 8)
    for (const bad of [unknownKind, tooLong]) assert.equal((await talk([setup(), bad])).code, 65)
  })
  it('must be set up before anything else, once, with two users', async () => {
    assert.equal((await talk([runFrame(request)])).code, 65)
    assert.equal((await talk([setup(), setup()])).code, 65)
    for (const [testUid, buildUid] of [
      [0, 60_001],
      [60_000, 0],
      [60_000, 60_000],
    ] as const)
      assert.equal((await talk([setupFrame({ testUid, buildUid, filter: undefined, groups: undefined })])).code, 65)
    assert.equal((await talk([setupFrame({ testUid: 1, buildUid: 2, filter: Buffer.alloc(7), groups: undefined })])).code, 65)
  })
  it('names of files are plain, and no path', async () => {
    for (const name of ['', '.', '..', '../x', 'a/b', '.hidden', 'x'.repeat(101)])
      for (const frame of [takeFrame(name, 10), putFrame(name, 1, Buffer.from('x'))]) assert.equal((await talk([setup(), frame])).code, 65, name)
  })
  it('whatever comes in, it goes on or leaves with a word, and never breaks', async () => {
    const valid = [
      runFrame({ ...request, argv: ['/bin/true'] }),
      runFrame({ ...request, argv: ['/bin/true'], hasStdin: true }),
      putFrame('file', 5, Buffer.from('hello')),
      putFrame('file', 9, Buffer.from('hello')),
      pieceFrame(Buffer.from('more')),
      takeFrame('file', 100),
      listFrame,
      killFrame,
      inputFrame(),
      inputFrame(Buffer.from('input')),
      joinFrame({ kind: 'makes', reads: '/tmp/a', writes: '/tmp/b' }),
      joinFrame({ kind: 'joins', reads: '/tmp/a', writes: '/tmp/b' }),
      runFrame({ ...request, argv: ['/bin/true'], isJoined: true }),
      setup(['/runner/group-0']),
    ]
    for (let round = 0; round < 70; round++) {
      const frames = Array.from({ length: 4 }, () => {
        const frame = Buffer.from(valid[random(valid.length)] ?? '')
        for (let flips = Math.max(0, random(8) - 3); flips > 0; flips--) frame.writeUInt8(random(256), random(frame.length))
        return random(6) === 0 ? frame.subarray(0, random(frame.length)) : random(6) === 0 ? Buffer.concat([frame, noise(random(30))]) : frame
      })
      const inputs = round % 7 === 0 ? [noise(random(300))] : [...(round % 5 === 0 ? [] : [setup()]), ...frames]
      const { code, messages, said } = await talk(inputs, { patience: 30 })
      const faulted = messages.some((message) => message.type === 'fault') || said.startsWith('runner: ')
      assert.ok(code === 0 || code === 65 || (code === 71 && faulted), `${code} ${said} ${fortified} ${inputs.map((input) => input.toString('hex')).join(' ')}`)
    }
  })
  const unified = skip === false ? cgroupMounts(readFileSync('/proc/self/mountinfo', 'utf8')).find((mount) => mount.type === 'cgroup2')?.at : undefined
  it('starts programs in a control group of version 2, or not at all', {
    skip: unified === undefined ? 'no control groups of version 2 are mounted' : false,
  }, async () => {
    const group = join(unified ?? '', `arena-runner-test-${process.pid}`)
    mkdirSync(group)
    try {
      // Without the controllers that bound memory and processes no run may begin; where they are, the program finds itself in its group.
      const bounded = ['memory', 'pids'].every((name) => readFileSync(join(unified ?? '', 'cgroup.subtree_control'), 'utf8').includes(name))
      if (bounded) writeFileSync(join(group, 'cgroup.subtree_control'), '+memory +pids')
      const { messages, said } = await talk([setup(['/runner/group-0']), shell('cat /proc/self/cgroup')], { group })
      if (bounded) assert.match(outputOf(messages), new RegExp(`^0::.*/arena-runner-test-${process.pid}/\\d+$`, 'm'), said)
      else assert.ok(messages.at(-1)?.type === 'fault' && endsOf(messages).length === 0, 'without its bounds no program is started')
      assert.deepEqual(
        readdirSync(group, { withFileTypes: true }).filter((entry) => entry.isDirectory()),
        [],
        'and no group is left',
      )
    } finally {
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
    execFileSync(program, { stdio: 'pipe' })
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
      (pid) => /^\d+$/.test(pid) && /^\/runner\/runner\0/.test(factOf(pid, 'cmdline')) && parentOf(parentOf(pid)) === String(process.pid), // runner, spawner
    )

  it('was built, and is used', async () => {
    assert.ok('path' in buildRunner(folder))
    await eventually(() => assert.equal(runners().length, 1))
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
