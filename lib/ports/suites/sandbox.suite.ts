import assert from 'node:assert/strict'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { bytes, mebibytes, ms, seconds } from '#kernel/units'
import type { Box, RunLimits, RunResult, RunSpec, Sandbox } from '#ports/sandbox'
import { eventually } from '#testkit/eventually'

const limits: RunLimits = {
  cpu: seconds(2),
  wall: seconds(6),
  memory: mebibytes(128),
  processes: 32,
  output: bytes(1_000_000),
  stderr: bytes(10_000),
  files: mebibytes(16),
}
const text = (content: Uint8Array | undefined) => Buffer.from(content ?? []).toString()

export type SandboxUnderTest = {
  /** Two slots, with Python 3 among the toolchains. */
  readonly open: () => Promise<Sandbox>
  /** What a closed box (then: a closed sandbox) has left on the host: folders, control groups, containers. */
  readonly leftovers: (of: 'box' | 'sandbox') => readonly string[]
  /** Of the paths that usually tell of the host, those that a box has of its own, with nothing of the host in them. */
  readonly ownPaths?: readonly string[]
  /** Why it cannot be tried here. */
  readonly skip?: string | false
}

/** Of this process: other sandboxes of this machine may be tested at the same moment. */
const marker = `arena-suite-marker-${process.pid}-`
/** Processes of the host whose command line carries the suite's marker. */
const markedProcesses = () =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .filter((pid) => existsSync(`/proc/${pid}/cmdline`) && commandLine(pid).includes(marker))
function commandLine(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'latin1')
  } catch {
    return '' // it ended while we looked
  }
}

