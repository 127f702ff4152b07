import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { arenaForTests } from '#testkit/arena'
import { noTestEngine, testEngineAddress } from '#testkit/docker'
import { aPlusB, solutions } from './problems.ts'

/** The other files of this folder judge natively; this one is the way of a submission where programs run in containers. */
const skip = await noTestEngine()

/** What a program does → the verdict it must get. */
const programs: readonly (readonly [what: string, language: 'c' | 'cpp' | 'python', source: string, verdict: string])[] = [
  ['is right in C++', 'cpp', solutions.cpp, 'AC'],
  ['is right in Python', 'python', solutions.python, 'AC'],
  ['is right in C', 'c', solutions.c, 'AC'],
  ['is wrong', 'python', 'a, b = map(int, input().split())\nprint(a + b if a < 5 else 7)\n', 'WA'],
  ['loops for ever', 'cpp', 'int main(){volatile long i=0;for(;;)i=i+1;}', 'TLE'],
  ['eats memory', 'cpp', '#include <cstring>\n#include <cstdlib>\nint main(){for(;;){char*p=(char*)malloc(1<<20);if(!p)return 0;memset(p,1,1<<20);}}', 'MLE'],
  ['floods the output', 'python', 'while True: print("y" * 1000)\n', 'OLE'],
  ['crashes', 'c', 'int main(void){volatile int*p=0;*p=1;return 0;}', 'RE'],
  ['does not compile', 'cpp', 'int main(){ return undeclared_name; }', 'CE'],
  ['does not compile in Python', 'python', 'def f(:\n', 'CE'],
]

describe('an arena that judges in containers', { skip }, async () => {
  if (skip !== false) return
  const arena = await arenaForTests({ env: { ARENA_SANDBOX: 'docker', ARENA_DOCKER_HOST: testEngineAddress } })
  const teacher = await arena.as('teacher')
  const student = await arena.as('student', 'Keza')
  const problemId = await teacher.createProblem(aPlusB)
  const contest = await teacher.createContest({ format: 'icpc', problems: [{ problemId }] })
  await student.join(contest.id)

  test('tells the verdict on the socket', async () => {
    const socket = await student.socket()
    const id = await student.submit({ contestId: contest.id, problemId, language: 'cpp', source: solutions.cpp })
    const { message } = await socket.waitFor((each) => each.type === 'submission.judged' && each.id === id, 60_000)
    assert.equal('verdict' in message && message.verdict, 'AC')
    socket.close()
  })
  for (const [what, language, source, verdict] of programs)
    test(`a program that ${what} gets ${verdict}`, async () => {
      const submission = await student.judged({ contestId: contest.id, problemId, language, source }, 60_000)
      assert.deepEqual([submission.status, submission.verdict], ['judged', verdict], JSON.stringify(submission))
    })
})
