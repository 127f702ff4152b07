/**
 * The hostile programs that harm nobody, started without any sandbox, as nobody: each of them must get what it reaches for and say so. So it is known that
 * they fail in the sandbox for the sandbox's sake, and not because they are wrong.
 */
import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { type Bait, layBait } from '#arena/judge-check/bait'
import { noTestSandbox } from '#testkit/sandbox'
import { corpus } from './suite.ts'

const nobody = 65_534
const as = process.getuid?.() === 0 ? { uid: nobody, gid: nobody } : {}

describe('without a sandbox', { skip: noTestSandbox }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'arena-bare-'))
  chmodSync(folder, 0o755)
  let bait: Bait
  before(async () => {
    bait = await layBait()
  })
  after(async () => {
    await bait.close()
    rmSync(folder, { recursive: true, force: true })
  })
  const harmless = corpus.filter((each) => each.escapesBare && (each.processor ?? process.arch) === process.arch)
  harmless.forEach((each, index) => {
    it(`${each.id} escapes`, async () => {
      const base = join(folder, String(index))
      const source = `${base}${each.language === 'python' ? '.py' : '.c'}`
      writeFileSync(source, bait.fill(each.source), { mode: 0o644 })
      if (each.language === 'c') {
        const { status, stderr } = spawnSync('/usr/bin/gcc', ['-O2', '-o', base, source], { encoding: 'utf8' })
        assert.equal(status, 0, stderr)
      }
      const said = await saidBy(each.language === 'c' ? [base] : ['/usr/bin/python3', source], bait.fill(each.tests[0]?.input ?? ''))
      assert.ok(said.includes('ESCAPED') || said.includes(bait.secret), said)
    })
  })
  it('there are enough of them', () => assert.ok(harmless.length >= 12, `${harmless.length}`))
})

/** Not by spawnSync: the sockets it may connect to are this process's, which must go on answering. */
async function saidBy([program = '', ...args]: readonly string[], input: string): Promise<string> {
  const child = spawn(program, args, { ...as, cwd: '/', stdio: ['pipe', 'pipe', 'inherit'], timeout: 30_000 })
  child.stdin.on('error', () => undefined).end(input)
  const said = await child.stdout.setEncoding('utf8').toArray()
  return said.join('')
}
