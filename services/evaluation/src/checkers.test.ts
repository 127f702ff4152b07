import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import type { TestGroup } from '#contracts/judging'
import type { EvaluationJob } from '#contracts/submission'
import { silentLog } from '#ports/log'
import type { Sandbox } from '#ports/sandbox'
import { noTestSandbox, openTestSandbox } from '#testkit/sandbox'
import { calm, checkerIn, filesIn, jobFor, type Problem, sourceIn } from '../test/judging.ts'
import { type Artefacts, openArtefacts } from './artefacts.ts'
import { ProblemFault } from './domain/faults.ts'
import { evaluate } from './usecases/evaluate.ts'

const folder = mkdtempSync(join(tmpdir(), 'arena-checkers-'))
after(() => rmSync(folder, { recursive: true, force: true }))

/** Right is any number that is not the expected one; the answer says which. */
const kattisPython = `
import sys
judge, answer, feedback = sys.argv[1:4]
given = sys.stdin.read().split()
open(feedback + 'judgemessage.txt', 'w').write('given %s, wanted not %s, args %s' % (given, open(answer).read().split(), sys.argv[4:]))
sys.exit(42 if given and given[0].isdigit() and given != open(answer).read().split() else 43)
`
const saying = (code: string) => `import sys, os, time\nsys.stdin.read()\nfeedback = sys.argv[3]\n${code}\n`

