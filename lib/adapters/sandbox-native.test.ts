import assert from 'node:assert/strict'
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import { bytes, mebibytes, seconds } from '#kernel/units'
import { silentLog } from '#ports/log'
import type { Box } from '#ports/sandbox'
import { sandboxSuite } from '#ports/suites/sandbox.suite'
import { talkSuite } from '#ports/suites/sandbox-talk.suite'
import { decideEnding } from './runner/outcome.ts'
import { cgroupMounts, cgroupsV2, readKey } from './sandbox-native/cgroup.ts'
import { startTimeOf } from './sandbox-native/leftovers.ts'
import { readStatus } from './sandbox-native/run-alone.ts'
import { openNativeSandbox } from './sandbox-native.ts'

const workRoot = mkdtempSync(join(tmpdir(), 'arena-sandbox-'))
after(() => rmSync(workRoot, { recursive: true, force: true }))
const probes = { python: ['/usr/bin/python3', '-c', 'print(3)'] }
const open = () => openNativeSandbox({ slots: 2, workRoot, log: silentLog, probes })

const cgroupFolders = ['/sys/fs/cgroup/memory', '/sys/fs/cgroup/pids', '/sys/fs/cgroup/cpuacct', '/sys/fs/cgroup'].filter((folder) => existsSync(folder))
const groupsOf = (pid: number) =>
  cgroupFolders.flatMap((folder) =>
    readdirSync(folder)
      .filter((name) => name.startsWith(`arena-${pid}-`))
      .map((name) => join(folder, name)),
  )
/** Made ahead for a slot's next run: only a process of the runner's own waits in it. */
const isAhead = (group: string) => {
  const members = readFileSync(join(group, 'cgroup.procs'), 'utf8').split('\n').filter(Boolean)
  return members.length > 0 && members.every((pid) => existsSync(`/proc/${pid}/comm`) && readFileSync(`/proc/${pid}/comm`, 'utf8') === 'runner\n')
}
/** Groups of single runs that have begun, below those of the slots. */
const runGroupsOf = (pid: number) =>
  groupsOf(pid).flatMap((folder) =>
    readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => join(folder, entry.name))
      .filter((group) => existsSync(group) && !isAhead(group)),
  )
const mountsBelow = (folder: string) =>
  readFileSync('/proc/self/mountinfo', 'utf8')
    .split('\n')
    .filter((line) => line.includes(` ${folder}/`))
const skip =
  process.platform !== 'linux'
    ? 'needs Linux'
    : !existsSync('/usr/bin/bwrap')
      ? 'bubblewrap is not installed'
      : !existsSync('/usr/bin/python3')
        ? 'Python 3 is not installed'
        : false

const needsRunner = process.getuid?.() !== 0 ? 'needs root' : !existsSync('/usr/bin/cc') ? 'there is no C compiler' : false

const leftovers = (of: 'box' | 'sandbox') => [
  ...(of === 'sandbox' ? groupsOf(process.pid) : runGroupsOf(process.pid)),
  ...(of === 'sandbox' ? [...readdirSync(workRoot), ...mountsBelow(workRoot)] : []),
]

sandboxSuite('the native sandbox', { open, skip, leftovers })
talkSuite('the native sandbox', { open, skip: skip || needsRunner, leftovers })

sandboxSuite('the native sandbox with a bubblewrap a run', {
  open: () => openNativeSandbox({ slots: 2, workRoot, log: silentLog, probes, runner: false }),
  skip,
  leftovers,
})

describe('a native sandbox whose process was killed', { skip }, () => {
  it('leaves no process, and the next one removes its folders, mounts and control groups', async () => {
    const script = `import { openNativeSandbox } from '#adapters/sandbox-native'
      const log = { debug() {}, info() {}, warn() {}, error() {} }
      const box = await (await openNativeSandbox({ slots: 1, workRoot: ${JSON.stringify(workRoot)}, log, probes: {} })).open()
      setTimeout(() => console.log('running'), 150)
      await box.run({ argv: ['/bin/sleep', '987'], keepFiles: false, limits: { cpu: 9e4, wall: 9e4, memory: 5e7, processes: 5, output: 10, stderr: 10, files: 1e6 } })`
    const worker = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['ignore', 'pipe', 'inherit'] })
    await once(worker.stdout, 'data')
    assert.notEqual(sleepers(), '')
    assert.ok(groupsOf(worker.pid ?? 0).length > 0 && mountsBelow(workRoot).length > 0)
    worker.kill('SIGKILL')
    await once(worker, 'exit')
    const deadline = performance.now() + 3000
    while (sleepers() !== '' && performance.now() < deadline) await new Promise((resolve) => setImmediate(resolve))
    assert.equal(sleepers(), '')
    const next = await open()
    assert.deepEqual(groupsOf(worker.pid ?? 0), [])
    assert.equal(readdirSync(workRoot).length, 1)
    await next.close()
    assert.deepEqual([readdirSync(workRoot), mountsBelow(workRoot)], [[], []])
  })
})
const sleepers = () => execFileSync('/bin/sh', ['-c', 'pgrep -f "[s]leep 987$" || true'], { encoding: 'utf8' }).trim()

