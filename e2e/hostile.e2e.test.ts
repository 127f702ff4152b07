/**
 * Hostile programs over the whole way: submitted by a student, compiled and run by the real worker. The sandbox's own suite has more of them; here it is
 * proved that nothing they reach for comes back by verdict, compile log, judge's remark or database, and that the arena judges on as if nothing had been.
 */
import assert from 'node:assert/strict'
import { existsSync, globSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { arenaForTests, isRunning } from '#testkit/arena'
import { eventually } from '#testkit/eventually'
import { aPlusB, solutions } from './problems.ts'

const marker = 'MARKERdatafolder5b1f'
const arena = await arenaForTests({ env: { E2E_SECRET_OF_THE_HOST: 'MARKERenvironment77aa' } })
writeFileSync(join(arena.dataDir, 'secret.txt'), marker, { mode: 0o644 }) // readable to all: only the box's walls may hide it
const teacher = await arena.as('teacher')
const student = await arena.as('student')
const other = await arena.as('student')
const problemId = await teacher.createProblem({ ...aPlusB, limits: { cpuMs: 1000, memoryBytes: 128 * 1024 ** 2, outputBytes: 256 * 1024 } })
const contest = await teacher.createContest({ format: 'icpc', problems: [{ problemId }] }) // ICPC: a program that hangs is stopped at its first test
await student.join(contest.id)
await other.join(contest.id)
const before = { services: arena.pid, worker: arena.workerPid(), database: arena.databasePid() }

type Language = 'c' | 'cpp' | 'python'
const judge = (language: Language, source: string, by = student) => by.judged({ contestId: contest.id, problemId, language, source }, 90_000)
/** Everything staff can see of a submission: more than the student does. */
const seenByStaff = async (id: string) => (await teacher.call('GET /api/submissions/:id', { params: { id } })).text

/** The lines of /etc/shadow hold a hash or a lock mark; its second field of root is enough to know it by. */
const shadowLine = readFileSync('/etc/shadow', 'utf8').split('\n')[0] ?? ''
const secretsOfTheHost = [
  marker,
  'MARKERenvironment77aa',
  shadowLine,
  arena.adminPassword,
  readFileSync(join(arena.dataDir, 'keys', 'service-secret'), 'utf8').trim(),
]

async function gainsNothing(id: string) {
  const seen = await seenByStaff(id)
  for (const secret of secretsOfTheHost) assert.ok(!seen.includes(secret), `a secret came back: ${seen.slice(0, 2000)}`)
}
async function judgesOn() {
  assert.equal((await judge('python', solutions.python, other)).verdict, 'AC')
  assert.deepEqual({ services: arena.pid, worker: arena.workerPid(), database: arena.databasePid() }, before, 'a process of the arena was replaced')
}

/** Accepted only when the attempt of line one fails: then it solves the task. A success ends with exit code 9. */
const accepted = (attempt: string, language: 'python' | 'c' = 'python') =>
  language === 'python'
    ? `import os, sys, socket, signal, time\ndef gained():\n${attempt
        .split('\n')
        .map((line) => `    ${line}`)
        .join('\n')}\nif gained(): os._exit(9)\na, b = map(int, input().split())\nprint(a + b)\n`
    : attempt

const reaching: readonly (readonly [what: string, attempt: string])[] = [
  ['reads /etc/shadow', 'try: return len(open("/etc/shadow").read()) > 0\nexcept OSError: return False'],
  ['reads the data folder', `try: return "MARKER" + "datafolder" in open("${arena.dataDir}/secret.txt").read()\nexcept OSError: return False`],
  ['lists the data folder', `try: return len(os.listdir("${arena.dataDir}")) > 0\nexcept OSError: return False`],
  ['finds a secret in its environment', 'return any("SECRET" in k or "ARENA" in k or "PASSWORD" in k for k in os.environ)'],
  [
    'reads the environment or command of other processes',
    `for pid in [p for p in os.listdir("/proc") if p.isdigit()] if os.path.isdir("/proc") else []:
    if int(pid) == os.getpid(): continue
    for name in ("environ", "cmdline", "maps"):
        try:
            text = open("/proc/" + pid + "/" + name, "rb").read()
            if b"ARENA" in text or b"postgres" in text or b"main.ts" in text or b"SECRET" in text: return True
        except OSError: pass
return False`,
  ],
  [
    'looks into the working folder or root of other processes',
    `for pid in [p for p in os.listdir("/proc") if p.isdigit()] if os.path.isdir("/proc") else []:
    for name in ("root", "cwd"):
        try:
            if os.path.exists("/proc/" + pid + "/" + name + "${arena.dataDir}"): return True
        except OSError: pass
return False`,
  ],
  ['connects to the arena', `try:\n    socket.create_connection(("127.0.0.1", ${arena.port}), 2); return True\nexcept OSError: return False`],
  [
    'connects to the outside',
    'for place in (("1.1.1.1", 53), ("8.8.8.8", 53)):\n    try:\n        s = socket.socket(); s.settimeout(1); s.connect(place); return True\n    except OSError: pass\nreturn False',
  ],
  [
    'connects to the sockets of database and services',
    `import glob
for path in glob.glob("/tmp/arena-*/**", recursive=True) + glob.glob("/tmp/arena-*/.s*") + glob.glob("/run/**/.s.PGSQL*", recursive=True):
    try:
        s = socket.socket(socket.AF_UNIX); s.connect(path); return True
    except OSError: pass
return False`,
  ],
  [
    'signals the worker, the services and the database',
    `done = False\nfor pid in ${JSON.stringify([before.worker, before.services, before.database])}:\n    try:\n        os.kill(pid, signal.SIGKILL); done = done or pid != os.getpid()\n    except OSError: pass\nreturn done`,
  ],
  ['becomes root', 'try:\n    os.setuid(0); return True\nexcept OSError: return os.getuid() == 0'],
  [
    'writes outside its box',
    `gained = False\nfor path in ("/etc/arena-e2e", "/usr/arena-e2e", "/bin/arena-e2e", "${arena.dataDir}/arena-e2e", "/arena-e2e", "/var/tmp/arena-e2e"):\n    try:\n        open(path, "w").write("x")\n    except OSError: pass\nreturn gained`,
  ],
  [
    'finds the expected output',
    `for folder, _, names in os.walk("/"):
    if folder.startswith(("/proc", "/sys", "/usr", "/lib", "/dev")): continue
    for name in names:
        try:
            if os.path.getsize(folder + "/" + name) < 4096 and b"2000000000" in open(folder + "/" + name, "rb").read() and name != "main.py": return True
        except OSError: pass
return False`,
  ],
]

describe('a program that reaches out of its box gains nothing', () => {
  for (const [what, attempt] of reaching)
    test(`one that ${what}`, async () => {
      const submission = await judge('python', accepted(attempt))
      assert.notEqual(submission.verdict, 'RE', `it gained something: ${JSON.stringify(submission)}`)
      assert.equal(submission.status, 'judged')
      await gainsNothing(submission.id)
      await judgesOn()
    })

  test('nothing was written outside', () => {
    for (const path of ['/etc/arena-e2e', '/usr/arena-e2e', '/bin/arena-e2e', '/arena-e2e', '/var/tmp/arena-e2e', join(arena.dataDir, 'arena-e2e')])
      assert.equal(existsSync(path), false, path)
  })

  test('one that prints all it can find on standard error and output shows nobody anything', async () => {
    const source = `import os, sys
for path in ("/etc/shadow", "${arena.dataDir}/secret.txt", "/proc/1/environ", "/proc/self/environ", "/proc/self/mountinfo"):
    try: text = open(path).read()
    except OSError as e: text = str(e)
    print(text); print(text, file=sys.stderr)
`
    const submission = await judge('python', source)
    assert.notEqual(submission.verdict, 'AC')
    await gainsNothing(submission.id)
  })
})

describe('a program that fights the arena loses', () => {
  const fights: readonly (readonly [what: string, language: Language, source: string])[] = [
    ['is a fork bomb', 'c', '#include <unistd.h>\nint main(void){for(;;)fork();}'],
    ['is a fork bomb that sleeps', 'python', 'import os, time\nwhile True:\n    try:\n        if os.fork() == 0: time.sleep(100)\n    except OSError: pass\n'],
    ['kills everything it can', 'c', '#include <signal.h>\nint main(void){kill(-1,SIGKILL);for(;;);}'],
    [
      'stops everything it can',
      'c',
      '#include <signal.h>\n#include <unistd.h>\nint main(void){for(int p=1;p<70000;p++)if(p!=getpid())kill(p,SIGSTOP);for(;;);}',
    ],
    [
      'outlives its parent in a session of its own',
      'python',
      'import os, time\nif os.fork() == 0:\n    os.setsid()\n    if os.fork() == 0:\n        for fd in (0, 1, 2): os.close(fd)\n        while True: pass\nprint(0)\n',
    ],
    [
      'ignores every signal',
      'python',
      'import signal\nfor s in range(1, 32):\n    try: signal.signal(s, signal.SIG_IGN)\n    except (OSError, ValueError): pass\nwhile True: pass\n',
    ],
    [
      'fills its folder',
      'python',
      'import os\ni = 0\ntry:\n    while True:\n        with open("f%d" % i, "wb") as f: f.write(b"x" * (1 << 20))\n        i += 1\nexcept OSError: pass\n',
    ],
    ['makes a file per inode', 'python', 'i = 0\ntry:\n    while True:\n        open("e%d" % i, "w").close()\n        i += 1\nexcept OSError: pass\n'],
    ['nests folders without end', 'python', 'import os\ntry:\n    while True:\n        os.mkdir("d"); os.chdir("d")\nexcept OSError: pass\n'],
  ]
  for (const [what, language, source] of fights)
    test(`one that ${what} is not accepted, and the next is judged normally`, async () => {
      const submission = await judge(language, source)
      assert.notEqual(submission.verdict, 'AC')
      assert.equal(submission.status, 'judged', 'a hostile program is a verdict, not a fault of the judge')
      await judgesOn()
    })

  test('no process of a judged program is left', async () => {
    await eventually(() => {
      const boxes = globSync('/proc/[0-9]*/cmdline').filter((path) => {
        try {
          return (
            / main\.py\0?$|^\.\/main\0?$/.test(readFileSync(path, 'utf8').replaceAll('\0', ' ').trimEnd()) &&
            readFileSync(path.replace('cmdline', 'cgroup'), 'utf8').includes(`arena-${before.worker}`)
          )
        } catch {
          return false // ended meanwhile
        }
      })
      assert.deepEqual(boxes, [])
    })
    assert.ok(isRunning(arena.pid))
  })
})

describe('nothing is left for the next run', () => {
  const places = '("here", "/tmp/e2e-left", "/dev/shm/e2e-left", "/var/tmp/e2e-left")'
  test('a file made in one test is not there in the next, nor in the next submission', async () => {
    const source = `import os
left = [p for p in ${places} if os.path.exists(p)]
for p in ${places}:
    try: open(p, "w").write("x")
    except OSError: pass
a, b = map(int, input().split())
print(a + b if not left else left)
`
    assert.equal((await judge('python', source)).verdict, 'AC', 'a later test saw the file of an earlier one')
    assert.equal((await judge('python', source, other)).verdict, 'AC', 'a later submission saw the file of an earlier one')
  })

  test('a program cannot change itself between tests', async () => {
    const source = `import os
a, b = map(int, input().split())
print(a + b)
for p in ("main.py", os.path.abspath(__file__)):
    try:
        os.chmod(p, 0o777)
    except OSError: pass
    try:
        open(p, "w").write("print('changed')")
    except OSError: pass
    try:
        os.rename(p, p + ".old"); open(p, "w").write("print('changed')")
    except OSError: pass
`
    assert.equal((await judge('python', source)).verdict, 'AC')
  })

  test('shared memory and message queues do not live on', async () => {
    const source = `#include <stdio.h>
#include <sys/ipc.h>
#include <sys/shm.h>
int main(void){
  long long a,b; if(scanf("%lld %lld",&a,&b)!=2) return 1;
  int there = shmget(0x7e2e, 64, 0) != -1;
  shmget(0x7e2e, 64, IPC_CREAT|0666);
  if(there) return 9;
  printf("%lld\\n",a+b); return 0;
}`
    assert.equal((await judge('c', source)).verdict, 'AC')
    assert.equal((await judge('c', source, other)).verdict, 'AC')
  })
})

describe('the compiler is no way in', () => {
  const compilers: readonly (readonly [what: string, language: Language, source: string])[] = [
    ['includes /etc/shadow', 'c', '#include "/etc/shadow"\nint main(void){return 0;}'],
    ['includes the data folder', 'cpp', `#include "${arena.dataDir}/secret.txt"\nint main(){return 0;}`],
    ['includes its environment', 'c', '#include "/proc/self/environ"\nint main(void){return 0;}'],
    [
      'assembles /etc/shadow into itself',
      'c',
      '#include <unistd.h>\n__asm__(".data\\n.globl d\\nd: .incbin \\"/etc/shadow\\"\\n.globl e\\ne:\\n.text\\n");\nextern char d[],e[];\nint main(void){write(1,d,e-d);return 0;}',
    ],
    [
      'assembles the data folder into itself',
      'c',
      `#include <unistd.h>\n__asm__(".data\\n.globl d\\nd: .incbin \\"${arena.dataDir}/secret.txt\\"\\n.globl e\\ne:\\n.text\\n");\nextern char d[],e[];\nint main(void){write(2,d,e-d);return 0;}`,
    ],
    [
      'instantiates templates without end',
      'cpp',
      'template<int N>struct T{static const long v=T<N-1>::v+T<N-2>::v+T<N/2>::v;typename T<N+1>::x y;};int main(){return T<100000>::v;}',
    ],
    [
      'makes the compiler eat memory',
      'cpp',
      'template<class A,class B>struct P{};template<int N>struct F{typedef P<typename F<N-1>::t,typename F<N-1>::t> t;};template<>struct F<0>{typedef int t;};F<28>::t x;int main(){return sizeof(x);}',
    ],
    ['makes a huge program', 'c', 'static char big[1u<<31 - 1]={1};char more[2000000000]={1};int main(void){return big[5]+more[7];}'],
    [
      'makes the compiler loop',
      'cpp',
      'constexpr int f(int n){int s=0;for(int i=0;i<n;i++)for(int j=0;j<n;j++)s+=i^j;return s;}template<int N>struct A{static constexpr int v=f(5000)+A<N-1>::v;};template<>struct A<0>{static constexpr int v=0;};int main(){return A<800>::v;}',
    ],
    ['floods the compiler with errors', 'cpp', `int main(){${'undeclared;'.repeat(5000)}}`],
    ['reads standard input while it is compiled', 'c', '#include "/dev/stdin"\nint main(void){return 0;}'],
    ['waits for a device while it is compiled', 'c', '#include "/dev/zero"\nint main(void){return 0;}'],
  ]
  for (const [what, language, source] of compilers)
    test(`a source that ${what} gets a verdict without a secret in it`, async () => {
      const submission = await judge(language, source)
      assert.equal(submission.status, 'judged')
      assert.notEqual(submission.verdict, 'AC')
      assert.ok((submission.compileLog ?? '').length <= 65_536, 'the compile log is not bounded')
      assert.ok(!(submission.compileLog ?? '').includes(arena.dataDir) || source.includes(arena.dataDir), 'the compile log names a path of the host')
      await gainsNothing(submission.id)
      await judgesOn()
    })
})

test('all of that has left the whole arena as it was', async () => {
  for (const language of ['c', 'cpp', 'python'] as const) assert.equal((await judge(language, solutions[language], other)).verdict, 'AC')
  const ready = await teacher.call('GET /api/ready')
  assert.equal(ready.status, 200, ready.text)
  const [dead] = await arena.sql<{ count: string }>(`select count(*) from submission.submissions where status <> 'judged'`)
  assert.equal(dead?.count, '0')
})
