import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it, test } from 'node:test'
import type { EvaluationJob } from '#contracts/submission'
import { bytes, ms } from '#kernel/units'
import type { Sandbox } from '#ports/sandbox'
import { noTestSandbox, openTestSandbox } from '#testkit/sandbox'
import { aPlusB, calm, digestOf, jobFor, type Problem, sourceIn } from '../test/judging.ts'
import { JudgeFault, ProblemFault } from './domain/faults.ts'
import { type JudgingSource, openBlobCache } from './test-data.ts'
import { evaluate } from './usecases/evaluate.ts'

const folder = mkdtempSync(join(tmpdir(), 'arena-evaluate-'))
after(() => rmSync(folder, { recursive: true, force: true }))
const lines = '\n'.repeat(100_000)
const padded = (sum: string): Problem => ({ tests: [[`1 2\n${lines}`, `${sum}${lines}`], ...aPlusB.tests.slice(1)] })
const sourceOf = (problem: Problem) => sourceIn(folder, problem)

/** A sandbox in which every program ends with exit code 1 and these last words. */
const failingWith = (stderr: string): Sandbox => ({
  name: 'native',
  toolchains: { python: 'Python 3' },
  contains: 'untrusted',
  open: async () => ({
    put: async () => undefined,
    run: async ({ keepFiles }) => {
      const exitCode = keepFiles ? 0 : 1 // the compiler finds nothing
      return { outcome: 'exited', exitCode, cpu: ms(1), wall: ms(1), memory: bytes(1), stdout: Buffer.from(''), stderr: Buffer.from(stderr) }
    },
    take: async () => undefined,
    list: async () => [],
    close: async () => undefined,
  }),
  close: async () => undefined,
})

test("a program's last words are whole characters, wherever they are cut: half of one could not be stored", async () => {
  const outcome = await evaluate({ source: sourceOf(aPlusB), sandbox: failingWith(`${'😀'.repeat(600)}a`) }, jobFor('python', 'x'), calm())
  const said = outcome.tests[0]?.detail ?? ''
  assert.equal(outcome.verdict, 'RE')
  assert.ok(said.endsWith('😀a') && said.isWellFormed(), JSON.stringify(said.slice(0, 40)))
})