/** Whether this kernel weighs sessions against each other. */
const weighsSessions = existsSync('/proc/self/autogroup')
/** How a program of the box is weighed: its own class (5: idle), and its session. */
const weightScript = `import os
print(os.sched_getscheduler(0), open('/proc/self/autogroup').read().split()[-1] if os.path.exists('/proc/self/autogroup') else '')`
const weightIn = async (box: Box) => {
  const limits = { cpu: seconds(2), wall: seconds(9), memory: mebibytes(64), processes: 8, output: bytes(999), stderr: bytes(999), files: mebibytes(1) }
  const { stdout, stderr } = await box.run({ argv: ['/usr/bin/python3', '-c', weightScript], limits, keepFiles: false })
  assert.equal(Buffer.from(stderr).toString(), '')
  return Buffer.from(stdout).toString().trim().split(' ')
}

describe('a box of the native sandbox that gives way', { skip: skip || needsRunner }, () => {
  it('weighs least in each of its runs, and the next box in its place as much as any', async () => {
    const sandbox = await openNativeSandbox({ slots: 1, workRoot, log: silentLog, probes: {} })
    for (const givesWay of [true, false, true]) {
      const box = await sandbox.open({ givesWay })
      // the kernel is told of the session beside the first run, so that nobody waits for it
      for (let run = 0; givesWay && weighsSessions && (await weightIn(box))[1] === '0' && run < 20; run++);
      for (let run = 0; run < 2; run++) assert.deepEqual(await weightIn(box), [givesWay ? '5' : '0', ...(weighsSessions ? [givesWay ? '19' : '0'] : [])])
      await box.close()
    }
    const pair = await sandbox.openPair?.({ givesWay: true })
    assert.equal(pair && (await weightIn(pair.interactor))[0], '5')
    await pair?.close()
    await sandbox.close()
  })
})

describe('a box of the native sandbox', { skip: skip || (process.getuid?.() === 0 ? false : 'only root has a runner in it') }, () => {
  it('is made of the mounts that are its own, below a root that nobody can write; its first process keeps four rights and hands none on', async () => {
    const sandbox = await open()
    const box = await sandbox.open()
    const limits = { cpu: seconds(2), wall: seconds(5), memory: mebibytes(64), processes: 8, output: bytes(65_536), stderr: bytes(999), files: mebibytes(1) }
    const { stdout } = await box.run({ argv: ['/bin/cat', '/proc/self/mountinfo', '/proc/1/status'], limits, keepFiles: false })
    await box.close()
    await sandbox.close()
    const [mounts, facts] = [
      Buffer.from(stdout)
        .toString()
        .split('\n')
        .filter((line) => line.includes(' - ')),
      Buffer.from(stdout).toString(),
    ]
    const seen = new Map(mounts.map((line) => [line.split(' ')[4] ?? '', line.split(' ')[5] ?? '']))
    assert.equal(seen.size, mounts.length, 'nothing lies under another mount')
    const isWritable = (at: string) => seen.get(at)?.split(',').includes('rw')
    assert.deepEqual([...seen.keys()].filter((at) => !/^\/(bin|sbin|lib\w*|usr|etc|runner|proc)(\/|$)/.test(at)).sort(), [
      '/',
      '/box',
      '/build',
      '/dev',
      '/tmp',
    ])
    assert.deepEqual([...seen.keys()].filter((at) => isWritable(at) && !at.startsWith('/runner/')).sort(), ['/box', '/build', '/dev', '/proc', '/tmp'])
    assert.deepEqual(
      [...seen].filter(([, options]) => !options.includes('nosuid')),
      [],
    )
    assert.deepEqual(
      facts.match(/^Cap\w+:\s*\w+$/gm)?.map((line) => line.split(/:\s*/)),
      [
        ['CapInh', '0000000000000000'],
        ['CapPrm', '00000000000001e0'], // KILL, SETGID, SETUID, SETPCAP
        ['CapEff', '00000000000001e0'],
        ['CapBnd', '0000000000000000'],
        ['CapAmb', '0000000000000000'],
      ],
    )
  })
})

