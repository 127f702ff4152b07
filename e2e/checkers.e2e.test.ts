/**
 * What authors bring to judging, from the package to the verdict: checkers of both protocols, output-only problems, graders, points of groups; and a checker
 * that fails, which nobody is blamed for.
 */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { arenaOfSize } from '#testkit/arena-of-size'
import { type Files, importPackage, packageFiles } from './packages.ts'

const arena = await arenaOfSize()
const pids = arena.pids()
const teacher = await arena.as('teacher')
const pupil = await arena.as('student', 'Keza')

const imported = (files: Files) => importPackage(teacher, files)
const languageOf = (path: string) => (path.endsWith('.py') ? 'python' : path.endsWith('.cpp') ? 'cpp' : 'text')

/** A package's own programs, and what each must come to. */
const cases: Readonly<Record<string, Readonly<Record<string, readonly [verdict: string, score: number]>>>> = {
  'legacy-custom': {
    'submissions/accepted/one.cpp': ['AC', 100],
    'submissions/accepted/half.py': ['AC', 100],
    'submissions/wrong_answer/zero.py': ['WA', 0],
  },
  polygon: { 'solutions/fast.cpp': ['AC', 100], 'solutions/fast.py': ['AC', 100], 'solutions/one.py': ['WA', 0] },
  'legacy-scoring': {
    'submissions/accepted/linear.cpp': ['AC', 100],
    'submissions/partially_accepted/small.py': ['PARTIAL', 30],
  },
  'current-scoring': { 'submissions/accepted/count.py': ['AC', 100], 'submissions/wrong_answer/none.py': ['WA', 0] },
  'current-output': { 'submissions/accepted/answers.txt': ['AC', 100], 'submissions/wrong_answer/first.txt': ['WA', 0] },
}
for (const [name, programs] of Object.entries(cases))
  test(`the programs of the package ${name} get what their author says`, async () => {
    const files = packageFiles(name)
    const problemId = await imported(files)
    for (const [path, [verdict, score]] of Object.entries(programs)) {
      const submission = await teacher.judged({ problemId, language: languageOf(path), source: files[path]?.toString() ?? '' }, 90_000)
      assert.deepEqual([path, submission.verdict, submission.score], [path, verdict, score], JSON.stringify(submission.tests))
    }
  })

const plain: Files = { 'problem_statement/problem.en.md': 'Print the number.\n', 'data/sample/1.in': '1\n', 'data/sample/1.ans': '1\n' }
const secret: Files = { 'data/secret/1.in': '7\n', 'data/secret/1.ans': '4711\n' }
const custom = (validate: string, seconds = 10): Files => ({
  ...plain,
  ...secret,
  'problem.yaml': `name: Checked\nvalidation: custom\nlimits:\n  time_limit: 1\n  validation_time: ${seconds}\n`,
  'output_validators/validate.py': `import sys, os\ngiven = sys.stdin.read()\nfeedback = sys.argv[3]\n${validate}\n`,
})
const inContest = async (problemId: string, format: 'icpc' | 'points' = 'points') => {
  const contest = await teacher.createContest({ format, problems: [{ problemId }] })
  await pupil.join(contest.id)
  return { contestId: contest.id, problemId, language: 'python' }
}

describe('a checker in a contest', () => {
  test('what it says of hidden tests is for staff alone', async () => {
    const tells = 'open(feedback + "judgemessage.txt", "w").write("wanted " + open(sys.argv[2]).read()); sys.exit(43)'
    const target = await inContest(await imported(custom(tells)))
    const seen = await pupil.judged({ ...target, source: 'print(7)' }, 90_000)
    assert.equal(seen.verdict, 'WA')
    assert.doesNotMatch(JSON.stringify(seen), /4711/)
    const { submission } = await teacher.ok('GET /api/submissions/:id', { params: { id: seen.id } })
    assert.match(submission.tests?.map(({ detail }) => detail).join('\n') ?? '', /wanted 4711/)
  })
  for (const [what, validate] of [
    ['crashes', 'raise ValueError'],
    ['loops', 'while True: pass'],
    ['exits with 0', 'sys.exit(0)'],
  ] as const)
    test(`one that ${what} is no verdict: the submission is held`, async () => {
      const target = await inContest(await imported(custom(validate, what === 'loops' ? 1 : 10)))
      const seen = await pupil.judged({ ...target, source: 'print(7)' }, 90_000)
      assert.deepEqual([seen.status, seen.verdict, seen.fault], ['fault', undefined, undefined])
      const { submission } = await teacher.ok('GET /api/submissions/:id', { params: { id: seen.id } })
      assert.equal(submission.fault?.whose, 'setter')
      assert.match(submission.fault?.reason ?? '', /^the checker, at test \d: /)
    })
})

describe('points of groups', () => {
  const files = packageFiles('legacy-scoring')
  const source = files['submissions/partially_accepted/small.py']?.toString() ?? ''
  test('are on the submission, by subtask, and on the board of a contest with points', async () => {
    const target = await inContest(await imported(files))
    const seen = await pupil.judged({ ...target, source }, 90_000)
    assert.deepEqual(
      [seen.verdict, seen.points?.milli, seen.points?.maxMilli, seen.points?.groups.map(({ milli, maxMilli }) => [milli, maxMilli])],
      [
        'PARTIAL',
        30_000,
        100_000,
        [
          [30_000, 30_000],
          [0, 70_000],
        ],
      ],
    )
    for (const hidden of seen.tests?.filter(({ sample }) => !sample) ?? [])
      assert.deepEqual(Object.keys(hidden).sort(), ['group', 'index', 'sample', 'verdict'])
  })
  test('are none in an ICPC contest: the first failing test names the verdict', async () => {
    const target = await inContest(await imported(files), 'icpc')
    const seen = await pupil.judged({ ...target, source }, 90_000)
    assert.deepEqual([seen.verdict, seen.score, seen.points], ['WA', 0, undefined])
  })
})

test('a function is called by the grader of its language', async () => {
  const problemId = await imported({
    ...plain,
    'data/secret/1.in': '7\n',
    'data/secret/1.ans': '7\n',
    'problem.yaml': 'problem_format_version: 2025-09\nname: Same\ntype: pass-fail\nuuid: 5a5d7f42-7a83-4f66-9a93-0f6f0dc7c0a9\nlimits:\n  time_limit: 1\n',
    'statement/problem.en.md': 'Write `same`.\n',
    'include/cpp/grader.cpp': '#include <iostream>\nint same(int n);\nint main() { int n; std::cin >> n; std::cout << same(n) << "\\n"; }\n',
    'include/python3/grader.py': 'import solution\nprint(solution.same(int(input())))\n',
  })
  const verdictOf = async (language: string, source: string) => (await teacher.judged({ problemId, language, source }, 90_000)).verdict
  assert.equal(await verdictOf('cpp', 'int same(int n) { return n; }'), 'AC')
  assert.equal(await verdictOf('python', 'def same(n): return n'), 'AC')
  assert.equal(await verdictOf('python', 'def same(n): return 1'), 'WA')
  assert.equal((await teacher.call('POST /api/submit', { body: { problemId, language: 'java', source: 'class Solution {}' } })).status, 422)
})

test('no process was started again for any of this', () => assert.deepEqual(arena.pids(), pids))
