import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { seccompFilter } from './seccomp.ts'

const allow = 0x7fff0000
const kill = 0x80000000
const eperm = 0x00050001
const enosys = 0x00050026
const audit = { x64: 0xc000003e, arm64: 0xc00000b7 }

type Call = { readonly number: number; readonly arch: number; readonly first?: number }

/** The kernel's machine for such programs, as far as the filter uses it. */
function answerOf(program: Buffer, { number, arch, first = 0 }: Call): { answer: number; steps: number } {
  const data = Buffer.alloc(64)
  data.writeUInt32LE(number, 0)
  data.writeUInt32LE(arch, 4)
  data.writeUInt32LE(first, 16)
  let loaded = 0
  let at = 0
  for (let steps = 1; steps < 10_000; steps++) {
    const [code, yes, no, k] = [program.readUInt16LE(at * 8), program.readUInt8(at * 8 + 2), program.readUInt8(at * 8 + 3), program.readUInt32LE(at * 8 + 4)]
    if (code === 0x06) return { answer: k, steps }
    if (code === 0x20) loaded = data.readUInt32LE(k)
    const holds = code === 0x15 ? loaded === k : code === 0x35 ? loaded >= k : code === 0x45 ? (loaded & k) !== 0 : false
    at += 1 + (code === 0x20 ? 0 : holds ? yes : no)
  }
  throw new Error('the filter does not end')
}

describe('the system call filter', () => {
  for (const arch of ['x64', 'arm64'] as const) {
    const program = seccompFilter(arch) ?? Buffer.alloc(0)
    const ask = (number: number, first = 0) => answerOf(program, { number, arch: audit[arch], first }).answer
    const own = { x64: 0, arm64: 1 }[arch]
    const number = (...numbers: readonly [number, number]) => numbers[own] ?? -1

    it(`${arch}: denies what must be denied`, () => {
      const calls = {
        ptrace: number(101, 117),
        process_vm_readv: number(310, 270),
        mount: number(165, 40),
        unshare: number(272, 97),
        setns: number(308, 268),
        bpf: number(321, 280),
        perf_event_open: number(298, 241),
        userfaultfd: number(323, 282),
        io_uring_setup: 425,
        io_uring_register: 427,
        keyctl: number(250, 219),
        add_key: number(248, 217),
        shmget: number(29, 194),
        semop: number(65, 193),
        msgsnd: number(69, 189),
        mq_open: number(240, 180),
        sched_setaffinity: number(203, 122),
        personality: number(135, 92),
        open_by_handle_at: number(304, 265),
        inotify_add_watch: number(254, 27),
        fanotify_mark: number(301, 263),
        io_setup: number(206, 0),
        settimeofday: number(164, 170),
      }
      for (const [name, call] of Object.entries(calls)) assert.equal(ask(call), eperm, name)
      assert.equal(ask(435), enosys, 'clone3')
    })
    it(`${arch}: lets what programs and their run-times need pass`, () => {
      const calls = {
        read: number(0, 63),
        write: number(1, 64),
        mmap: number(9, 222),
        execve: number(59, 221),
        exit_group: number(231, 94),
        futex: number(202, 98),
        sched_getaffinity: number(204, 123),
        getrandom: number(318, 278),
        rseq: number(334, 293),
        membarrier: number(324, 283),
        memfd_create: number(319, 279),
        prlimit64: number(302, 261),
        epoll_create1: number(291, 20),
      }
      for (const [name, call] of Object.entries(calls)) assert.equal(ask(call), allow, name)
    })
    it(`${arch}: clone makes threads and children, and no namespace; sockets are local ones`, () => {
      const clone = number(56, 220)
      assert.deepEqual(
        [ask(clone, 0x11), ask(clone, 0x3d0f00), ask(clone, 0x10000011), ask(clone, 0x20000011), ask(clone, 0x40000011)],
        [allow, allow, eperm, eperm, eperm],
      )
      for (const call of [number(41, 198), number(53, 199)])
        assert.deepEqual(
          [1, 2, 10, 16, 17, 38, 40].map((family) => ask(call, family)),
          [allow, ...Array.from({ length: 6 }, () => eperm)],
        )
    })
    it(`${arch}: kills calls of another architecture`, () => {
      assert.equal(answerOf(program, { number: 20, arch: 0x40000003 }).answer, kill)
      if (arch === 'x64') assert.equal(ask(0x40000000), kill, 'x32')
    })
    it(`${arch}: answers within a dozen steps`, () => {
      for (let call = 0; call < 500; call++) assert.ok(answerOf(program, { number: call, arch: audit[arch] }).steps <= 16, String(call))
    })
  }
  it('is not there for other architectures', () => assert.equal(seccompFilter('riscv64'), undefined))
})
