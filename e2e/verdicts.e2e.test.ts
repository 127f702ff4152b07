import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { arenaOfSize } from '#testkit/arena-of-size'
import { aPlusB, solutions } from './problems.ts'

const arena = await arenaOfSize()
const pids = arena.pids()
const teacher = await arena.as('teacher')
const student = await arena.as('student', 'Keza')
const problemId = await teacher.createProblem(aPlusB)
const contest = await teacher.createContest({ format: 'icpc', problems: [{ problemId }] })
await student.join(contest.id)

type Language = 'c' | 'cpp' | 'python'
const judge = (language: Language, source: string) => student.judged({ contestId: contest.id, problemId, language, source }, 60_000)

describe('a right A+B is accepted, and said so on the socket', () => {
  for (const language of ['cpp', 'python', 'c'] as const)
    test(`in ${language}`, async () => {
      const socket = await student.socket()
      const id = await student.submit({ contestId: contest.id, problemId, language, source: solutions[language] })
      const { message } = await socket.waitFor((each) => each.type === 'submission.judged' && each.id === id, 30_000)
      assert.equal('verdict' in message && message.verdict, 'AC')
      const submission = await student.waitForVerdict(id)
      assert.deepEqual([submission.verdict, submission.score, submission.tests?.map((each) => each.verdict)], ['AC', 100, ['AC', 'AC', 'AC', 'AC']])
      socket.close()
    })
})

/** What a program does → the verdict it must get. Each is right on the sample, where it can be, so that the verdict is earned on a hidden test too. */
const misbehaving: readonly (readonly [what: string, language: Language, source: string, verdict: string])[] = [
  ['prints a wrong sum', 'python', 'a, b = map(int, input().split())\nprint(a + b if a < 5 else 7)\n', 'WA'],
  ['prints nothing', 'c', 'int main(void){return 0;}', 'WA'],
  ['loops for ever', 'cpp', 'int main(){volatile long i=0;for(;;)i=i+1;}', 'TLE'],
  ['loops for ever in Python', 'python', 'while True: pass\n', 'TLE'],
  ['sleeps for ever', 'python', 'import time\ntime.sleep(3600)\n', 'TLE'],
  ['waits for input that never comes', 'c', '#include <unistd.h>\nint main(void){pause();}', 'TLE'],
  ['eats memory', 'cpp', '#include <cstring>\n#include <cstdlib>\nint main(){for(;;){char*p=(char*)malloc(1<<20);if(!p)return 0;memset(p,1,1<<20);}}', 'MLE'],
  ['eats memory in Python', 'python', 'x = []\nwhile True: x.append(bytearray(1 << 20))\n', 'MLE'],
  ['ends with an exit code', 'python', 'import sys\nsys.exit(3)\n', 'RE'],
  ['throws', 'python', 'print(1 // 0)\n', 'RE'],
  ['crashes with a segmentation fault', 'c', 'int main(void){volatile int*p=0;*p=1;return 0;}', 'RE'],
  ['aborts', 'cpp', '#include <cstdlib>\nint main(){std::abort();}', 'RE'],
  ['does not compile', 'cpp', 'int main(){ return undeclared_name; }', 'CE'],
  ['does not compile in Python', 'python', 'def f(:\n', 'CE'],
  ['floods the output', 'python', 'while True: print("y" * 1000)\n', 'OLE'],
  ['floods the output in C', 'c', '#include <stdio.h>\nint main(void){for(;;)puts("yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy");}', 'OLE'],
]

describe('each way to fail has its own verdict', () => {
  for (const [what, language, source, verdict] of misbehaving)
    test(`a program that ${what} gets ${verdict}`, async () => {
      const submission = await judge(language, source)
      assert.equal(submission.verdict, verdict, JSON.stringify(submission))
      assert.equal(submission.status, 'judged')
    })

  test('a program that does not compile is told why, in the words of the compiler', async () => {
    const submission = await judge('cpp', 'int main(){ return undeclared_name; }')
    assert.match(submission.compileLog ?? '', /undeclared_name/)
  })

  test('a sum that is right on the sample alone is not accepted', async () => {
    assert.equal((await judge('python', 'print(3)\n')).verdict, 'WA')
  })

  test('no process was started again for any of this', () => assert.deepEqual(arena.pids(), pids))
})