describe('how a run ended', () => {
  const limits = { cpu: 1000, wall: 2000, memory: 100 * 1024 ** 2, processes: 1, output: 1, stderr: 1, files: 1 } as never
  const facts = { stopped: undefined, status: { started: true, exitCode: 0 }, wallMs: 9, cpuMs: 5, memoryBytes: 1, oomKills: 0, limitHits: 0 } as const
  it('is read from the wrapper’s words: a line between start and exit means a signal', () => {
    assert.deepEqual(readStatus('noise\nstart\nSegmentation fault\nexit 139\n'), { started: true, signal: 11 })
    assert.deepEqual(readStatus('start\nexit 139\n'), { started: true, exitCode: 139 })
    assert.deepEqual(readStatus('start\n'), { started: true })
    assert.deepEqual(readStatus('sh: cannot\n'), { started: false })
  })
  it('what nobody told is a fault, never a verdict', () => {
    assert.ok('fault' in decideEnding({ ...facts, status: { started: false } }, limits))
    assert.ok('fault' in decideEnding({ ...facts, status: { started: true } }, limits))
    const killed = decideEnding({ ...facts, status: { started: true }, mayKillWrapper: true }, limits)
    assert.deepEqual(killed, { outcome: 'signalled', signal: 9 }, 'without root a program can kill the one who would tell: its own doing')
  })
  it('an OOM kill is memoryExceeded whatever else happened; a failure at the limit too; success at the limit is success', () => {
    assert.deepEqual(decideEnding({ ...facts, oomKills: 1, stopped: 'cpu' }, limits), { outcome: 'memoryExceeded' })
    const atLimit = { ...facts, limitHits: 9, memoryBytes: 100 * 1024 ** 2 }
    assert.deepEqual(decideEnding({ ...atLimit, status: { started: true, signal: 6 } }, limits), { outcome: 'memoryExceeded' })
    assert.deepEqual(decideEnding(atLimit, limits), { outcome: 'exited', exitCode: 0 })
  })
  it('CPU over the limit counts even when the program ended by itself', () =>
    assert.deepEqual(decideEnding({ ...facts, cpuMs: 1001 }, limits), { outcome: 'cpuExceeded' }))
  it('SIGSYS is a forbidden system call', () =>
    assert.deepEqual(decideEnding({ ...facts, status: { started: true, signal: 31 } }, limits), { outcome: 'forbiddenSyscall', signal: 31 }))
})

describe('the parts of the native sandbox', () => {
  it('control groups of version 2 are made, bounded, read and listed by their files', () => {
    const base = mkdtempSync(join(tmpdir(), 'arena-cgroup-'))
    // A plain folder stands in for the kernel, so the files that the kernel would have made are missing at first.
    const slot = cgroupsV2(base).slot('arena-1-2-0')
    assert.equal(readFileSync(join(base, 'arena-1-2-0/cgroup.subtree_control'), 'utf8'), '+memory +pids')
    const group = slot.create('5', { memoryBytes: 1000, processes: 7 })
    assert.throws(() => group.join(), /cgroup.procs/)
    assert.equal(readFileSync(join(base, 'arena-1-2-0/5/memory.max'), 'utf8'), '1000')
    assert.equal(readFileSync(join(base, 'arena-1-2-0/5/pids.max'), 'utf8'), '7')
    assert.deepEqual(cgroupsV2(base).list('arena-'), ['arena-1-2-0'])
    assert.equal(readKey('usage_usec 1500\noom_kill 2\n', 'oom_kill'), 2)
    rmSync(base, { recursive: true })
  })
  it('mounts are read from mountinfo', () => {
    const line = '35 24 0:30 / /sys/fs/cgroup/cpu,cpuacct rw,relatime shared:14 - cgroup cgroup rw,cpu,cpuacct'
    assert.deepEqual(cgroupMounts(line), [{ at: '/sys/fs/cgroup/cpu,cpuacct', root: '/', type: 'cgroup', options: ['rw', 'cpu', 'cpuacct'] }])
  })
  it('a process is known by pid and start time', () => {
    assert.match(startTimeOf(process.pid) ?? '', /^\d+$/)
    assert.equal(startTimeOf(4_000_000), undefined)
  })
})
