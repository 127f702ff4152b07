/** Which test file runs in which group. Every `*.test.ts` belongs to exactly one; a group without files is an error. */
import { globSync } from 'node:fs'

export type Group = {
  readonly name: string
  readonly title: string
  readonly takes: (file: string) => boolean
  /** Test files at once. Those with servers and databases of their own have the machine to themselves. */
  readonly concurrency: number
  /** The whole group is ended after this, in minutes. */
  readonly limitMinutes: number
}

const ends = (suffix: string) => (file: string) => file.endsWith(suffix)

/** Those that are skipped where no engine answers. */
const onEngine = [
  'apps/socket-proxy/src/proxy.docker.test.ts',
  'lib/adapters/sandbox-docker.test.ts',
  'lib/adapters/sandbox-docker/images.docker.test.ts',
  'e2e/docker.e2e.test.ts',
  'e2e/judge-corpus/docker.e2e.test.ts',
]

/** Judging in real boxes: compilers, loops that are waited for, memory that is used up. Beside each other they would measure each other. */
const inBoxes = ['build-program', 'checkers', 'evaluate', 'interact', 'languages', 'run-input'].map((name) => `services/evaluation/src/${name}.test.ts`)

/** Whole arenas that are killed, attacked, or measured: beside each other they would be slower than their tests allow. */
const faults = (file: string) =>
  /^e2e[/](judge-corpus|chaos)[/]/.test(file) || ['start', 'crash', 'judge-crash', 'hostile', 'rejudging'].some((name) => file === `e2e/${name}.e2e.test.ts`)

/** In the order they run; the first that takes a file has it. */
const byClaim: readonly Group[] = [
  { name: 'timing', title: 'timing, alone', takes: ends('.timing.test.ts'), concurrency: 1, limitMinutes: 5 },
  { name: 'browser', title: 'browser', takes: ends('.browser.test.ts'), concurrency: 1, limitMinutes: 16 },
  { name: 'docker', title: 'containers, on a real engine', takes: (file) => onEngine.includes(file), concurrency: 1, limitMinutes: 12 },
  { name: 'e2e-many', title: 'end to end, every service its own process', takes: (file) => file.startsWith('e2e/many/'), concurrency: 1, limitMinutes: 12 },
  { name: 'e2e-faults', title: 'end to end, killed and attacked', takes: faults, concurrency: 1, limitMinutes: 16 },
  // most of them wait for clocks: a freeze, the end of a contest
  { name: 'e2e', title: 'end to end', takes: (file) => file.startsWith('e2e/'), concurrency: 2, limitMinutes: 12 },
  { name: 'judging', title: 'judging in real boxes', takes: (file) => inBoxes.includes(file), concurrency: 1, limitMinutes: 10 },
  { name: 'services', title: 'services through their contract', takes: ends('.int.test.ts'), concurrency: 2, limitMinutes: 14 },
  { name: 'ports', title: 'port suites, per adapter', takes: (file) => file.startsWith('lib/adapters/'), concurrency: 2, limitMinutes: 11 },
  { name: 'unit', title: 'unit', takes: () => true, concurrency: 2, limitMinutes: 8 },
]

const order = ['unit', 'judging', 'ports', 'services', 'docker', 'e2e', 'e2e-faults', 'e2e-many', 'browser', 'timing']

export const groups: readonly Group[] = [...byClaim].sort((a, b) => order.indexOf(a.name) - order.indexOf(b.name))

/** The files of each group, sorted, relative to `root`. */
export function filesByGroup(root: string): ReadonlyMap<string, readonly string[]> {
  const found = globSync('{lib,services,apps,demo,e2e,bench,scripts}/**/*.test.{ts,tsx}', {
    cwd: root,
    exclude: (name) => /(^|\/)(node_modules|dist|boundary-canary)$/.test(name),
  }).sort()
  const files = new Map<string, string[]>(groups.map((group) => [group.name, []]))
  for (const file of found) files.get(byClaim.find((group) => group.takes(file))?.name ?? '')?.push(file)
  return files
}
