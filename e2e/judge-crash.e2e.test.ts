/**
 * `kill -9` of each process that takes part in judging, at each moment that can be told apart from outside: while the compiler works, while a test runs,
 * and as the verdict is told but the job not yet acknowledged. Whatever was killed, the submission ends with its one verdict, the judge goes on, and
 * nothing of what was killed stays behind.
 */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { after, test } from 'node:test'
import type { ServerMessage } from '#contracts/notifications'
import { arenaForTests, childrenOf } from '#testkit/arena'
import type { ArenaClient } from '#testkit/arena-client'
import { controlGroupsOf, mountsBelow } from '#testkit/arena-remains'
import { eventually } from '#testkit/eventually'
import { aPlusB } from './problems.ts'

/** No header of it was compiled ahead, so its compiler works for a second. */
const slowToCompile = (mark: string) => `// ${mark}
#include <map>
#include <random>
#include <string>
#include <iostream>
int main() {
  int a, b;
  std::cin >> a >> b;
  std::map<std::string, std::mt19937> found;
  found["x"] = std::mt19937(1);
  std::cout << a + b + static_cast<int>(found.size()) - 1 << std::endl;
}
`
const slowToRun = (mark: string) => `# ${mark}
import time
time.sleep(0.4)
a, b = map(int, input().split())
print(a + b)
`
const moments = {
  compiling: { language: 'cpp', source: slowToCompile, isNow: isProgress('compiling') },
  running: { language: 'python', source: slowToRun, isNow: isProgress('running') },
  told: { language: 'python', source: slowToRun, isNow: isJudged },
} as const
type Moment = keyof typeof moments
/** Deeper than a worker, by the beginning of their command line. */
const parts = { runner: /^\/runner\/runner/, spawner: /spawner/ } as const
type Victim = keyof typeof parts | 'worker'

const arena = await arenaForTests({ env: { ARENA_SANDBOX: 'native' } })
const teacher = await arena.as('teacher')
const problemId = await teacher.createProblem(aPlusB)
const contest = await teacher.createContest({ problems: [{ problemId }] })
const student: ArenaClient = await arena.as('student')
await student.join(contest.id)
const socket = await student.socket()
after(() => socket.close())

const killed = new Set<number>()

for (const victim of ['runner', 'spawner', 'worker'] as const)
  for (const moment of victim === 'worker' ? (['compiling', 'running', 'told'] as const) : (['compiling', 'running'] as const))
    test(`${victim} killed at “${moment}”: one verdict, and the judge goes on`, { timeout: 120_000 }, async (t) => {
      const id = await submit(moment, `${victim} ${moment}`)
      await socket.waitFor(moments[moment].isNow(id), 60_000)
      const pids = pidsOf(victim)
      assert.ok(pids.length > 0, `there is no ${victim}`)
      const killedAt = performance.now()
      for (const pid of pids) kill(pid)
      await socket.waitFor(isJudged(id), 90_000)
      const waited = Math.round(performance.now() - killedAt)
      t.diagnostic(`judged ${waited} ms after the kill`)
      const [row] = await arena.sql<{ status: string; verdict: string; judgements: string }>(
        `select s.status, min(j.verdict) as verdict, count(*) as judgements
         from submission.submissions s join submission.judgements j on j.submission_id = s.id where s.id = $1 group by s.id`,
        [id],
      )
      assert.deepEqual({ ...row }, { status: 'judged', verdict: 'AC', judgements: '1' })
      const next = await submit('running', `after ${victim} ${moment}`)
      await socket.waitFor(isJudged(next), 60_000)
    })

test('nothing of what was killed is left: no process, no control group, no mount, no job', { timeout: 60_000 }, async () => {
  await eventually(() => {
    const worker = arena.workerPid()
    assert.ok(worker !== undefined && !killed.has(worker))
    for (const pid of killed) assert.deepEqual(controlGroupsOf(pid), [], `control groups of ${pid}`)
    const foreign = mountsBelow(arena.dataDir).filter((at) => !at.includes(`/arena-${worker}-`))
    assert.deepEqual(foreign, [])
    const orphans = childrenOf(1).filter((pid) => /spawner/.test(commandOf(pid)) && commandOf(pid).includes(arena.dataDir))
    assert.deepEqual(orphans, [])
  }, 40_000)
  const admin = await arena.as('admin')
  await eventually(async () => {
    const { queues } = await admin.ok('GET /api/admin/status')
    for (const { queue, waiting, leased, dead } of queues) assert.deepEqual([waiting, leased, dead], [0, 0, 0], queue)
  }, 30_000)
})

function submit(moment: Moment, mark: string): Promise<string> {
  const { language, source } = moments[moment]
  return student.submit({ contestId: contest.id, problemId, language, source: source(mark) })
}

function isProgress(stage: 'compiling' | 'running') {
  return (id: string) => (message: ServerMessage) => message.type === 'submission.progress' && message.id === id && message.stage === stage
}

function isJudged(id: string) {
  return (message: ServerMessage) => message.type === 'submission.judged' && message.id === id
}

/** Of the worker as it is now. */
function pidsOf(victim: Victim): number[] {
  const worker = arena.workerPid()
  if (worker === undefined) return []
  return victim === 'worker' ? [worker] : descendantsOf(worker).filter((pid) => parts[victim].test(commandOf(pid)))
}
const descendantsOf = (pid: number): number[] => childrenOf(pid).flatMap((child) => [child, ...descendantsOf(child)])

function kill(pid: number): void {
  killed.add(pid)
  try {
    process.kill(pid, 'SIGKILL')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error // it ended with another one
  }
}

function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'latin1').replaceAll('\0', ' ')
  } catch {
    return ''
  }
}
