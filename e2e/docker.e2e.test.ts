import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { openEngine } from '#adapters/sandbox-docker/engine'
import { ownerLabel } from '#adapters/sandbox-docker/owner'
import { arenaForTests } from '#testkit/arena'
import { noTestEngine, testEngineAddress } from '#testkit/docker'
import { eventually } from '#testkit/eventually'
import { importPackage, packageFiles } from './packages.ts'
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

  test('a checker runs in a container of its own, of the image of its language', async () => {
    const files = packageFiles('legacy-custom') // its validator is in C++
    const checked = await importPackage(teacher, files)
    for (const [path, verdict] of [
      ['submissions/accepted/half.py', 'AC'],
      ['submissions/wrong_answer/zero.py', 'WA'],
    ] as const) {
      const submission = await teacher.judged({ problemId: checked, language: 'python', source: files[path]?.toString() ?? '' }, 90_000)
      assert.equal(submission.verdict, verdict, JSON.stringify(submission))
    }
  })

  const slow = (mark: string) => `# ${mark}\nimport time\ntime.sleep(0.5)\na, b = map(int, input().split())\nprint(a + b)\n`
  const engine = openEngine(testEngineAddress)
  /** The containers of the arena's worker as it is now. */
  const owners = () => [...arena.log().matchAll(/"owner":"([0-9a-f]{16})"/g)].map(([, owner = '']) => owner)
  const containersOf = async (owner = '') => (await engine.list(`${ownerLabel}=${owner}`)).containers

  const victims = {
    'its containers': async () => {
      for (const { id } of await containersOf(owners().at(-1))) await engine.remove(id)
    },
    'the worker': async () => process.kill(arena.workerPid() ?? 0, 'SIGKILL'),
  }
  for (const [what, kill] of Object.entries(victims))
    test(`kill -9 of ${what} while a program runs costs no verdict and leaves no container`, async () => {
      const socket = await student.socket()
      const id = await student.submit({ contestId: contest.id, problemId, language: 'python', source: slow(what) })
      await socket.waitFor((each) => each.type === 'submission.progress' && each.id === id && each.stage === 'running', 60_000)
      const killedOwner = owners().at(-1)
      await kill()
      const { message } = await socket.waitFor((each) => each.type === 'submission.judged' && each.id === id, 90_000)
      assert.equal('verdict' in message && message.verdict, 'AC')
      socket.close()
      const [row] = await arena.sql<{ n: string }>('select count(*) as n from submission.judgements where submission_id = $1', [id])
      assert.equal(Number(row?.n), 1)
      // of a worker that was killed all are gone; of one that lives, none is left that does not run
      await eventually(async () => {
        const left = (await containersOf(killedOwner)).filter(({ state }) => killedOwner !== owners().at(-1) || !['running', 'created'].includes(state))
        assert.deepEqual(left, [])
      }, 150_000)
    })
})