describe('checkers in a real sandbox', { skip: noTestSandbox }, () => {
  let sandbox: Sandbox
  let artefacts: Artefacts
  before(async () => {
    sandbox = await openTestSandbox(join(folder, 'boxes'), 3)
    artefacts = await openArtefacts({ folder: join(folder, 'programs'), maxBytes: 1e8, log: silentLog })
  })
  after(async () => {
    await sandbox.close()
    await artefacts.settled()
  })
  const one: Problem['tests'] = [['in', '7']]
  const judge = async (problem: Problem, text = 'print(5)', rest: Partial<EvaluationJob> = {}, language = 'python') => {
    const source = sourceIn(folder, problem)
    try {
      return await evaluate({ source, sandbox, artefacts }, jobFor(language, text, { stopAtFirstFailure: false, ...rest }), calm())
    } finally {
      assert.equal(source.held(), 0, 'test data is let go')
    }
  }
  const kattis = (python: string, more: Partial<Problem> = {}): Problem => ({
    tests: one,
    ...more,
    judging: { checker: checkerIn(folder, 'kattis', 'python', { 'validate.py': python }), ...more.judging },
  })
  const testlib = (language: string, files: Record<string, string>, more: Partial<Problem> = {}): Problem => ({
    tests: one,
    ...more,
    judging: { checker: checkerIn(folder, 'testlib', language, files), ...more.judging },
  })

  it('a Kattis validator accepts and rejects; its message is for staff', async () => {
    const problem = kattis(kattisPython, { testOf: () => ({ checkerArgs: ['a b', '--x'] }) })
    const [right, wrong] = [await judge(problem), await judge(problem, 'print(7)')]
    assert.deepEqual([right.verdict, wrong.verdict], ['AC', 'WA'])
    assert.equal(wrong.tests[0]?.detail, "given ['7'], wanted not ['7'], args ['a b', '--x']")
    assert.equal(right.provenance.checker, `kattis:${problem.judging?.checker?.program.digest}`)
  })

  const faults: readonly (readonly [what: string, python: string, reason: RegExp])[] = [
    ['exits with 0', 'sys.exit(0)', /ended with 0, where 42/],
    ['exits with 1', 'sys.exit(1)', /ended with 1, where 42/],
    ['throws', 'print(nothing)', /ended with 1.*NameError/s],
    ['is no program', 'def f(:', /ended with 1.*SyntaxError/s],
    ['loops', 'while True: pass', /too much CPU/],
    ['kills itself', 'os.kill(os.getpid(), 11)', /ended with 139/],
    ['kills everything', 'os.kill(-1, 9)', /stopped: killed by SIGKILL/],
    ['eats memory', 'x = []\nwhile True: x.append(bytearray(1 << 20))', /too much memory/],
    ['gives garbage for points', 'open(feedback + "score.txt", "w").write("1e5x"); sys.exit(42)', /score.txt is no number.*1e5x/],
    ['gives nothing for points', 'open(feedback + "score.txt", "w").close(); sys.exit(42)', /score.txt is no number/],
    ['gives infinitely many points', 'open(feedback + "score.txt", "w").write("inf"); sys.exit(42)', /score.txt is no number/],
    ['gives a share of two', 'open(feedback + "score_multiplier.txt", "w").write("2"); sys.exit(42)', /from 0 to 1/],
  ]
  const group: TestGroup = {
    name: 'a',
    parent: null,
    sample: false,
    maxMilli: 10_000,
    combine: 'sum',
    verdict: 'first-error',
    onReject: 'continue',
    dependsOn: [],
  }
  const scored = { groups: [group] }
  for (const [what, python, reason] of faults)
    it(`one that ${what} is a fault of the problem, not of the participant`, async () => {
      // a busy machine must not end the others before they have done what they do
      const limits = { memoryBytes: 64 * 1024 ** 2, ...(what === 'loops' ? { cpuMs: 300 } : {}) }
      const checker = { ...checkerIn(folder, 'kattis', 'python', { 'validate.py': saying(python) }), limits }
      await assert.rejects(
        () => judge({ tests: one, judging: { checker, ...scored }, testOf: () => ({ group: 'a' }) }),
        (error: Error) => error instanceof ProblemFault && reason.test(error.message),
      )
    })
  it('one that does not compile, or is of an unknown language, likewise', async () => {
    await assert.rejects(() => judge(testlib('cpp', { 'check.cpp': 'int main( {' })), /checker does not compile/)
    await assert.rejects(() => judge(testlib('cobol', { 'check.cob': '' })), ProblemFault)
  })

  it('what it may not do it cannot do, and its messages are cut', async () => {
    const python = saying(`
import socket, subprocess
problems = []
for what in (lambda: socket.create_connection(('127.0.0.1', 80), 1), lambda: open('/etc/shadow').read(), lambda: os.listdir('/root'), lambda: open('/box/main.py', 'a'),
             lambda: open('judge.ans', 'a')):
    try:
        what()
        problems.append('possible')
    except OSError: pass
if os.fork() == 0:
    os.setsid()
    time.sleep(1000)
open('left', 'w').write('x'); open('/tmp/left', 'w').write('x')
sys.stderr.write('e' * 1000000); sys.stdout.write('o' * 1000000)
open(feedback + 'judgemessage.txt', 'w').write(repr(problems) + 'm\\x1b\\0' * 100000)
sys.exit(42)`)
    const { verdict, tests } = await judge(kattis(python))
    assert.equal(verdict, 'AC')
    const detail = tests[0]?.detail ?? ''
    assert.ok(detail.length <= 1000 && detail.startsWith('[]m\ufffd\ufffd'), detail.slice(0, 80))
  })
  it('nothing that it leaves is there at the next test, and no participant’s file ever', async () => {
    const python = saying(`
seen = sorted(os.listdir('.') + os.listdir('/tmp'))
open('left', 'w').write('x'); open('/tmp/left-too', 'w').write('x')
open(feedback + 'judgemessage.txt', 'w').write(' '.join(seen))
sys.exit(42)`)
    const { tests } = await judge(kattis(python, { tests: [...one, ['in2', '8']] }), 'open("mine", "w").write("x")\nprint(5)')
    assert.deepEqual(
      tests.map(({ detail }) => detail),
      ['feedback judge.ans judge.in main.py', 'feedback judge.ans judge.in main.py'],
    )
  })
  it('the participant’s box holds nothing of the checker', async () => {
    const looking = 'import os\nprint(5)\nimport sys\nsys.exit(0 if sorted(os.listdir(".")) == ["main.py"] else 1)'
    assert.equal((await judge(kattis(kattisPython, { tests: [...one, ...one] }), looking)).verdict, 'AC')
  })

  const own = (code: string) => `#include <cstdio>\n#include <cstdlib>\nint main(int argc, char **argv) {\n${code}\n}`
  for (const [code, verdict] of [
    [0, 'AC'],
    [1, 'WA'],
    [2, 'WA'],
    [4, 'WA'],
    [8, 'WA'],
  ] as const)
    it(`testlib’s exit code ${code} is ${verdict}`, async () => {
      const problem = testlib(
        'cpp',
        { 'check.cpp': own(`fprintf(stderr, "%s|%s|%s|%d", argv[1], argv[2], argv[3], argc); return atoi(argv[4]);`) },
        { testOf: () => ({ checkerArgs: [String(code)] }) },
      )
      const outcome = await judge(problem)
      assert.deepEqual([outcome.verdict, outcome.tests[0]?.detail], [verdict, 'judge.in|team.out|judge.ans|5'])
    })
  for (const code of [3, 6, 9, 42, 139])
    it(`testlib’s exit code ${code} is a fault`, async () => {
      const files = { 'check.cpp': own('fprintf(stderr, "FAIL because"); return atoi(argv[4]);') }
      await assert.rejects(() => judge(testlib('cpp', files, { testOf: () => ({ checkerArgs: [String(code)] }) })), /FAIL because/)
    })
  it('a crash in Python is no WA, though its exit code is', async () => {
    await assert.rejects(() => judge(testlib('python', { 'check.py': 'import nothing' })), /it crashed/)
    await assert.rejects(() => judge(testlib('python', { 'check.py': 'def f(:' })), /it crashed/)
    assert.equal((await judge(testlib('python', { 'check.py': 'import sys\nsys.exit("wrong answer no")' }))).verdict, 'WA')
  })
  it('points that a testlib checker gives are the test’s, where it has any', async () => {
    const files = { 'check.cpp': own('fprintf(stderr, "points 2.5 half\\n"); return 7;') }
    const points = await judge(testlib('cpp', files, { judging: scored, testOf: () => ({ group: 'a', points: { accept: 5000, reject: 0 } }) }))
    assert.deepEqual(
      [points.verdict, points.score, points.points?.milli, points.tests[0]?.milli, points.tests[0]?.verdict],
      ['PARTIAL', 25, 2500, 2500, 'PARTIAL'],
    )
    assert.equal((await judge(testlib('cpp', files))).verdict, 'AC', 'more than the one point of a test of which nothing is said')
  })
  it('a checker of several files in C++ and in Java', async () => {
    const cpp = {
      'check.cpp': '#include "right.h"\nint main() { return right() ? 0 : 1; }',
      'right.h': 'bool right();',
      'other.cc': '#include "right.h"\nbool right() { return true; }',
    }
    assert.equal((await judge(testlib('cpp', cpp))).verdict, 'AC')
    if (sandbox.toolchains.java === undefined) return
    const java = {
      'Check.java': 'public class Check { public static void main(String[] x) throws Exception { System.exit(Rule.right(x[1]) ? 0 : 1); } }',
      'Rule.java': 'class Rule { static boolean right(String file) throws Exception { return new java.util.Scanner(new java.io.File(file)).nextInt() == 5; } }',
    }
    assert.equal((await judge(testlib('java', java))).verdict, 'AC')
  })

  const numbers = `#include "testlib.h"
int main(int argc, char *argv[]) {
    registerTestlibCmd(argc, argv);
    int n = inf.readInt(1, 100, "n");
    for (int i = 1; i <= n; i++) {
        double wanted = ans.readDouble(), given = ouf.readDouble();
        if (!doubleCompare(wanted, given, 1e-6)) quitf(_wa, "%d%s number: %.2f", i, englishEnding(i).c_str(), given);
    }
    if (ouf.seekEof()) quitf(_ok, "%d numbers", n);
    std::string word = ouf.readToken();
    if (word == "half") quitp(0.5, "half of %s", "it");
    if (word == "part") quitf(_pc(30), "some of it");
    if (word == "judge") ans.readInt();
    ouf.readEoln();
    quitf(_ok, "%s", ouf.readLine().c_str());
}`
  const oneTest: Partial<Problem> = { tests: [['2', '1 2.5']], judging: scored, testOf: () => ({ group: 'a' }) }
  it('testlib.h is there for a checker that comes without it, and its own is taken where it brings one', async () => {
    const problem = testlib('cpp', { 'check.cpp': numbers }, oneTest)
    const judged = async (output: string) => {
      const { verdict, score, tests } = await judge(problem, `print(${JSON.stringify(output)}, end="")`)
      return [verdict, score, tests[0]?.detail]
    }
    assert.deepEqual(await judged('1 2.5000001'), ['AC', 100, 'ok 2 numbers'])
    assert.deepEqual(await judged('1 2.6'), ['WA', 0, 'wrong answer 2nd number: 2.60'])
    assert.deepEqual(await judged('1'), ['WA', 0, 'unexpected eof Unexpected end of file - token expected'])
    assert.deepEqual(await judged('1 nan'), ['WA', 0, 'wrong output format Expected double, but "nan" found'])
    assert.deepEqual(await judged('1 2.5 half'), ['PARTIAL', 5, 'points 0.5 half of it'])
    assert.deepEqual(await judged('1 2.5 part'), ['PARTIAL', 30, 'partially correct (30) some of it'])
    assert.deepEqual(await judged('1 2.5 x\nlast\n'), ['AC', 100, 'ok last'])
    assert.deepEqual(await judged('1 2.5 x\nlast\nmore'), ['WA', 0, 'wrong output format Extra information in the output file'])
    await assert.rejects(() => judged('1 2.5 judge'), /it failed: FAIL Unexpected end of file/)
    const own = testlib('cpp', { 'check.cpp': '#include "testlib.h"\nint main() { return CODE; }', 'testlib.h': '#define CODE 1' }, oneTest)
    assert.equal((await judge(own)).verdict, 'WA')
  })

  it('as many judgings at once as there are boxes but one: each comes to its end', async () => {
    const inTurn = async () => {
      for (let round = 0; round < 3; round++) assert.equal((await judge(kattis(kattisPython))).verdict, 'AC')
    }
    await Promise.all([inTurn(), inTurn()])
  })
  it('an abort closes both boxes', async () => {
    const stop = new AbortController()
    let opened = 0
    const watched: Sandbox = {
      ...sandbox,
      async open(options) {
        const box = await sandbox.open(options)
        opened += 1
        if (opened === 1) return box
        const run: typeof box.run = (spec) => {
          setImmediate(() => stop.abort(new Error('lease lost')))
          return box.run(spec)
        }
        return { ...box, run }
      },
    }
    const source = sourceIn(folder, kattis(saying('while True: pass')))
    const judging = evaluate({ source, sandbox: watched }, jobFor('python', 'print(5)'), { ...calm(), signal: stop.signal })
    await assert.rejects(judging, /lease lost/)
    const boxes = await Promise.all([sandbox.open(), sandbox.open(), sandbox.open()])
    await Promise.all(boxes.map((box) => box.close()))
  })

  describe('output-only', () => {
    const text = (source: string, problem: Problem) => judge({ ...problem, judging: { mode: 'output-only', ...problem.judging } }, source, {}, 'text')
    it('one test: the whole text', async () => {
      assert.deepEqual([(await text('7\n', { tests: one })).verdict, (await text('8', { tests: one })).verdict], ['AC', 'WA'])
    })
    it('several: by name, a missing one is wrong', async () => {
      const problem: Problem = {
        tests: [
          ['', '1'],
          ['', '2'],
          ['', '3'],
        ],
        testOf: (index) => ({ name: `secret/0${index}`, group: 'a', points: { accept: 4000, reject: 0 } }),
        judging: scored,
      }
      const outcome = await text('=== 01\n1\n=== 2\n2\n', problem)
      assert.deepEqual([outcome.tests.map(({ verdict }) => verdict), outcome.points?.milli, outcome.score], [['AC', 'AC', 'WA'], 8000, 80])
    })
    it('with a checker', async () => {
      assert.equal((await text('5', kattis(kattisPython, { judging: { mode: 'output-only' } }))).verdict, 'AC')
    })
    it('a program is not taken, nor a text by other problems', async () => {
      await assert.rejects(() => judge({ tests: one, judging: { mode: 'output-only' } }), ProblemFault)
      await assert.rejects(() => judge({ tests: one }, '7', {}, 'text'), ProblemFault)
    })
  })

  describe('a function that a grader calls', () => {
    const graders = () => ({
      cpp: filesIn(folder, {
        'grader.cpp': '#include "add.h"\n#include <iostream>\nint main() { long a, b; std::cin >> a >> b; std::cout << add(a, b); }',
        'add.h': 'long add(long a, long b);',
      }),
      python: filesIn(folder, { 'grader.py': 'import solution\na, b = map(int, input().split())\nprint(solution.add(a, b))' }),
      java: filesIn(folder, {
        'Main.java':
          'public class Main { public static void main(String[] x) { var s = new java.util.Scanner(System.in); System.out.println(Solution.add(s.nextInt(), s.nextInt())); } }',
      }),
    })
    const sums: Problem['tests'] = [
      ['1 2', '3'],
      ['4 5', '9'],
    ]
    const ask = (language: string, source: string) => judge({ tests: sums, judging: { mode: 'function', graders: graders() } }, source, {}, language)
    for (const [language, right, wrong, broken] of [
      ['cpp', '#include "add.h"\nlong add(long a, long b) { return a + b; }', 'long add(long a, long b) { return a - b; }', 'long add(long a, long b) {'],
      ['python', 'def add(a, b): return a + b', 'def add(a, b): return 3', 'def add(a, b:'],
      [
        'java',
        'class Solution { static int add(int a, int b) { return a + b; } }',
        'class Solution { static int add(int a, int b) { return 3; } }',
        'class Solution {',
      ],
    ] as const)
      it(`in ${language}`, async () => {
        if (sandbox.toolchains[language] === undefined) return
        const verdicts = [await ask(language, right), await ask(language, wrong), await ask(language, broken)].map(({ verdict }) => verdict)
        assert.deepEqual(verdicts, ['AC', 'WA', 'CE'])
      })
    it('a language without a grader is a fault of the problem', async () => {
      await assert.rejects(() => ask('c', 'int add;'), ProblemFault)
    })
  })

  describe('groups', () => {
    const groups: TestGroup[] = [
      { ...group, name: 'small', combine: 'min', maxMilli: 4000 },
      { ...group, name: 'large', combine: 'all', maxMilli: 6000, dependsOn: ['small'] },
    ]
    const problem: Problem = {
      tests: ['1', '2', '3', '4'].map((n) => [n, n]),
      testOf: (index) => ({ group: index > 2 ? 'large' : 'small' }),
      judging: { groups },
    }
    const right = (...numbers: number[]) => `n = int(input())\nprint(n if n in ${JSON.stringify(numbers)} else 0)`
    it('points, cut short, in a contest with points', async () => {
      const some = await judge(problem, right(1, 2, 3))
      assert.deepEqual(
        [some.verdict, some.score, some.points?.milli, some.tests.map(({ verdict }) => verdict)],
        ['PARTIAL', 40, 4000, ['AC', 'AC', 'AC', 'WA']],
      )
      const none = await judge(problem, right(2, 3, 4))
      assert.deepEqual([none.verdict, none.score, none.tests.map(({ verdict }) => verdict)], ['WA', 0, ['WA', 'SKIPPED', 'SKIPPED', 'SKIPPED']])
      assert.deepEqual([(await judge(problem, right(1, 2, 3, 4))).score, (await judge(problem, 'def f(:')).points?.maxMilli], [100, 10_000])
    })
    it('in an ICPC contest the first failing test in order, and no points', async () => {
      const outcome = await judge(problem, right(1, 2, 4), { stopAtFirstFailure: true })
      assert.deepEqual(
        [outcome.verdict, outcome.score, outcome.points, outcome.tests.map(({ verdict }) => verdict)],
        ['WA', 0, undefined, ['AC', 'AC', 'WA', 'SKIPPED']],
      )
    })
    it('groups that make no sense are a fault of the problem', async () => {
      await assert.rejects(() => judge({ ...problem, testOf: () => ({}) }, right(1)), /make no sense: test 1 is in no group/)
    })
  })
})