export const sandboxSuite = (name: string, { open, leftovers, ownPaths = [], skip = false }: SandboxUnderTest) =>
  describe(`${name} keeps the Sandbox promise`, { skip }, () => {
    let sandbox: Sandbox
    let box: Box
    before(async () => {
      sandbox = await open()
      box = await sandbox.open()
    })
    after(async () => {
      await box.close()
      await sandbox.close()
      assert.deepEqual(leftovers('sandbox'), [], 'a closed sandbox leaves nothing behind')
      assert.deepEqual(markedProcesses(), [], 'no process of any run is left')
    })
    type Tighter = Partial<Omit<RunSpec, 'limits'>> & { limits?: Partial<RunLimits> }
    const run = (argv: readonly string[], { limits: tighter, ...rest }: Tighter = {}): Promise<RunResult> =>
      box.run({ argv, keepFiles: false, ...rest, limits: { ...limits, ...tighter } })
    const python = (program: string, options?: Tighter) => run(['/usr/bin/python3', '-I', '-S', '-B', '-c', program, marker], options)
    const shell = (script: string, options?: Tighter) => run(['/bin/sh', '-c', script], options)

    describe('what a run tells', () => {
      it('output, errors and exit code come back as they were', async () => {
        const result = await shell('echo out; echo err >&2; exit 3')
        assert.deepEqual([result.outcome, result.exitCode, text(result.stdout), text(result.stderr)], ['exited', 3, 'out\n', 'err\n'])
      })
      it('a death by signal is told from an exit code that looks like one', async () => {
        const killed = await python('import os; os.kill(os.getpid(), 11)')
        assert.deepEqual([killed.outcome, killed.signal, killed.exitCode], ['signalled', 11, undefined])
        assert.equal(text(killed.stderr), '', 'nothing is added to the program’s own stderr')
        const exited = await shell('exit 139')
        assert.deepEqual([exited.outcome, exited.exitCode, exited.signal], ['exited', 139, undefined])
      })
      it('10 MB of stdin arrive whole, from memory and from a file, and /dev/stdin can be opened', async () => {
        const input = Buffer.alloc(10_000_000, 'abcdefghij\n')
        const folder = mkdtempSync(join(tmpdir(), 'arena-stdin-'))
        writeFileSync(join(folder, 'input'), input, { mode: 0o644 })
        const count = 'import sys; data = open("/dev/stdin", "rb").read(); print(len(data), data.count(b"j"))'
        const want = `10000000 ${input.filter((byte) => byte === 0x6a).length}\n`
        assert.equal(text((await python(count, { stdin: input })).stdout), want)
        assert.equal(text((await python(count, { stdin: { file: join(folder, 'input') } })).stdout), want)
        rmSync(folder, { recursive: true })
      })
      it('without stdin there is nothing to read', async () => assert.equal(text((await shell('wc -c')).stdout).trim(), '0'))
      it('a program that closes its stdout and goes on is waited for', async () => {
        const result = await python('import os, sys; os.close(1); os.close(2); sum(range(100000)); os._exit(4)')
        assert.deepEqual([result.outcome, result.exitCode], ['exited', 4])
      })
      it('the environment is bare but for what the run was given', async () => {
        const result = await shell('env', { env: { ASKED: 'yes' } })
        const names = text(result.stdout)
          .trim()
          .split('\n')
          .map((line) => line.split('=')[0])
        assert.deepEqual(names.filter((name) => !['PWD', '_', 'SHLVL', 'OLDPWD'].includes(name ?? '')).sort(), ['ASKED', 'HOME', 'LANG', 'PATH'])
      })
    })

    describe('limits', () => {
      it('CPU spent by one loop is bounded', async () => {
        const result = await python('while True: pass', { limits: { cpu: ms(200) } })
        assert.equal(result.outcome, 'cpuExceeded')
        assert.ok(result.cpu >= 200 && result.cpu < 700, `${result.cpu} ms`)
      })
      it('CPU of threads and forked children counts, reaped or not', async () => {
        const forks = 'import os, time\nfor i in range(4):\n  if os.fork() == 0:\n    while True: pass\ntime.sleep(30)'
        const result = await python(forks, { limits: { cpu: ms(400) } })
        assert.equal(result.outcome, 'cpuExceeded')
        const gone =
          'import os, time\nfor i in range(3):\n  p = os.fork()\n  if p == 0:\n    t = time.process_time()\n    while time.process_time() - t < 0.15: pass\n    os._exit(0)\n  os.waitpid(p, 0)'
        const reaped = await python(gone)
        assert.ok(reaped.outcome === 'exited' && reaped.cpu >= 440, `${reaped.outcome} ${reaped.cpu} ms`)
      })
      it('what it takes to remove what a run left is not the run’s', async () => {
        const litter =
          'import os, time\nfor i in range(1300):\n  os.mkdir(f"d{i}")\n  for j in "ab": open(f"d{i}/{j}", "w").close()\nprint(time.process_time())'
        const result = await python(litter)
        const reported = Number(text(result.stdout)) * 1000
        assert.ok(result.outcome === 'exited' && result.cpu >= reported - 20, `${result.outcome}: ${result.cpu} ms, of which it knows ${reported}`)
        assert.ok(result.cpu - reported < 25, `${result.cpu} ms, of which it knows ${reported}`)
      })
      it('a sleeper is stopped by the wall clock, having used next to no CPU', async () => {
        const result = await shell('sleep 30', { limits: { wall: ms(300) } })
        assert.equal(result.outcome, 'wallExceeded')
        assert.ok(result.cpu < 100 && result.wall >= 290 && result.wall < 2000)
      })
      it('a memory eater is memoryExceeded, also when its children eat', async () => {
        assert.equal((await python('x = []\nwhile True: x.append(bytearray(1 << 20))')).outcome, 'memoryExceeded')
        const children = 'import os\nfor i in range(8):\n  if os.fork() == 0:\n    x = bytearray(40 << 20); import time; time.sleep(20)\nos.wait()'
        assert.equal((await python(children)).outcome, 'memoryExceeded')
      })
      it('memory is the peak of this run, not of an earlier one', async () => {
        const big = await python('x = bytearray(80 << 20)')
        const small = await shell('true')
        assert.ok(big.memory > 80 << 20 && big.memory < 110 << 20, `${big.memory}`)
        assert.ok(small.memory < 8 << 20, `${small.memory}`)
      })
      it('deep recursion has the whole memory for its stack', async () => {
        const result = await shell('ulimit -s')
        assert.ok(Number(text(result.stdout)) >= limits.memory / 1024, text(result.stdout))
      })
      it('a flood of output is cut while it streams', async () => {
        const result = await shell('while :; do echo xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx; done', { limits: { output: bytes(50_000) } })
        assert.deepEqual([result.outcome, result.stdout.length], ['outputExceeded', 50_000])
        const exactly = await shell('head -c 50000 /dev/zero', { limits: { output: bytes(50_000) } })
        assert.deepEqual([exactly.outcome, exactly.stdout.length], ['exited', 50_000])
      })
      it('a flood of errors is cut and not punished', async () => {
        const result = await shell('head -c 5000000 /dev/zero >&2; echo fine')
        assert.deepEqual([result.outcome, text(result.stdout), result.stderr.length], ['exited', 'fine\n', limits.stderr])
      })
      it('a fork bomb is bounded, and gone afterwards', async () => {
        const result = await python('import os\nwhile True:\n  try: os.fork()\n  except OSError: pass', { limits: { wall: ms(1000), cpu: ms(500) } })
        assert.ok(['cpuExceeded', 'wallExceeded', 'memoryExceeded'].includes(result.outcome), result.outcome)
        assert.deepEqual(markedProcesses(), [])
        assert.equal((await shell('exit 0')).outcome, 'exited')
      })
      it('a huge file cannot be written, sparse or not', async () => {
        const sparse = await python('f = open("big", "wb"); f.truncate(1 << 40)')
        assert.notEqual(sparse.exitCode, 0)
        const real = await python('f = open("/tmp/big", "wb")\nwhile True: f.write(b"x" * (1 << 20))')
        assert.notEqual(real.exitCode, 0)
      })
    })

    describe('measures exactly', () => {
      const roomy = { cpu: seconds(20), wall: seconds(60), memory: mebibytes(512), processes: 32 }
      const within = (tolerance: number, [measured, true_]: readonly [number, number], what: string) =>
        assert.ok(Math.abs(measured - true_) <= tolerance, `${what}: ${measured} measured, ${true_} true`)
      const MiB = 1024 ** 2
      const memoryOf = async (program: string, options?: Tighter) => {
        const result = await python(program, { limits: roomy, ...options })
        assert.equal(result.outcome, 'exited', text(result.stderr))
        return result.memory
      }

      it('the memory of a process that touches it, within 5 % or 2 MiB', async () => {
        const base = await memoryOf('pass')
        assert.ok(base < 32 * MiB, `an interpreter that does nothing: ${base}`)
        for (const touched of [1, 10, 50, 100, 300]) {
          const told = await memoryOf(`x = bytearray(${touched} << 20)\nfor i in range(0, len(x), 4096): x[i] = 1`)
          within(Math.max(touched * 0.05, 2) * MiB, [told - base, touched * MiB], `${touched} MiB`)
        }
      })
      it('the memory of a family, by what its members hold at once', async () => {
        const base = await memoryOf('pass')
        const family = [
          'import os, time',
          'ready, there = os.pipe(); go, start = os.pipe()',
          'for i in range(4):',
          '  if os.fork() == 0:',
          '    x = bytearray(20 << 20)',
          '    os.write(there, b"x"); os.close(start); os.read(go, 1); os._exit(0)',
          'for i in range(4): os.read(ready, 1)',
          'time.sleep(0.2); os.close(start)',
          'for i in range(4): os.wait()',
        ]
        const told = await memoryOf(family.join('\n'))
        assert.ok(told > 80 * MiB && told < 80 * MiB + 2 * base, `four times 20 MiB: ${told / MiB} MiB`)
      })
      it('the page cache is nobody’s memory', async () => {
        const folder = mkdtempSync(join(tmpdir(), 'arena-cache-'))
        writeFileSync(join(folder, 'input'), Buffer.alloc(64 * MiB, 'x'), { mode: 0o644 })
        const read = 'import os\nn = 0\nwhile True:\n  got = len(os.read(0, 1 << 16))\n  n += got\n  if got == 0: break\nassert n == 64 << 20'
        const told = await memoryOf(read, { stdin: { file: join(folder, 'input') } })
        within(2 * MiB, [told, await memoryOf('pass')], 'reading 64 MiB')
        rmSync(folder, { recursive: true })
      })
      // What a process reports of itself does not hold its own end, and what starts it is not in there: both are a few milliseconds at most.
      const burn = 'import os, sys, threading, time\ndef burn(clock, share):\n  while clock() < share: sum(range(2000))\nall = 0.4\n'
      const programs: Readonly<Record<string, (count: number) => string>> = {
        threads: (count) =>
          `${burn}ts = [threading.Thread(target=burn, args=(time.thread_time, all / ${count})) for i in range(${count})]\nfor t in ts: t.start()\nfor t in ts: t.join()\nprint(time.process_time() * 1000, flush=True); os._exit(0)`,
        'processes that are waited for': (count) => processes(count, 'for i in range(n): os.wait()'),
        'processes that nobody waits for': (count) => processes(count, ''),
      }
      const processes = (count: number, after: string) =>
        `${burn}n = ${count}\nr, w = os.pipe()\nfor i in range(n):\n  if os.fork() == 0:\n    burn(time.process_time, all / n)\n    os.write(w, b"%f\\n" % (time.process_time() * 1000)); os._exit(0)\nos.close(w)\ntold = sum(map(float, open(r).read().split()))\n${after}\nprint(told + time.process_time() * 1000, flush=True); os._exit(0)`
      for (const [name, program] of Object.entries(programs)) {
        it(`the CPU of ${name}, within 3 % or 5 ms of what they report themselves`, async () => {
          for (const count of [1, 3, 8]) {
            const result = await python(program(count), { limits: roomy })
            assert.equal(result.outcome, 'exited', text(result.stderr))
            const reported = Number(text(result.stdout))
            within(Math.max(reported * 0.03, 5), [result.cpu, reported], `${count} ${name}`)
          }
        })
      }
    })

    describe('hostile programs gain nothing', () => {
      const fails = async (program: string, message: string) => {
        const result = await python(`try:\n  ${program.replaceAll('\n', '\n  ')}\n  print("GAINED")\nexcept Exception as e: print("refused", type(e).__name__)`)
        assert.match(text(result.stdout), /^refused/, `${message}: ${text(result.stdout)}${text(result.stderr)} ${result.outcome}`)
      }
      it('the host’s secrets and folders cannot be read', async () => {
        for (const path of [
          '/etc/shadow',
          '/etc/hostname',
          '/root',
          '/home',
          '/work',
          '/run',
          '/sys',
          '/var',
          process.cwd(),
          tmpdir() === '/tmp' ? '/srv' : tmpdir(),
        ].filter((each) => !ownPaths.includes(each))) {
          await fails(`import os\nos.listdir("${path}") if not "${path}".startswith("/etc/") else open("${path}").read()`, path)
        }
        await fails('open("/proc/1/environ").read()', 'the environment of process 1')
        await fails('open("/proc/1/mem", "rb").read(1)', 'the memory of process 1')
        await fails('open("/proc/sys/kernel/core_pattern", "w")', 'settings of the kernel')
        await fails('open("/dev/mem")', 'devices')
      })
      it('there is no network, not even a socket', async () => {
        const server = createServer((socket) => socket.end('hello'))
        await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
        const { port } = server.address() as { port: number }
        const code = (family: string) => `import _socket\ns = _socket.socket(_socket.${family}, _socket.SOCK_STREAM)\ns.connect(("127.0.0.1", ${port}))`
        await fails(code('AF_INET'), 'IPv4')
        await fails(code('AF_INET6').replace('"127.0.0.1"', '"::1"'), 'IPv6')
        await fails('import _socket\n_socket.socket(16, 3)', 'netlink')
        await new Promise((resolve) => server.close(resolve))
      })
      it('nothing of the host can be signalled', async () => {
        await fails(`import os\nos.kill(${process.pid}, 0)`, 'the worker')
        const all = await python('import os, signal\ntry: os.kill(-1, 9)\nexcept OSError: pass\nprint("alive")')
        assert.ok(['exited', 'signalled'].includes(all.outcome), all.outcome)
        await fails('import os\nos.kill(1, 9)', 'process 1 of its box')
      })
      it('nothing outside the box can be written', async () => {
        for (const path of ['/x', '/usr/x', '/usr/bin/sh', '/etc/passwd', '/dev/x', '/proc/x', '/lib/x']) await fails(`open("${path}", "w")`, path)
      })
      it('the kernel’s sharp calls are refused', async () => {
        const call = (number: number, ...args: number[]) =>
          `import ctypes\nr = ctypes.CDLL(None, use_errno=True).syscall(${[number, ...args].join(', ')})\nif r < 0: raise OSError(ctypes.get_errno())`
        if (process.arch !== 'x64') return
        const calls = {
          unshareUser: [272, 0x10000000],
          ptrace: [101, 0],
          mount: [165, 0, 0, 0, 0, 0],
          bpf: [321, 0],
          keyctl: [250, 0, -3, 1],
          ioUring: [425, 1, 0],
          shmget: [29, 0, 4096, 0o1600],
          mqOpen: [240, 0],
          affinity: [203, 0, 0, 0],
          cloneUser: [56, 0x10000011, 0, 0, 0, 0],
          perf: [298, 0],
        }
        for (const [name, [number = 0, ...args]] of Object.entries(calls)) await fails(call(number, ...args), name)
      })
      it('a call through the 32-bit interface is a forbidden system call', { skip: process.arch === 'x64' ? false : 'x86-64 only' }, async () => {
        // mov eax, 20 (getpid); int 0x80; ret
        const program =
          'import ctypes, mmap\nm = mmap.mmap(-1, 4096, prot=7)\nm.write(bytes([0xb8, 20, 0, 0, 0, 0xcd, 0x80, 0xc3]))\nctypes.CFUNCTYPE(ctypes.c_int)(ctypes.addressof(ctypes.c_char.from_buffer(m)))()'
        const result = await python(program)
        assert.deepEqual([result.outcome, result.signal], ['forbiddenSyscall', 31])
      })
      it('a child that left its session is killed with the run', async () => {
        const result = await python('import os, time\nif os.fork() == 0:\n  os.setsid()\n  if os.fork() == 0: time.sleep(60)\n  os._exit(0)\nprint("done")')
        assert.deepEqual([result.outcome, text(result.stdout)], ['exited', 'done\n'])
        assert.deepEqual(markedProcesses(), [])
      })
      it('a file or shared memory of one test is not there in the next', async () => {
        const wrote = await shell('echo a > mine; echo b > /tmp/mine; echo c > /dev/shm/mine; ls')
        assert.equal(text(wrote.stdout), 'mine\n')
        const looked = await shell('ls -A /box /tmp /dev/shm | grep mine; true')
        assert.equal(text(looked.stdout), '')
      })
    })

    describe('a test leaves nothing for the next', () => {
      it('folders that nobody may enter, deep ones, and full ones are gone', async () => {
        const leave = [
          'import os',
          'for base in ("./x", "/tmp/y", "/dev/shm/z"):',
          '  os.makedirs(base + "/locked/inner"); open(base + "/locked/inner/file", "w").close(); os.symlink("/usr", base + "/locked/usr")',
          '  os.mkfifo(base + "fifo", 0); os.chmod(base + "/locked/inner", 0); os.chmod(base + "/locked", 0); os.chmod(base, 0)',
          'for depth in range(300):',
          '  os.mkdir("d"); os.chdir("d")',
          'os.chmod(".", 0)',
        ]
        assert.equal((await python(leave.join('\n'))).exitCode, 0)
        assert.equal(text((await shell('ls -A /tmp /dev/shm . | grep -E "^[xyzd]"; true')).stdout), '')
      })
      it('a file system full of files is empty again', async () => {
        const flood = 'import os\nn = 0\ntry:\n  while n < 20000: open(f"f{n}", "w").close(); n += 1\nexcept OSError: pass\nprint(n)'
        await python(flood, { limits: { cpu: seconds(4) } })
        assert.equal(text((await shell('echo x > one && cat one')).stdout), 'x\n')
      })
      it('what a test changed in the compiled program is not seen by the next', async () => {
        const other = await sandbox.open()
        const inOther = (script: string, keepFiles = false) => other.run({ argv: ['/bin/sh', '-c', script], limits, keepFiles })
        await inOther('umask 0; mkdir -m 777 open; printf "echo built" > main; chmod 777 main; echo a > open/data', true)
        const tries = [
          'echo "echo changed" > main',
          'rm -f main',
          'mv main gone',
          'ln -sf /bin/false main',
          'chmod 0 main',
          'echo b > open/data',
          'echo b > open/new',
          'rm -rf open',
        ]
        for (const each of tries) await inOther(`${each} 2>/dev/null; cp /bin/false main; true`)
        const after = await inOther('sh ./main; cat open/data; ls open')
        assert.equal(text(after.stdout), 'built\na\ndata\n')
        assert.match(text(await other.take('main', bytes(100))), /built/)
        await other.close()
      })
    })

    describe('whoever starts the program', () => {
      it('cannot be stopped, killed or traced by it', async () => {
        const result = await python(
          'import os\nfor pid in (os.getppid(), 1):\n  for signal in (19, 9, 15):\n    try: os.kill(pid, signal); print("sent")\n    except OSError: pass',
        )
        assert.deepEqual([result.outcome, text(result.stdout)], ['exited', ''])
      })
      it('gives it descriptors 0, 1 and 2, and none of its own can be opened, read or written', async () => {
        const look = [
          'import os',
          'print(sorted(int(fd) for fd in os.listdir("/proc/self/fd") if os.path.exists("/proc/self/fd/" + fd) and os.readlink("/proc/self/fd/" + fd) != "/dev/null"))',
          'for pid in filter(str.isdigit, os.listdir("/proc")):',
          '  if int(pid) == os.getpid(): continue',
          '  for name in ["fd", "mem", "environ", "maps", "cwd", "root"] + [f"fd/{n}" for n in range(10)]:',
          '    for flags in (os.O_RDONLY, os.O_WRONLY):',
          '      try: os.open(f"/proc/{pid}/{name}", flags | os.O_NONBLOCK); print("opened", pid, name)',
          '      except OSError: pass',
          'for path in ("/runner", "/runner/in", "/runner/runner", "/runner/group-0"):',
          '  try: os.listdir(path); print("entered", path)',
          '  except OSError: pass',
        ]
        const result = await python(look.join('\n'), { stdin: Buffer.from('x') })
        assert.equal(text(result.stdout), '[0, 1, 2]\n', text(result.stderr))
      })
      it('passes on output written byte by byte, and by many', async () => {
        const result = await python(
          'import os\nfor i in range(30000): os.write(1, b"x")\nfor i in range(4):\n  if os.fork() == 0: os.write(1, b"y" * 1000); os._exit(0)\nfor i in range(4): os.wait()',
        )
        assert.deepEqual([result.outcome, result.stdout.length], ['exited', 34_000])
      })
      it('lets it open /dev/stdout and /dev/stderr', async () => {
        const result = await shell('echo a > /dev/stdout; echo b > /dev/stderr')
        assert.deepEqual([text(result.stdout), text(result.stderr)], ['a\n', 'b\n'])
      })
      it('tells of a program that is not there by an exit code, and of one that is no program', async () => {
        assert.deepEqual([(await run(['./nothing'])).outcome, (await run(['./nothing'])).exitCode], ['exited', 127])
        assert.equal((await run(['/etc'])).exitCode, 126)
      })
    })

    describe('the box', () => {
      it('what was put can be read and run, and not changed, by tests and by compilers', async () => {
        await box.put('data.txt', Buffer.from('put'))
        assert.equal(text((await shell('cat data.txt')).stdout), 'put')
        for (const keepFiles of [false, true]) await shell('echo changed > data.txt; rm -f data.txt; mv data.txt other', { keepFiles })
        assert.equal(text(await box.take('data.txt', bytes(10))), 'put')
      })
      it('what a compiler leaves stays for the tests and can be taken', async () => {
        await shell('printf "#!/bin/sh\\necho built" > program; chmod +x program', { keepFiles: true })
        assert.equal(text((await run(['./program'])).stdout), 'built\n')
        assert.match(text(await box.take('program', bytes(100))), /built/)
        assert.equal(await box.take('program', bytes(5)), undefined, 'over the limit')
        assert.equal(await box.take('nothing', bytes(5)), undefined, 'absent')
      })
      it('lists what was left, however much it is and however long its names', async () => {
        const other = await sandbox.open()
        try {
          const made = await other.run({
            argv: ['/usr/bin/python3', '-c', 'for i in range(2500): open("n" * 250 + str(i).zfill(5), "w").close()'],
            limits: { ...limits, cpu: seconds(10), wall: seconds(30) },
            keepFiles: true,
          })
          assert.deepEqual([made.outcome, made.exitCode], ['exited', 0], text(made.stderr))
          assert.equal((await other.list()).length, 2500)
        } finally {
          await other.close()
        }
      })
      it('a planted link, FIFO, folder or device is never followed, neither for taking nor for putting nor by the next run', async () => {
        await shell('ln -s /etc/shadow link; ln -s /root dirlink; mkfifo fifo; mkdir folder; ln -s /etc/passwd target', { keepFiles: true })
        for (const planted of ['link', 'dirlink', 'fifo', 'folder']) assert.equal(await box.take(planted, bytes(1e6)), undefined, planted)
        const before = readFileSync('/etc/passwd')
        await box.put('target', Buffer.from('mine'))
        assert.deepEqual(readFileSync('/etc/passwd'), before)
        assert.equal(text((await shell('cat target; cat link dirlink/* 2>&1 | grep root; true')).stdout), 'mine')
        await assert.rejects(box.take('../out', bytes(10)))
        await assert.rejects(box.put('a/b', Buffer.from('')))
      })
      it('two boxes at once do not see each other', async () => {
        const other = await sandbox.open()
        await other.put('secret', Buffer.from('x'))
        const looked = await shell('ls; find /box /tmp /dev /proc/1/root -name secret 2>/dev/null', { keepFiles: true })
        assert.doesNotMatch(text(looked.stdout), /secret/)
        await other.close()
      })
      it('an abort kills the run and is told, and the box can be used on', async () => {
        const stop = new AbortController()
        const running = assert.rejects(python('while True: pass', { signal: stop.signal }), /enough/)
        setTimeout(() => stop.abort(new Error('enough')), 100)
        await running
        assert.deepEqual(markedProcesses(), [])
        assert.equal((await shell('exit 0')).outcome, 'exited')
      })
      it('closing a box in the middle of a run kills it, empties it and gives the slot back', async () => {
        const other = await sandbox.open()
        await other.put('file', Buffer.from('x'))
        const running = assert.rejects(other.run({ argv: ['/bin/sleep', '30'], limits, keepFiles: false }))
        await other.close()
        await running
        await other.close()
        await assert.rejects(other.run({ argv: ['/bin/true'], limits, keepFiles: false }))
        const next = await sandbox.open()
        assert.equal(await next.take('file', bytes(10)), undefined)
        await next.close()
        await eventually(() => assert.deepEqual(leftovers('box'), []))
      })
      it('opening waits for a free slot, and an abort ends the wait', async () => {
        const second = await sandbox.open()
        await assert.rejects(sandbox.open({ signal: AbortSignal.timeout(30) }))
        const third = sandbox.open()
        await second.close()
        await (await third).close()
      })
    })
  })
