import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import type { Checker } from '#contracts/judging'
import { mebibytes } from '#kernel/units'
import { silentLog } from '#ports/log'
import type { Sandbox } from '#ports/sandbox'
import { noTestSandbox, openTestSandbox } from '#testkit/sandbox'
import { calm, checkerIn, jobFor, type Problem, sourceIn } from '../test/judging.ts'
import { type Artefacts, openArtefacts } from './artefacts.ts'
import { JudgeFault, ProblemFault } from './domain/faults.ts'
import { evaluate } from './usecases/evaluate.ts'

const folder = mkdtempSync(join(tmpdir(), 'arena-interact-'))
after(() => rmSync(folder, { recursive: true, force: true }))

/** A number is to be guessed: `? n` is answered by <, > or =; `! n` ends it. At most 12 questions. The interactors say the same in both protocols. */
const kattisPython = `
import sys
secret = int(open(sys.argv[1]).read())
def end(code, message):
  open(sys.argv[3] + 'judgemessage.txt', 'w').write(message)
  sys.exit(code)
for asked in range(13):
  words = sys.stdin.readline().split()
  if len(words) != 2 or words[0] not in '?!' or not words[1].isdigit(): end(43, 'nonsense: %s' % words)
  n = int(words[1])
  if words[0] == '!': end(42 if n == secret else 43, 'said %d after %d' % (n, asked))
  print('=' if n == secret else '<' if secret < n else '>', flush=True)
end(43, 'too many questions')
`
/** The same with testlib's own words; what it writes is for the checker. */
const testlibCpp = `
#include "testlib.h"
int main(int argc, char *argv[]) {
  registerInteraction(argc, argv);
  int secret = inf.readInt();
  for (int asked = 0; asked < 13; asked++) {
    std::string word = ouf.readWord();
    if (word != "?" && word != "!") quitf(_pe, "nonsense: %s", word.substr(0, 20).c_str());
    int n = ouf.readInt();
    if (word == "!") {
      tout << asked << std::endl;
      quitf(n == secret ? _ok : _wa, "said %d after %d", n, asked);
    }
    std::cout << (n == secret ? "=" : secret < n ? "<" : ">") << std::endl;
  }
  quitf(_wa, "too many questions");
}
`
const search = `
low, high = 1, 1000
while low < high:
  mid = (low + high) // 2
  print('?', mid, flush=True)
  said = input()
  if said == '=': low = high = mid
  elif said == '<': high = mid - 1
  else: low = mid + 1
print('!', low WRONG, flush=True)
`
const searchCpp = `
#include <cstdio>
#include <cstdlib>
#include <unistd.h>
int main() {
  setvbuf(stdout, nullptr, _IOLBF, BUFSIZ);
  char said[10];
  long low = 1, high = 1000;
  BEFORE
  while (low < high) {
    long mid = (low + high) / 2;
    printf("? %ld\\n", mid);
    if (scanf("%9s", said) != 1) return 9;
    if (*said == '=') low = high = mid;
    else if (*said == '<') high = mid - 1;
    else low = mid + 1;
  }
  printf("! %ld\\n", low WRONG);
  AFTER
}
`
type Language = 'python' | 'cpp'
/** What a program does before, how its answer is wrong, and what it does after. */
type Turns = { readonly before?: string; readonly wrong?: string; readonly after?: string }
const python = ({ before = '', wrong = '', after = '' }: Turns) => `import os, sys, time\n${before}\n${search.replace('WRONG', wrong)}\n${after}\n`
const cpp = ({ before = '', wrong = '', after = '' }: Turns) => searchCpp.replace('BEFORE', before).replace('WRONG', wrong).replace('AFTER', after)

