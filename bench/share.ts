/**
 * How much of the CPU that judging takes is the programs' own: `npm run bench -- share`, as root, on control groups of version 1. The whole arena runs in
 * a control group of its own, which counts the CPU of services, worker, database, sandboxes and programs; so other load on the machine changes little.
 *
 *   cpu_ms       a submission, everything: BENCH_COUNT (default 40) handed in at once by six users, each source distinct, after as many that do not count
 *   bare_ms      the same compilation (flags, headers ahead, linker) and the same runs by fork and exec, unconfined (bare.c)
 *   plain_ms     likewise, compiled as one would by hand (`g++ -O2`), which is what judges without headers ahead do; only where something is compiled
 *   share        bare_ms / cpu_ms: judged per second over what the bare CPU would allow
 *   by           of cpu_ms: services, worker, database; the rest is sandboxes and programs
 *
 * BENCH_TESTS: tests of the problem (default 3 and 20). BENCH_LANGUAGES: python,cpp,cpp_std. Prints a line of JSON for each.
 */
import { readFileSync, rmdirSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import { startArena } from '#testkit/arena'
import { bareSubmission, openBare } from './bare.ts'

const sources = {
  python: (n: number) => `# ${n}\na, b = map(int, input().split())\nprint(a + b)\n`,
  cpp: (n: number) => `// ${n}\n#include <iostream>\nint main() { int a, b; std::cin >> a >> b; std::cout << a + b; }\n`,
  cpp_std: (n: number) => `// ${n}\n#include <bits/stdc++.h>\nint main() { int a, b; std::cin >> a >> b; std::cout << a + b; }\n`,
} as const
type Name = keyof typeof sources
const languageOf = { python: 'python', cpp: 'cpp', cpp_std: 'cpp' } as const satisfies Record<Name, string>
const names = (process.env.BENCH_LANGUAGES ?? 'python,cpp,cpp_std').split(',') as Name[]
const testCounts = (process.env.BENCH_TESTS ?? '3,20').split(',').map(Number)
const count = Number(process.env.BENCH_COUNT ?? 40)
/** Judged before it counts: a process that has just begun runs much of its JavaScript uncompiled, which is no judge's usual state. */
const warming = 40
const rounds = 15
const controllers = ['memory', 'pids', 'cpuacct']

/** A control group that is the arena's root: sandboxes make theirs below it. */
const group = `arena-share-${process.pid}`
const inGroup = [
  'sh',
  '-c',
  `name=$1; shift
for c in ${controllers.join(' ')}; do mkdir -p /sys/fs/cgroup/$c/$name && echo $$ > /sys/fs/cgroup/$c/$name/cgroup.procs || exit 1; done
exec unshare --cgroup --mount sh -c 'for c in ${controllers.join(' ')}; do
  at=$(readlink -f /sys/fs/cgroup/$c); umount $at && mount -t cgroup -o $c none $at || exit 1; done; exec "$@"' sh "$@"`,
  'sh',
  group,
]
const usedMs = () => Number(readFileSync(`/sys/fs/cgroup/cpuacct/${group}/cpuacct.usage`, 'utf8')) / 1e6
const round = (value: number, digits = 1) => Math.round(value * 10 ** digits) / 10 ** digits

const arena = await startArena({ wrap: inGroup })
const bare = openBare()

/** CPU of long-lived processes, ms. The kernel counts in steps of 10 ms. */
function cpuByPart(): Record<'services' | 'worker' | 'database', number> {
  const used = { services: 0, worker: 0, database: 0 }
  for (const pid of readFileSync(`/sys/fs/cgroup/pids/${group}/cgroup.procs`, 'utf8').split('\n').filter(Boolean).map(Number)) {
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
      const part = pid === arena.pid ? 'services' : pid === arena.workerPid() ? 'worker' : stat.includes('(postgres)') ? 'database' : undefined
      if (part !== undefined) used[part] += (Number(fields[11]) + Number(fields[12])) * 10
    } catch {
      // it has ended meanwhile
    }
  }
  return used
}

const teacher = await arena.as('teacher')
async function problemOf(tests: number) {
  const all = Array.from({ length: tests }, (_, n) => ({ input: `${n} ${2 * n + 1}\n`, output: `${3 * n + 1}\n` }))
  const problemId = await teacher.createProblem({
    kind: 'program',
    title: `Sum of ${tests}`,
    subject: 'computer-science',
    statement: 'Add.',
    public: true,
    limits: { cpuMs: 1000, memoryBytes: 256 * 1024 ** 2 },
    samples: all.slice(0, 1),
    tests: all.slice(1),
  })
  const contest = await teacher.createContest({ title: `Share ${tests}`, format: 'icpc', problems: [{ problemId }] })
  const people = await Promise.all(Array.from({ length: 6 }, () => arena.as('student')))
  for (const person of people) await person.join(contest.id)
  return { problemId, contestId: contest.id, inputs: all.map(({ input }) => input), people }
}
type Prepared = Awaited<ReturnType<typeof problemOf>>

const countJudged = async () => Number((await arena.sql<{ n: string }>('select count(*) as n from submission.judgements'))[0]?.n)
let serial = 0
async function judge({ problemId, contestId, people }: Prepared, name: Name, times: number): Promise<void> {
  const target = (await countJudged()) + times
  await Promise.all(
    Array.from({ length: times }, (_, n) =>
      people[n % people.length]?.submit({ contestId, problemId, language: languageOf[name], source: sources[name](++serial) }),
    ),
  )
  const deadline = Date.now() + 120_000
  while ((await countJudged()) < target) {
    if (Date.now() > deadline) throw new Error(`not judged within two minutes:\n${arena.log()}`)
    await pause(100)
  }
}

async function measure(prepared: Prepared, name: Name): Promise<Record<string, unknown>> {
  await judge(prepared, name, warming)
  await pause(1000)
  const [before, partsBefore] = [usedMs(), cpuByPart()]
  await judge(prepared, name, count)
  await pause(500) // what is done after the verdict: boards, boxes
  const [after, parts] = [usedMs(), cpuByPart()]
  const cpuMs = (after - before) / count
  const submission = { languageId: languageOf[name], source: sources[name](++serial), inputs: prepared.inputs, rounds }
  const own = bareSubmission(bare, submission)
  const plain = name === 'python' ? undefined : bareSubmission(bare, { ...submission, plainly: true })
  return {
    [name]: {
      tests: prepared.inputs.length,
      cpu_ms: round(cpuMs),
      bare_ms: own.cpuMs,
      ...(plain === undefined ? {} : { plain_ms: plain.cpuMs }),
      share: round(own.cpuMs / cpuMs, 2),
      by: Object.fromEntries(Object.entries(parts).map(([part, ms]) => [part, round((ms - partsBefore[part as keyof typeof parts]) / count)])),
    },
  }
}

try {
  for (const tests of testCounts) {
    const prepared = await problemOf(tests)
    for (const name of names) console.log(JSON.stringify(await measure(prepared, name)))
  }
} finally {
  await arena.stop()
  bare.close()
  for (const controller of controllers) rmdirSync(`/sys/fs/cgroup/${controller}/${group}`)
}
