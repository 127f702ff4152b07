import assert from 'node:assert/strict'
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import type { LanguageSpec } from '#contracts/languages'
import { mebibytes } from '#kernel/units'
import { silentLog } from '#ports/log'
import type { RunResult, Sandbox } from '#ports/sandbox'
import { noTestSandbox, openTestSandbox } from '#testkit/sandbox'
import { aPlusB, calm, jobFor, sourceIn } from '../test/judging.ts'
import { type Artefacts, openArtefacts } from './artefacts.ts'
import { testLimits } from './domain/limits.ts'
import { buildProgram } from './usecases/build-program.ts'
import { evaluate } from './usecases/evaluate.ts'

const folder = mkdtempSync(join(tmpdir(), 'arena-build-'))
after(() => rmSync(folder, { recursive: true, force: true }))

describe('building a program', { skip: noTestSandbox }, () => {
  let sandbox: Sandbox
  before(async () => {
    sandbox = await openTestSandbox(join(folder, 'boxes'))
  })
  after(() => sandbox.close())
  const artefactsIn = (name: string) => openArtefacts({ folder: join(folder, name), maxBytes: 1e8, log: silentLog })
  const judge = async (artefacts: Artefacts, language: string, text: string) => {
    const outcome = await evaluate({ source: sourceIn(folder, aPlusB), sandbox, artefacts }, jobFor(language, text), calm())
    await artefacts.settled()
    return outcome
  }

  const programs = {
    cpp: '#include <cstdio>\nint main() { int a, b; std::scanf("%d%d", &a, &b); std::printf("%d", a + b); }',
    typescript: 'import { readFileSync } from "fs"\nconst [a, b]: number[] = readFileSync(0, "utf8").split(" ").map(Number)\nconsole.log(a + b)',
    java: 'class Sum { static class Inner { int of(int a, int b) { return a + b; } } public static void main(String[] x) { var s = new java.util.Scanner(System.in); System.out.println(new Inner() {}.of(s.nextInt(), s.nextInt())); } }',
  }
  for (const [language, text] of Object.entries(programs)) {
    const skip = language === 'java' && !existsSync('/usr/bin/javac') ? 'javac is not installed' : false
    it(`${language}: the same source is compiled twice at most, also by another process; one that differs by a byte is compiled`, { skip }, async () => {
      const earlier = await artefactsIn(language)
      const first = await judge(earlier, language, text)
      const second = await judge(earlier, language, text)
      const third = await judge(await artefactsIn(language), language, text)
      const other = await judge(await artefactsIn(language), language, `${text}\n`)
      assert.deepEqual([first.verdict, second.verdict, third.verdict, other.verdict], ['AC', 'AC', 'AC', 'AC'])
      assert.ok(first.stages.compileMs > 0 && other.stages.compileMs > 0)
      assert.equal(second.stages.compileMs === 0, language !== 'cpp', 'what is small is kept at first sight')
      assert.equal(third.stages.compileMs, 0)
      assert.deepEqual(third.provenance, first.provenance)
    })
  }
  it('a compile error is not kept, nor what is only checked', async () => {
    const artefacts = await artefactsIn('none')
    assert.equal((await judge(artefacts, 'cpp', 'int main( {')).verdict, 'CE')
    assert.equal((await judge(artefacts, 'python', 'print(sum(map(int, input().split())))')).verdict, 'AC')
    assert.deepEqual(readdirSync(join(folder, 'none')), [])
  })
  it('the compiler finds nothing on stdin, no secret, and only a passwd of the box’s own', async () => {
    const artefacts = await artefactsIn('includes')
    for (const file of ['/etc/passwd', '/etc/shadow', '/proc/1/environ', '/runner/runner', '/root/.profile']) {
      const { verdict, compileLog } = await judge(artefacts, 'cpp', `#include "${file}"\nint main() {}`)
      assert.equal(verdict, 'CE', file)
      assert.doesNotMatch(compileLog ?? '', /bash|daemon|HOME=|ELF/)
    }
    assert.equal((await judge(artefacts, 'cpp', '#include </dev/stdin>\nint main() { return 7; }')).verdict, 'RE', 'it is empty, and ends')
  })

  /** A compiler that does what no compiler would, as one taken over by its source might. */
  const taken = (script: string): LanguageSpec => ({
    id: 'c',
    name: 'C',
    sourceFile: 'main.c',
    compile: ['/bin/sh', '-c', script],
    run: ['./main'],
    probe: [],
    timeFactor: 1,
    image: 'cpp-judge',
  })
  type Built = { readonly failed: boolean; readonly log?: string; readonly ran?: RunResult; readonly kept: number }
  const buildAndRun = async (name: string, script: string): Promise<Built> => {
    const artefacts = await artefactsIn(name)
    const box = await sandbox.open()
    try {
      const built = await buildProgram({ sandbox, box, language: taken(script), source: 'x', artefacts, ...calm() })
      await artefacts.settled()
      const kept = readdirSync(join(folder, name)).length
      if (built.failed) return { failed: true, log: built.log, kept }
      const { run } = testLimits({ cpuMs: 1000, memoryBytes: mebibytes(64) }, { timeFactor: 1 }, 0)
      return { failed: false, ran: await box.run({ argv: built.argv(run.memory), limits: run, keepFiles: false }), kept }
    } finally {
      await box.close()
    }
  }
  const failedToRun = ({ ran }: Built) => ran !== undefined && (ran.outcome === 'signalled' || (ran.outcome === 'exited' && ran.exitCode !== 0))
  for (const [title, script] of [
    ['a FIFO in place of the program', 'mkfifo main'],
    ['a link to a secret file in place of the program', 'ln -s /etc/shadow main'],
    ['a folder in place of the program', 'mkdir -p main/main'],
    ['nothing at all', 'true'],
    ['a device, or what it got of one', 'mknod main c 1 5 2>/dev/null || ln -s /dev/zero main'],
  ] as const)
    it(`${title}: nothing is kept, nothing hangs, and the run fails`, async () => {
      const built = await buildAndRun(title.replaceAll(/\W/g, '-'), script)
      assert.equal(built.failed, false)
      assert.ok(failedToRun(built), JSON.stringify(built.ran))
      assert.equal(built.kept, 0)
    })
  it('five thousand files are not kept, and the next box is as new', async () => {
    const built = await buildAndRun('many', 'i=0; while [ $i -lt 5000 ]; do : > f$i || exit 0; i=$((i+1)); done')
    assert.equal(built.kept, 0)
    const next = await sandbox.open()
    assert.deepEqual(await next.list(), [])
    await next.close()
  })
  it('a flood of words is a failed compilation with a short log', async () => {
    const built = await buildAndRun('flood', 'while :; do echo spam spam spam spam; echo more of it >&2; done')
    assert.ok(built.failed && (built.log ?? '').length < 40_000)
    assert.match(built.log ?? '', /The compiler was stopped: too much/)
  })
  it('a name of another script, or one that looks like an option, is not kept; the program runs all the same', async () => {
    const built = await buildAndRun('names', "printf '#!/bin/sh\\nexit 0\\n' > main; chmod 755 main; : > ./-rf; : > é")
    assert.deepEqual([built.failed, built.ran?.outcome, built.ran?.exitCode, built.kept], [false, 'exited', 0, 0])
  })
  it('a program finds the same folder whether it was compiled or kept, and nothing of an earlier run', async () => {
    const script = "printf '#!/bin/sh\\necho x > left; echo $(ls)\\n' > main; chmod 755 main"
    const first = await buildAndRun('left', script)
    const again = await buildAndRun('left', script)
    const said = [first, again].map(({ ran }) =>
      Buffer.from(ran?.stdout ?? '')
        .toString()
        .trim(),
    )
    assert.deepEqual([first.kept, said], [1, ['left main main.c', 'left main main.c']])
  })
})