type Scenario = { readonly verdict: string; readonly python: Turns; readonly cpp: Turns; readonly detail?: RegExp; readonly isSlow?: true }
const scenarios: Readonly<Record<string, Scenario>> = {
  right: { verdict: 'AC', python: {}, cpp: {}, detail: /said 417 after \d/ },
  wrong: { verdict: 'WA', python: { wrong: '+ 1' }, cpp: { wrong: '+ 1' }, detail: /said 418/ },
  'an early exit': { verdict: 'WA', python: { before: 'sys.exit(0)' }, cpp: { before: 'return 0;' }, detail: /nonsense|end of file/i },
  'an exit in the middle': {
    verdict: 'WA',
    python: { before: 'print("?", 5, flush=True)\nsys.exit(0)' },
    cpp: { before: 'puts("? 5"); return 0;' },
  },
  'a crash': { verdict: 'RE', python: { before: '1 // 0' }, cpp: { before: 'abort();' }, detail: /^(exit code 1|killed by SIGABRT)/ },
  'a crash in the middle': {
    verdict: 'RE',
    python: { before: 'print("?", 5, flush=True)\ninput()\n1 // 0' },
    cpp: { before: 'puts("? 5"); scanf("%9s", said); return 3;' },
  },
  'a closed stdout': {
    verdict: 'WA',
    python: { before: 'os.close(1)\ntime.sleep(60)' },
    cpp: { before: 'close(1); sleep(60);' },
    detail: /nonsense|end of file/i,
  },
  silence: { verdict: 'TLE', python: { before: 'input()' }, cpp: { before: 'scanf("%9s", said);' }, detail: /elapsed time/, isSlow: true },
  'a loop': { verdict: 'TLE', python: { before: 'while True: pass' }, cpp: { before: 'for (volatile long i = 0;; i++) continue;' } },
  'too much memory': {
    verdict: 'MLE',
    python: { before: 'x = []\nwhile True: x.append(bytearray(1 << 20))' },
    cpp: { before: 'for (;;) for (char *at = new char[1 << 20], *end = at + (1 << 20); at < end; at += 4096) *(volatile char *)at = 1;' },
  },
  'too many questions': {
    verdict: 'WA',
    python: { before: 'while True:\n  print("?", 1, flush=True)\n  input()' },
    cpp: { before: 'for (;;) { puts("? 1"); scanf("%9s", said); }' },
    detail: /too many questions/,
  },
  garbage: {
    verdict: 'WA',
    python: { before: 'while True: print("x" * 1000)' },
    cpp: { before: 'for (;;) puts("xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx");' },
    detail: /nonsense|end of file/i,
  },
  'hanging after a wrong answer': { verdict: 'WA', python: { wrong: '+ 1', after: 'time.sleep(60)' }, cpp: { wrong: '+ 1', after: 'sleep(60);' } },
  'a loop after a wrong answer': {
    verdict: 'WA',
    python: { wrong: '+ 1', after: 'while True: pass' },
    cpp: { wrong: '+ 1', after: 'for (volatile long i = 0;; i++) continue;' },
  },
  'hanging after the right answer': { verdict: 'TLE', python: { after: 'time.sleep(60)' }, cpp: { after: 'sleep(60);' }, isSlow: true },
  'traffic after the verdict': {
    verdict: 'AC',
    python: { after: 'while True: print("more", flush=True)' },
    cpp: { after: 'for (;;) puts("more");' },
  },
  'dying after the right answer': { verdict: 'AC', python: { after: 'input()' }, cpp: { after: 'scanf("%9s", said); return 3;' } },
}

