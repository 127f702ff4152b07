import type { NewProblem } from '#contracts/contest'

type Kind<K extends NewProblem['kind']> = Extract<NewProblem, { kind: K }>

/** Problems that many files use. The hidden tests of A+B tell a program that only knows the sample from one that adds. */
export const aPlusB: Kind<'program'> = {
  kind: 'program',
  title: 'A+B',
  subject: 'computer-science',
  statement: 'Read two integers, print their sum.',
  limits: { cpuMs: 1000, memoryBytes: 64 * 1024 ** 2, outputBytes: 64 * 1024 },
  samples: [{ input: '1 2\n', output: '3\n' }],
  tests: [
    { input: '10 20\n', output: '30\n' },
    { input: '-5 5\n', output: '0\n' },
    { input: '1000000000 1000000000\n', output: '2000000000\n' },
  ],
}
export const whichPlanet: Kind<'choice'> = {
  kind: 'choice',
  title: 'Nearest to the Sun',
  subject: 'physics',
  statement: 'Which planet is nearest to the Sun?',
  options: [
    { id: 'a', text: 'Venus' },
    { id: 'b', text: 'Mercury' },
    { id: 'c', text: 'Mars' },
  ],
  correct: ['b'],
}
export const gravity: Kind<'numeric'> = {
  kind: 'numeric',
  title: 'Free fall',
  subject: 'physics',
  statement: 'Give $g$ at sea level.',
  answer: '9.81',
  tolerance: { absolute: '0.01' },
  unit: 'm/s^2',
}

export const solutions = {
  c: '#include <stdio.h>\nint main(void){long long a,b;scanf("%lld %lld",&a,&b);printf("%lld\\n",a+b);return 0;}\n',
  cpp: '#include <iostream>\nint main(){long long a,b;std::cin>>a>>b;std::cout<<a+b<<"\\n";}\n',
  python: 'a, b = map(int, input().split())\nprint(a + b)\n',
} as const

export const minutesFromNow = (minutes: number) => new Date(Date.now() + minutes * 60_000).toISOString()
