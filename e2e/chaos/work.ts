/** What pupils hand in: drawn from a seed, each with the verdict it must get. */
import type { Verdict } from '#contracts/common'
import type { Submit } from '#contracts/submission'

export type ProblemIds = { readonly choice: string; readonly numeric: string; readonly program: string }
export type Place = { readonly contestId: string; readonly problems: ProblemIds }
export type Planned = {
  readonly key: string
  readonly body: Submit
  readonly verdict: Verdict
  /** Asked for once more after its 202: the same id must come. */
  readonly isDoubled: boolean
}

const programShare = 0.15
const doubledShare = 0.05

const programs: readonly { readonly share: number; readonly verdict: Verdict; readonly language: string; readonly source: (key: string) => string }[] = [
  { share: 0.4, verdict: 'AC', language: 'python', source: (key) => python(key, 'print(a + b)') },
  { share: 0.6, verdict: 'WA', language: 'python', source: (key) => python(key, 'print(a - b - 1)') },
  { share: 0.7, verdict: 'RE', language: 'python', source: (key) => python(key, 'raise SystemExit(4)') },
  { share: 0.9, verdict: 'AC', language: 'c', source: (key) => inC(key, 'a + b') },
  { share: 1, verdict: 'CE', language: 'c', source: (key) => inC(key, 'a + ') },
]
const python = (key: string, last: string) => `# ${key}\na, b = map(int, input().split())\n${last}\n`
const inC = (key: string, value: string) =>
  `// ${key}\n#include <stdio.h>\nint main(void) {\n  long long a, b;\n  if (scanf("%lld %lld", &a, &b) != 2) return 1;\n  printf("%lld\\n", ${value});\n}\n`

/** One piece of work in one of `places`. */
export function planWork(random: () => number, places: readonly Place[], key: string): Planned {
  const { contestId, problems } = places[Math.floor(random() * places.length)] as Place
  const [kind, isRight, which] = [random(), random() < 0.5, random()]
  const isDoubled = random() < doubledShare
  if (kind < programShare) {
    const program = programs.find(({ share }) => which < share) as (typeof programs)[number]
    return {
      key,
      isDoubled,
      verdict: program.verdict,
      body: { contestId, problemId: problems.program, language: program.language, source: program.source(key) },
    }
  }
  const verdict = isRight ? 'AC' : 'WA'
  if (which < 0.5) return { key, isDoubled, verdict, body: { contestId, problemId: problems.choice, answer: { choices: [isRight ? 'b' : 'c'] } } }
  return { key, isDoubled, verdict, body: { contestId, problemId: problems.numeric, answer: { value: isRight ? '9.81' : '10.5', unit: 'm/s^2' } } }
}

/** Right, and at work for about as long in its first test alone. */
export const slowProgram = ({ contestId, problems }: Place, key: string, sleepSeconds: number): Planned => ({
  key,
  isDoubled: false,
  verdict: 'AC',
  body: {
    contestId,
    problemId: problems.program,
    language: 'python',
    source: `# ${key}\nimport time\na, b = map(int, input().split())\nif a == 1: time.sleep(${sleepSeconds})\nprint(a + b)\n`,
  },
})

export const rightAnswer = ({ contestId, problems }: Place, key: string): Planned => ({
  key,
  isDoubled: false,
  verdict: 'AC',
  body: { contestId, problemId: problems.choice, answer: { choices: ['b'] } },
})