describe('interactive problems in a real sandbox', { skip: noTestSandbox || (process.getuid?.() !== 0 && 'needs root') }, () => {
  let sandbox: Sandbox
  let artefacts: Artefacts
  before(async () => {
    sandbox = await openTestSandbox(join(folder, 'boxes'), 2)
    artefacts = await openArtefacts({ folder: join(folder, 'programs'), maxBytes: 1e8, log: silentLog })
  })
  after(async () => {
    await sandbox.close()
    await artefacts.settled()
  })
  const interactors: Readonly<Record<string, Checker>> = {
    kattis: checkerIn(folder, 'kattis', 'python', { 'validate.py': kattisPython }),
    testlib: checkerIn(folder, 'testlib', 'cpp', { 'interactor.cpp': testlibCpp }),
  }
  const interactorOf = (python: string) => checkerIn(folder, 'kattis', 'python', { 'validate.py': `import os, sys, time\n${python}\n` })
  const judge = async (interactor: Checker, language: Language, text: string, more: Partial<Problem> = {}) => {
    const limits = { cpuMs: 1000, memoryBytes: 64 * 1024 ** 2, ...more.limits }
    const problem: Problem = { tests: [['417', 'answer']], ...more, limits, judging: { mode: 'interactive', interactor, ...more.judging } }
    const source = sourceIn(folder, problem)
    try {
      return await evaluate({ source, sandbox, artefacts }, jobFor(language, text, { stopAtFirstFailure: false }), calm())
    } finally {
      assert.equal(source.held(), 0, 'test data is let go')
    }
  }

  for (const [protocol, interactor] of Object.entries(interactors))
    for (const [what, scenario] of Object.entries(scenarios))
      for (const language of scenario.isSlow ? [protocol === 'kattis' ? ('python' as const) : ('cpp' as const)] : (['python', 'cpp'] as const))
        it(`${protocol}, ${language}: ${what} is ${scenario.verdict}`, async () => {
          const text = language === 'python' ? python(scenario.python) : cpp(scenario.cpp)
          const { tests, compileLog } = await judge(interactor, language, text, scenario.verdict === 'TLE' ? { limits: { cpuMs: 300 } } : {})
          assert.equal(tests[0]?.verdict, scenario.verdict, `${compileLog} ${tests[0]?.detail}`)
          if (scenario.detail !== undefined) assert.match(tests[0]?.detail ?? '', scenario.detail)
        })

  it('tests follow each other in one pair, each with its own input; a source that is none is CE', async () => {
    const tests: Problem['tests'] = [
      ['1', ''],
      ['1000', ''],
      ['500', ''],
    ]
    for (const [name, interactor] of Object.entries(interactors)) {
      const right = await judge(interactor, 'python', python({}), { tests })
      assert.deepEqual([right.verdict, right.tests.map(({ verdict }) => verdict)], ['AC', ['AC', 'AC', 'AC']], name)
      assert.equal(right.provenance.checker, `${interactor.protocol}:${interactor.program.digest}`)
    }
    assert.deepEqual([(await judge(interactorOf('sys.exit(42)'), 'cpp', 'int main(')).verdict], ['CE'])
    assert.deepEqual([(await judge(interactorOf('sys.exit(43)'), 'python', 'def f(:')).verdict], ['CE'])
  })
  it('a checker judges what the interactor wrote, where it accepted', async () => {
    const checker = checkerIn(folder, 'testlib', 'python', {
      'check.py': 'import sys\nsys.exit(0 if int(open(sys.argv[2]).read()) <= int(open(sys.argv[3]).read()) else 1)',
    })
    const judging = { checker }
    const of = (most: string, turns: Turns = {}) => judge(interactors.testlib as Checker, 'python', python(turns), { judging, tests: [['417', most]] })
    assert.deepEqual([(await of('12')).verdict, (await of('2')).verdict, (await of('12', { wrong: '+ 1' })).verdict], ['AC', 'WA', 'WA'])
  })
  it('points of a Kattis interactor count', async () => {
    const interactor = interactorOf('input()\nopen(sys.argv[3] + "score.txt", "w").write("3.5")\nsys.exit(42)')
    const groups = [
      { name: 'all', parent: null, sample: false, maxMilli: 10_000, combine: 'sum', verdict: 'first-error', onReject: 'continue', dependsOn: [] },
    ] as const
    const judged = await judge(interactor, 'python', 'print("hello", flush=True)', {
      judging: { groups: groups.map((group) => ({ ...group, dependsOn: [] })) },
      testOf: () => ({ group: 'all', points: { accept: 10_000, reject: 0 } }),
    })
    assert.equal(judged.points?.milli, 3500)
  })

  const faults: readonly (readonly [what: string, python: string, reason: RegExp])[] = [
    ['ends with 0', 'sys.exit(0)', /ended with 0, where 42/],
    ['throws', 'input()\nnothing', /ended with 1.*NameError/s],
    ['loops', 'input()\nwhile True: pass', /stopped: too much CPU/],
    ['kills itself', 'os.kill(os.getpid(), 11)', /ended with 139/],
    ['kills everything', 'os.kill(-1, 9)', /./],
  ]
  for (const [what, program, reason] of faults)
    it(`an interactor that ${what} is a fault of the problem`, async () => {
      const interactor = { ...interactorOf(program), limits: { cpuMs: 300 } }
      await assert.rejects(judge(interactor, 'python', 'print("hello", flush=True)\ninput()', { limits: { cpuMs: 5000 } }), (error: unknown) => {
        assert.ok(error instanceof ProblemFault, String(error))
        assert.match(error.message, reason)
        return true
      })
    })

  it('who left first is to blame for what the interactor makes of it', async () => {
    const speaks = interactorOf('while True: print("x" * 1000, flush=True)')
    assert.equal((await judge(speaks, 'python', 'pass')).tests[0]?.verdict, 'WA', 'a broken pipe')
    const listens = interactorOf('input()\nsys.exit(42)')
    assert.equal((await judge(listens, 'python', 'pass')).tests[0]?.verdict, 'WA', 'an end of file')
    assert.equal((await judge(listens, 'python', '1 // 0')).tests[0]?.verdict, 'RE')
  })
  it('who drowns the interactor is told so', async () => {
    const drinks = { ...interactorOf('sys.exit(42 if sys.stdin.read() == "" else 43)'), limits: { memoryBytes: mebibytes(32) } }
    const flood = 'import os\nwhile True: os.write(1, b"x" * 65536)'
    assert.deepEqual((await judge(drinks, 'python', flood, { limits: { cpuMs: 5000 } })).tests[0]?.verdict, 'OLE')
  })
  it('neither the input nor the answer can be found by the participant', async () => {
    const looks =
      'import os\nfor at in ("box", "build", "tmp", "dev", "etc", "runner", "joint"):\n  for root, _, names in os.walk("/" + at):\n    for name in names:\n      if name.startswith(("judge.", "said", "talk.")): print("FOUND", root, name, flush=True)\nprint("done", flush=True)'
    const hears = interactorOf('sys.exit(42 if input() == "done" else 43)')
    assert.equal((await judge(hears, 'python', looks, { limits: { cpuMs: 5000 } })).verdict, 'AC')
  })
  it('a test that fits into no box is a fault of the problem', async () => {
    const tooLarge = judge(interactors.kattis as Checker, 'python', 'pass', { testOf: () => ({ inputBytes: 190 * 1024 ** 2, outputBytes: 3 * 1024 ** 2 }) })
    await assert.rejects(tooLarge, ProblemFault)
  })
  it('a judge that cannot join boxes says so, and no verdict', async () => {
    const { openPair: _, ...without } = sandbox
    const source = sourceIn(folder, { tests: [['1', '']], judging: { mode: 'interactive', interactor: interactors.kattis as Checker } })
    await assert.rejects(evaluate({ source, sandbox: without, artefacts }, jobFor('python', 'pass'), calm()), JudgeFault)
  })
})