describe('a program judged in a real sandbox', { skip: noTestSandbox }, () => {
  let sandbox: Sandbox
  before(async () => {
    sandbox = await openTestSandbox(join(folder, 'boxes'))
  })
  after(() => sandbox.close())
  const judge = async (language: string, text: string, problem: Problem = aPlusB, rest: Partial<EvaluationJob> = {}) => {
    const source = sourceOf(problem)
    const outcome = await evaluate({ source, sandbox }, jobFor(language, text, rest), calm())
    assert.equal(source.held(), 0, 'test data is let go')
    return outcome
  }
  const verdicts: readonly [title: string, language: string, source: string, verdict: string, detail?: RegExp | undefined, problem?: Problem][] = [
    ['A+B in C', 'c', '#include <stdio.h>\nint main(){long long a,b;scanf("%lld%lld",&a,&b);printf("%lld\\n",a+b);}', 'AC'],
    ['A+B in C++17', 'cpp', '#include <iostream>\nint main(){long long a,b;std::cin>>a>>b;std::cout<<a+b<<"\\n";}', 'AC'],
    ['A+B in Python', 'python', 'a, b = map(int, input().split())\nprint(a + b)', 'AC'],
    ['A+B, its files too large to be kept in memory', 'python', 'a, b = map(int, input().split())\nprint(a + b)', 'AC', undefined, padded('3')],
    ['a wrong sum, likewise', 'python', 'a, b = map(int, input().split())\nprint(a + b)', 'WA', /token 1/, padded('4')],
    ['A+B in Python reading /dev/stdin', 'python', 'a, b = map(int, open("/dev/stdin").read().split())\nprint(a + b)', 'AC'],
    ['a wrong sum', 'cpp', '#include <cstdio>\nint main(){int a,b;scanf("%d%d",&a,&b);printf("%d",a-b);}', 'WA', /token 1/],
    ['no output', 'python', 'pass', 'WA', /ends where/],
    ['an endless loop', 'c', 'int main(){for(volatile int i=0;;i++);}', 'TLE', /CPU/, { ...aPlusB, limits: { cpuMs: 150 } }],
    ['an endless sleep', 'python', 'import time\ntime.sleep(99)', 'TLE', /elapsed/, { ...aPlusB, limits: { cpuMs: 100 } }],
    [
      'a memory eater',
      'cpp',
      '#include <vector>\nint main(){std::vector<char*> v;for(;;){char*p=new char[1<<20];for(int i=0;i<1<<20;i+=512)p[i]=1;v.push_back(p);}}',
      'MLE',
    ],
    ['a huge static array, touched', 'c', 'char a[200<<20];int main(){for(int i=0;i<sizeof a;i+=512)a[i]=1;return a[5];}', 'MLE'],
    [
      'a flood',
      'cpp',
      '#include <cstdio>\nint main(){for(;;)puts("spam spam spam spam spam");}',
      'OLE',
      undefined,
      { ...aPlusB, limits: { outputBytes: 100_000 } },
    ],
    ['an exception', 'python', 'raise ValueError("oops")', 'RE', /exit code 1[\s\S]*oops/],
    ['a null pointer', 'c', 'int main(){volatile int*p=0;return *p;}', 'RE', /SIGSEGV/],
    ['an abort', 'cpp', '#include <cstdlib>\nint main(){abort();}', 'RE', /SIGABRT/],
    ['a non-zero exit', 'c', 'int main(){return 3;}', 'RE', /exit code 3/],
  ]
  for (const [title, language, text, verdict, detail, problem] of verdicts) {
    it(`${title} is ${verdict}`, async () => {
      const outcome = await judge(language, text, problem)
      assert.equal(outcome.verdict, verdict, JSON.stringify(outcome.tests))
      assert.equal(outcome.score, verdict === 'AC' ? 100 : 0)
      assert.equal(outcome.compileLog, null)
      if (detail !== undefined) assert.match(outcome.tests[0]?.detail ?? '', detail)
      if (verdict !== 'AC')
        assert.deepEqual(
          outcome.tests.slice(1).map((test) => test.verdict),
          ['SKIPPED', 'SKIPPED'],
        )
    })
  }
  for (const [language, text, log] of [
    ['cpp', 'int main( { }', /error/],
    ['c', '#error no', /#error no/],
    ['python', 'def f(:\n', /SyntaxError/],
    ['cpp', '#include "/dev/zero"\nint main(){}', /./],
    ['cpp', '#include "/etc/shadow"\nint main(){}', /No such file|Permission/],
  ] as const) {
    it(`${JSON.stringify(text)} in ${language} is CE with a log`, async () => {
      const outcome = await judge(language, text)
      assert.equal(outcome.verdict, 'CE')
      assert.match(outcome.compileLog ?? '', log)
      assert.ok((outcome.compileLog ?? '').length <= 40_000 && outcome.tests.length === 0)
    })
  }
  it('outside ICPC all tests run, and the first failing one names the verdict', async () => {
    const outcome = await judge('python', 'a, b = map(int, input().split())\nprint(a + b if a != 10 else 0)', aPlusB, { stopAtFirstFailure: false })
    assert.deepEqual([outcome.verdict, outcome.score, ...outcome.tests.map((test) => test.verdict)], ['WA', 0, 'AC', 'WA', 'AC'])
  })
  it('a file that one test leaves is not there in the next', async () => {
    const outcome = await judge(
      'python',
      'import os\na, b = map(int, input().split())\nopen("seen", "x").write("x"); open("/tmp/seen", "x").write("x")\nprint(a + b)',
    )
    assert.equal(outcome.verdict, 'AC', JSON.stringify(outcome.tests))
  })
  it('the expected output is nowhere in the box', async () => {
    const look =
      'import os\nfound = [os.path.join(d, f) for root in ("/box", "/tmp", "/dev") for d, _, fs in os.walk(root) for f in fs]\na, b = map(int, input().split())\nprint(a + b if sorted(f for f in found if f.startswith("/box")) == ["/box/main.py"] else found)'
    assert.equal((await judge('python', look)).verdict, 'AC')
  })
  it("compares by the problem's own rules, and says by which", async () => {
    const problem: Problem = { tests: [['', 'A\nb\n']], compare: { kind: 'unordered-lines' } }
    const [right, wrong] = [await judge('python', 'print("b"); print("A")', problem), await judge('python', 'print("b"); print("a")', problem)]
    assert.deepEqual([right.verdict, wrong.verdict, right.provenance.checker], ['AC', 'WA', 'unordered-lines'])
    assert.match(wrong.tests[0]?.detail ?? '', /^line 3, column 1: line 1 of the expected output, “A”, is not there$/)
  })
  it('compares a test by rules of its own where it has them', async () => {
    const tests: Problem['tests'] = [
      ['', 'A'],
      ['', 'a'],
    ]
    const outcome = await judge('python', 'print("a")', { tests, testCompare: [undefined, { caseSensitive: true }] })
    const other = await judge('python', 'print("a")', { tests, testCompare: [{ caseSensitive: true }] }, { stopAtFirstFailure: false })
    assert.deepEqual([outcome.verdict, other.tests.map(({ verdict }) => verdict)], ['AC', ['WA', 'AC']])
  })
  it('names what a later judge needs, and times every stage', async () => {
    const { provenance, stages, tests } = await judge('cpp', '#include <cstdio>\nint main(){int a,b;scanf("%d%d",&a,&b);printf("%d",a+b);}')
    assert.match(provenance.toolchain, /^cpp \d+\./)
    assert.deepEqual([provenance.sandbox, provenance.checker, provenance.problemVersion], ['native', 'default', 1])
    assert.ok(stages.compileMs > 10 && stages.runMs > 0 && Object.values(stages).every(Number.isInteger))
    assert.ok(tests.every((test) => Number.isInteger(test.cpuMs) && (test.memoryBytes ?? 0) > 0))
  })
  it('tells its progress: compiling, then each test', async () => {
    const told: string[] = []
    await evaluate({ source: sourceOf(aPlusB), sandbox }, jobFor('python', 'print(sum(map(int, input().split())))'), {
      signal: new AbortController().signal,
      progress: (...said) => told.push(said.join(' ')),
    })
    assert.deepEqual(told, ['compiling 0 3', 'running 1 3', 'running 2 3', 'running 3 3'])
  })
  it('an abort stops the program, gives no outcome and leaves the sandbox usable', async () => {
    const stop = new AbortController()
    const judging = evaluate({ source: sourceOf(aPlusB), sandbox }, jobFor('python', 'while True: pass'), {
      signal: stop.signal,
      progress: (stage) => stage === 'running' && stop.abort(new Error('lease lost')),
    })
    await assert.rejects(judging, /lease lost/)
    assert.equal((await judge('python', 'print(sum(map(int, input().split())))')).verdict, 'AC')
  })
  it('what is wrong with the problem is the setter’s fault, what is wrong here is ours: neither is a verdict', async () => {
    await assert.rejects(judge('python', '', { tests: [] }), ProblemFault)
    await assert.rejects(judge('cobol', 'x'), ProblemFault)
    await assert.rejects(evaluate({ source: sourceOf(aPlusB), sandbox: undefined }, jobFor('python', ''), calm()), JudgeFault)
    await assert.rejects(evaluate({ source: sourceOf(aPlusB), sandbox: { ...sandbox, toolchains: {} } }, jobFor('python', ''), calm()), JudgeFault)
    const missing: JudgingSource = { ...sourceOf(aPlusB), hold: () => Promise.reject(new ProblemFault('gone')) }
    await assert.rejects(evaluate({ source: missing, sandbox }, jobFor('python', ''), calm()), ProblemFault)
  })
})

describe('quiz answers take the same way', () => {
  const quiz = (judging: Awaited<ReturnType<JudgingSource['judging']>>, job: Partial<EvaluationJob>) =>
    evaluate(
      { source: { judging: async () => judging, hold: () => Promise.reject(new Error('no data')) }, sandbox: undefined },
      jobFor('', '', { language: null, source: null, ...job }),
      calm(),
    )
  const dataDigest = digestOf('')
  it('without a sandbox', async () => {
    const choice = { kind: 'choice', optionIds: ['a', 'b'], correct: ['a'], dataDigest } as const
    assert.equal(
      (await quiz({ ...choice, optionIds: [...choice.optionIds], correct: [...choice.correct] }, { kind: 'choice', answer: { choices: ['a'] } })).verdict,
      'AC',
    )
    const numeric = await quiz({ kind: 'numeric', answer: '9.81', tolerance: {}, dataDigest }, { kind: 'numeric', answer: { value: '9,8' } })
    assert.deepEqual([numeric.verdict, numeric.score, numeric.tests], ['WA', 0, []])
  })
  it('a kind that does not fit is no verdict', async () => {
    await assert.rejects(quiz({ kind: 'numeric', answer: '1', tolerance: {}, dataDigest }, { kind: 'choice', answer: { choices: ['a'] } }), ProblemFault)
    await assert.rejects(quiz({ kind: 'numeric', answer: '1', tolerance: {}, dataDigest }, { kind: 'numeric', answer: null }), JudgeFault)
  })
})

describe('the cache of test data', () => {
  const contents = ['one', 'two', 'three'].map((text) => text.repeat(100))
  const open = (maxBytes: number, name: string) => {
    const fetched: string[] = []
    const cache = openBlobCache(join(folder, name), maxBytes, async (digest) => {
      fetched.push(digest)
      const content = contents.find((text) => digestOf(text) === digest) ?? 'something else'
      return (async function* () {
        yield Buffer.from(content)
      })()
    })
    return { cache, fetched }
  }
  it('fetches once, also for two at the same time and across a restart, and verifies what lay on disk', async () => {
    const [one = ''] = contents.map(digestOf)
    const { cache, fetched } = open(1e6, 'cache-a')
    const [a, b] = await Promise.all([(await cache).hold(one), (await cache).hold(one)])
    assert.deepEqual([a?.path === b?.path, fetched.length], [true, 1])
    for (const held of [a, b]) assert.equal(Buffer.from(held?.content ?? '').toString(), contents[0], 'what is small comes with its content')
    const again = open(1e6, 'cache-a')
    await (await again.cache).hold(one)
    assert.equal(again.fetched.length, 0)
    rmSync(join(folder, 'cache-a', one))
    writeFileSync(join(folder, 'cache-a', one), 'cut')
    const damaged = open(1e6, 'cache-a')
    await (await damaged.cache).hold(one)
    assert.equal(damaged.fetched.length, 1)
  })
  it('what is large is not in memory', async () => {
    const large = 'x'.repeat(64 * 1024 + 1)
    const cache = await openBlobCache(join(folder, 'cache-e'), 1e6, async () =>
      (async function* () {
        yield Buffer.from(large)
      })(),
    )
    const held = await cache.hold(digestOf(large))
    assert.deepEqual([held.content, readFileSync(held.path, 'utf8')], [undefined, large])
  })
  it('lets go what was used longest ago, but nothing that is held', async () => {
    const [one = '', two = '', three = ''] = contents.map(digestOf)
    const cache = await open(700, 'cache-b').cache
    const held = await cache.hold(one)
    ;(await cache.hold(two)).release()
    ;(await cache.hold(three)).release()
    assert.deepEqual(readdirSync(join(folder, 'cache-b')).includes(one), true)
    assert.deepEqual(readdirSync(join(folder, 'cache-b')).includes(two), false)
    held.release()
  })
  it('counts what an earlier process left, and lets that go first', async () => {
    const [one = '', two = '', three = ''] = contents.map(digestOf)
    const earlier = await open(1e6, 'cache-d').cache
    for (const digest of [one, two]) (await earlier.hold(digest)).release()
    const cache = await open(600, 'cache-d').cache
    ;(await cache.hold(three)).release()
    assert.deepEqual(readdirSync(join(folder, 'cache-d')), [three])
  })
  it('what arrives damaged is a judge fault and leaves nothing', async () => {
    const { cache } = open(1e6, 'cache-c')
    await assert.rejects((await cache).hold(digestOf('unknown')), JudgeFault)
    assert.deepEqual(readdirSync(join(folder, 'cache-c')), [])
    await assert.rejects((await cache).hold('../etc'), ProblemFault)
  })
})
