import assert from 'node:assert/strict'
import { test } from 'node:test'
import { languageById } from '#contracts/languages'
import { runOutputBytes, runStderrBytes, standardRunLimits } from '#contracts/runs'
import { longestRun, type Ran, reportOf, runLimits, shownText } from './run-report.ts'

const language = (id: string) => languageById(id) ?? assert.fail(`no language ${id}`)
const limits = runLimits(standardRunLimits, language('c'))
const calm: Ran = { outcome: 'exited', exitCode: 0, cpu: 5, wall: 9, memory: 1000, stdout: Buffer.from('3\n'), stderr: Buffer.from('') }
const report = (more: Partial<Ran> = {}, under = limits) => reportOf({ ...calm, ...more }, under) ?? assert.fail('no report')

test('text is what can be stored and shown: bytes that are no UTF-8 and control characters are replaced, line ends and tabs stay', () => {
  const shown = (bytes: string | number[]) => shownText(Buffer.from(bytes as string), 100).text
  assert.equal(shown('é\t😀\r\n'), 'é\t😀\r\n')
  assert.equal(shown('a\0b\u001b[31m\u007f\u0085'), 'a\ufffdb\ufffd[31m\ufffd\ufffd')
  assert.equal(shown([0xff, 0x41, 0xc3]), '\ufffdA\ufffd')
  assert.equal(shown([0xed, 0xa0, 0x80]), '\ufffd\ufffd\ufffd', 'half of a surrogate pair')
  assert.equal(shown([0xef, 0xbb, 0xbf, 0x41]), '\ufeffA', 'a byte order mark is a character of the output')
  const every = shown(Array.from({ length: 256 }, (_, byte) => byte))
  assert.ok(every.isWellFormed() && !every.includes('\0'))
})

test('a cut lies between characters, and what fits to the byte is not cut', () => {
  assert.deepEqual(shownText(Buffer.from('ab'), 2), { text: 'ab', truncated: false })
  assert.deepEqual(shownText(Buffer.from('abc'), 2), { text: 'ab', truncated: true })
  assert.deepEqual(shownText(Buffer.from('a😀b'), 4), { text: 'a', truncated: true })
  const { stdout, stdoutTruncated, stderr, stderrTruncated } = report({
    stdout: Buffer.alloc(runOutputBytes + 1, 'x'),
    stderr: Buffer.alloc(runStderrBytes + 1, 'y'),
  })
  assert.deepEqual([stdout.length, stdoutTruncated, stderr.length, stderrTruncated], [runOutputBytes, true, runStderrBytes, true])
  const full = report({ stdout: Buffer.alloc(runOutputBytes, 'x'), stderr: Buffer.alloc(runStderrBytes, 'y') })
  assert.deepEqual([full.stdoutTruncated, full.stderrTruncated], [false, false])
  assert.ok(limits.run.stderr > runStderrBytes, 'else nobody could tell that there was more')
})

test('how it ended is the sandbox’s word, with the exit code or signal that belongs to it', () => {
  const ended = (more: Partial<Ran>) => {
    const { outcome, exitCode, signal } = report(more)
    return [outcome, exitCode, signal]
  }
  assert.deepEqual(ended({}), ['exited', 0, undefined])
  assert.deepEqual(ended({ exitCode: 4 }), ['exited', 4, undefined])
  const { exitCode: _none, ...stopped } = calm
  for (const outcome of ['signalled', 'forbiddenSyscall'] as const) assert.deepEqual(ended({ ...stopped, outcome, signal: 11 }).slice(0, 1), [outcome])
  assert.equal(reportOf({ ...stopped, outcome: 'signalled', signal: 11 }, limits)?.signal, 11)
  for (const outcome of ['cpuExceeded', 'wallExceeded', 'memoryExceeded', 'outputExceeded'] as const)
    assert.equal(reportOf({ ...stopped, outcome }, limits)?.outcome, outcome)
  assert.equal(reportOf({ ...calm, outcome: 'escaped' as never }, limits), undefined, 'what nobody knows is no answer')
})

test('a limit that was missed without being stopped at it is named, as the judge would', () => {
  assert.equal(report({ cpu: limits.cpu }).outcome, 'exited')
  const late = report({ cpu: limits.cpu + 1 })
  assert.deepEqual([late.outcome, late.exitCode], ['cpuExceeded', undefined])
  const python = runLimits(standardRunLimits, language('python'))
  if (python.outOfMemory !== undefined) assert.equal(report({ exitCode: 1, stderr: Buffer.from(python.outOfMemory) }, python).outcome, 'memoryExceeded')
})

test('limits are the problem’s, the language’s time factor included, but none is longer than ten seconds', () => {
  assert.deepEqual(report().limits, { cpuMs: standardRunLimits.cpuMs, memoryBytes: standardRunLimits.memoryBytes })
  assert.equal(runLimits({ ...standardRunLimits, cpuMs: 700 }, language('python')).cpu, 1400)
  for (const id of ['c', 'python']) {
    const longest = runLimits({ ...standardRunLimits, cpuMs: 60_000, outputBytes: 256 * 1024 ** 2 }, language(id))
    assert.equal(longest.cpu, longestRun)
    assert.ok(longest.run.output <= 16 * 1024 ** 2, 'what is held in memory')
  }
})
