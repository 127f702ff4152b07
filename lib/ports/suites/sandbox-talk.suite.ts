import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { bytes, mebibytes, ms, seconds } from '#kernel/units'
import type { Pair, RunLimits, Sandbox, Talk, TalkerSpec, TalkSpec } from '#ports/sandbox'
import { eventually } from '#testkit/eventually'

const limits: RunLimits = {
  cpu: seconds(5),
  wall: seconds(20),
  memory: mebibytes(128),
  processes: 8,
  output: bytes(0),
  stderr: bytes(10_000),
  files: mebibytes(1),
}
const text = (content: Uint8Array | undefined) => Buffer.from(content ?? []).toString()
type Tighter = Partial<Pick<TalkerSpec, 'keepFiles'>> & { readonly limits?: Partial<RunLimits> }
const python = (program: string, { limits: tighter, ...more }: Tighter = {}): TalkerSpec => ({
  argv: ['/usr/bin/python3', '-I', '-S', '-B', '-c', `import os, sys, time\n${program}`],
  keepFiles: false,
  ...more,
  limits: { ...limits, ...tighter },
})

export type TalkingSandbox = {
  /** Two slots, with Python 3. */
  readonly open: () => Promise<Sandbox>
  /** What a closed box (then: a closed sandbox) has left: containers, volumes, groups, files. */
  readonly leftovers: (of: 'box' | 'sandbox') => readonly string[]
  readonly skip?: string | false
}

/** What `Sandbox.openPair` promises. */
export const talkSuite = (name: string, { open, leftovers, skip = false }: TalkingSandbox) =>
  describe(`${name} keeps the promise of pairs`, { skip }, () => {
    let sandbox: Sandbox
    let pair: Pair
    before(async () => {
      sandbox = await open()
      pair = await openPair()
    })
    after(async () => {
      await pair.close()
      await sandbox.close()
      assert.deepEqual(leftovers('sandbox'), [], 'a closed sandbox leaves nothing behind')
    })
    const openPair = async (): Promise<Pair> => {
      assert.ok(sandbox.openPair)
      return await sandbox.openPair()
    }
    type More = Pick<TalkSpec, 'endsParticipant' | 'signal'>
    const talk = (participant: string | TalkerSpec, interactor: string | TalkerSpec, more: More = {}): Promise<Talk> =>
      pair.talk({
        participant: typeof participant === 'string' ? python(participant) : participant,
        interactor: typeof interactor === 'string' ? python(interactor) : interactor,
        ...more,
      })
    const errorsOf = ({ participant, interactor }: Talk) => [text(participant.stderr), text(interactor.stderr)]

    describe('what both hear', () => {
      it('each one’s stdout is the other’s stdin, talk after talk', async () => {
        for (const word of ['one', 'two', 'three']) {
          const talked = await talk(
            `for i in range(100):\n  print(i, flush=True)\n  assert input() == f"${word}{i * 2}"\nsys.exit(5)`,
            `for line in sys.stdin: print(f"${word}{int(line) * 2}", flush=True)\nsys.exit(6)`,
          )
          assert.deepEqual([talked.participant.exitCode, talked.interactor.exitCode, ...errorsOf(talked), talked.participantWasEnded], [5, 6, '', '', false])
          assert.deepEqual([talked.participant.stdout.length, talked.interactor.stdout.length], [0, 0])
        }
      })
      it('megabytes pass whole in both directions at once', async () => {
        const both = (mine: string, other: string) =>
          `import threading\ndef say():\n  sys.stdout.write("${mine}" * 3000000); sys.stdout.flush(); os.close(1)\nsaying = threading.Thread(target=say); saying.start()\ngot = sys.stdin.read(); saying.join()\nsys.stderr.write(f"{len(got)} {got.count('${other}')}")\nsys.stderr.flush(); os._exit(0)`
        const talked = await talk(both('a', 'b'), both('b', 'a'))
        assert.deepEqual(errorsOf(talked), ['3000000 3000000', '3000000 3000000'])
        assert.ok(talked.participantWrote >= 3_000_000 && talked.participantWrote < 3_100_000, String(talked.participantWrote))
      })
      it('/dev/stdin and /dev/stdout can be opened', async () => {
        const talked = await talk(
          'open("/dev/stdout", "w").write("hello\\n")\nprint(open("/dev/stdin").readline(), file=sys.stderr)',
          'print(input() + " you", flush=True)',
        )
        assert.match(text(talked.participant.stderr), /^hello you/)
      })
      it('both are on one core, and each has the CPU of its own tree', async () => {
        const where = 'print(os.sched_getaffinity(0), file=sys.stderr)\n'
        const burn = 't = time.process_time()\nwhile time.process_time() - t < 0.4: pass\nprint("done", flush=True)'
        const talked = await talk(`${where}input()`, python(`${where}${burn}`, { keepFiles: true }))
        const [mine, its] = errorsOf(talked)
        assert.equal(mine, its)
        assert.match(mine ?? '', /^\{\d+\}$/m)
        assert.ok(talked.interactor.cpu >= 400 && talked.participant.cpu < 200, `${talked.interactor.cpu} ${talked.participant.cpu}`)
      })
      it('what lies in the boxes can be run and read, and ordinary runs go on', async () => {
        await pair.participant.put('mine.py', Buffer.from('print(open("mine.py").read().count("x"), flush=True)'))
        await pair.interactor.put('its.py', Buffer.from('import sys\nsys.exit(40 + int(input()))'))
        const of = (file: string): TalkerSpec => ({ argv: ['/usr/bin/python3', '-I', '-B', file], limits, keepFiles: false })
        assert.equal((await talk(of('mine.py'), of('its.py'))).interactor.exitCode, 41)
        const alone = await pair.participant.run({ argv: ['/bin/echo', 'alone'], limits: { ...limits, output: bytes(100) }, keepFiles: false })
        assert.equal(text(alone.stdout), 'alone\n')
      })
    })

    describe('ends', () => {
      it('who was first is told, however fast the other reacts', async () => {
        for (let time = 0; time < 15; time++) {
          const reacts = await talk('os.read(0, 1)\nos._exit(1)', 'os.write(1, b"")\nos._exit(43)')
          assert.deepEqual([reacts.participant.exitCode, reacts.interactor.exitCode, reacts.participantLeftFirst], [1, 43, false])
          const crashes = await talk('os._exit(1)', 'os.read(0, 1)\nos._exit(43)')
          assert.deepEqual([crashes.participant.exitCode, crashes.interactor.exitCode, crashes.participantLeftFirst], [1, 43, true])
        }
      })
      it('what a participant says after the interactor has ended breaks its pipe', async () => {
        const talked = await talk(
          'input()\ntime.sleep(0.3)\nimport signal; signal.signal(13, signal.SIG_DFL)\nwhile True: print("more", flush=True)',
          'print("go", flush=True)\nsys.exit(7)',
        )
        assert.deepEqual([talked.interactor.exitCode, talked.participant.outcome, talked.participant.signal], [7, 'signalled', 13])
        assert.equal(talked.participantLeftFirst, false)
      })
      it('a participant that closes its stdout and goes on is heard at once', async () => {
        const talked = await talk('os.close(1)\nprint(input(), file=sys.stderr)', 'assert sys.stdin.read() == ""\nprint("heard", flush=True)')
        assert.equal(text(talked.participant.stderr), 'heard\n')
      })
      it('an interactor that closes its stdout and goes on is heard in the end', async () => {
        const talked = await talk('sys.stdin.read()\nprint("bye", flush=True)', 'os.close(1)\nsys.exit(9 if input() == "bye" else 1)')
        assert.equal(talked.interactor.exitCode, 9)
      })
      it('two that wait for each other are stopped by the wall clock, and the interactor hears of it', async () => {
        const talked = await talk(python('input()', { limits: { wall: ms(700) } }), 'sys.exit(43 if sys.stdin.read() == "" else 1)')
        assert.deepEqual([talked.participant.outcome, talked.interactor.exitCode, talked.participantLeftFirst], ['wallExceeded', 43, true])
        assert.ok(talked.participant.cpu < 400)
      })
      it('a participant that goes on after the interactor’s end can be ended', async () => {
        const asked: (number | undefined)[] = []
        const endsParticipant = ({ exitCode }: { exitCode?: number }) => asked.push(exitCode) > 0
        const talked = await talk('time.sleep(60)', 'sys.exit(43)', { endsParticipant })
        assert.deepEqual([asked, talked.participant.outcome, talked.participant.signal, talked.participantWasEnded], [[43], 'signalled', 9, true])
        assert.ok(talked.participant.wall < 10_000)
      })
      it('an abort ends both, and so does closing', async () => {
        const stop = new AbortController()
        const running = assert.rejects(talk('input()', 'input()', { signal: stop.signal }), /enough/)
        stop.abort(new Error('enough'))
        await running
        assert.equal((await talk('pass', 'sys.exit(3)')).interactor.exitCode, 3)
        const other = await openPair()
        const talking = assert.rejects(other.talk({ participant: python('input()'), interactor: python('input()') }), /closed/)
        await other.close()
        await talking
        await other.close()
        const next = await openPair()
        assert.equal((await next.talk({ participant: python('print(1)'), interactor: python('sys.exit(int(input()))') })).interactor.exitCode, 1)
        await next.close()
        await eventually(() => assert.deepEqual(leftovers('box'), []))
      })
    })

    describe('hostile participants gain nothing', () => {
      it('no file, process or folder of the other is seen, and no way to the pipe’s name', async () => {
        await pair.interactor.put('secret.ans', Buffer.from('secret'))
        const look = [
          'print(input(), file=sys.stderr)',
          'for root in ("/box", "/build", "/tmp", "/joint", "/runner", "/dev"):',
          '  for folder, _, files in os.walk(root):',
          '    if "secret.ans" in files: print("FOUND", folder, file=sys.stderr)',
          'for path in ("/joint", "/runner/joint", "/runner"):',
          '  try: print("LISTED", os.listdir(path), file=sys.stderr)',
          '  except OSError: pass',
          'for fd in (0, 1):',
          '  named = os.readlink(f"/proc/self/fd/{fd}")',
          '  if not named.endswith(" (deleted)"): print("NAMED", named, file=sys.stderr)',
          '  for path in (named, named.replace(" (deleted)", "")):',
          '    try: os.unlink(path); print("UNLINKED", file=sys.stderr)',
          '    except OSError: pass',
          '    try: os.open(path, os.O_RDWR | os.O_NONBLOCK); print("OPENED", file=sys.stderr)',
          '    except OSError: pass',
          '  for change in (lambda: os.fchmod(fd, 0o777), lambda: os.fchown(fd, os.getuid(), os.getgid())):',
          '    try: change(); print("CHANGED", file=sys.stderr)',
          '    except OSError: pass',
          'others = [pid for pid in os.listdir("/proc") if pid.isdigit() and int(pid) != os.getpid() and b"judging" in open(f"/proc/{pid}/cmdline", "rb").read()]',
          'print("others", others, file=sys.stderr)',
          'print("done", flush=True)',
        ]
        const talked = await talk(look.join('\n'), 'judging = 1\nassert os.path.exists("secret.ans")\nprint("here", flush=True)\nassert input() == "done"')
        assert.deepEqual([text(talked.interactor.stderr), talked.interactor.exitCode], ['', 0])
        assert.equal(text(talked.participant.stderr), 'here\nothers []\n')
      })
      it('what it fills the pipe with, opens anew or leaves a child with is gone before the next talk', async () => {
        const greedy = [
          'again = [os.open(f"/proc/self/fd/{fd}", os.O_RDWR | os.O_NONBLOCK) for fd in (0, 1)]',
          'try:\n  while True: os.write(again[1], b"left")\nexcept BlockingIOError: pass',
          'try:\n  while True: os.write(again[0], b"left")\nexcept BlockingIOError: pass',
          'if os.fork() == 0: time.sleep(60)',
          'os._exit(0)',
        ]
        const began = Date.now()
        const first = await talk(greedy.join('\n'), 'time.sleep(0.2)\nsys.exit(4)')
        assert.deepEqual([first.participant.exitCode, first.interactor.exitCode, text(first.participant.stderr)], [0, 4, ''])
        const heard = await talk(
          'print("fresh", flush=True)\nos.close(1)\nprint(sys.stdin.read(), file=sys.stderr)',
          'print(sys.stdin.read(), file=sys.stderr)',
        )
        assert.deepEqual(errorsOf(heard), ['\n', 'fresh\n\n'])
        assert.ok(Date.now() - began < 30_000, 'nobody waited for the child')
      })
      it('a child of a dead participant keeps no end open', async () => {
        const talked = await talk('if os.fork() == 0: time.sleep(60)\nos._exit(1)', 'sys.stdin.read()\nsys.exit(43)')
        assert.deepEqual([talked.participant.exitCode, talked.interactor.exitCode, talked.participantLeftFirst], [1, 43, true])
        assert.ok(talked.interactor.wall < 15_000)
      })
      it('a flood is paid by who makes it, and is told', async () => {
        const flood = python('while True: os.write(1, b"x" * 65536)', { limits: { cpu: ms(300) } })
        const talked = await talk(flood, python('while sys.stdin.read(65536): pass', { limits: { cpu: seconds(10) } }))
        assert.equal(talked.participant.outcome, 'cpuExceeded')
        assert.ok(talked.participantWrote > 1 << 20, String(talked.participantWrote))
      })
    })

    it('two pairs talk at once and hear nothing of each other', async () => {
      const other = await openPair()
      try {
        const words = ['left', 'right']
        const talks = [pair, other].map((each, index) =>
          each.talk({
            participant: python(`for i in range(200):\n  print("${words[index]}", flush=True)\n  assert input() == "${words[index]}"`),
            interactor: python('for line in sys.stdin: print(line, end="", flush=True)'),
          }),
        )
        for (const { participant, interactor } of await Promise.all(talks))
          assert.deepEqual([participant.exitCode, interactor.exitCode, text(participant.stderr)], [0, 0, ''])
      } finally {
        await other.close()
      }
    })
  })
