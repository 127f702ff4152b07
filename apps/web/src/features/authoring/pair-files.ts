/** Test files that a teacher picks or drops, put together into tests: `1.in` with `1.ans`, `add.in` with `add.out`, `input01.txt` with `output01.txt`. */
export type NamedText = { readonly name: string; readonly text: string }
export type PairedTest = { readonly name: string; readonly input: string; readonly output: string }
export type Paired = {
  readonly tests: readonly PairedTest[]
  /** Names without a partner. */
  readonly alone: readonly string[]
}

type Side = 'input' | 'output'
const byEnding: Readonly<Record<string, Side>> = {
  in: 'input',
  inp: 'input',
  ans: 'output',
  out: 'output',
  a: 'output',
  ok: 'output',
  sol: 'output',
  diff: 'output',
}

/** What a file is, and of which test. */
function roleOf(name: string): { readonly test: string; readonly side: Side } | undefined {
  const base = name.slice(name.lastIndexOf('/') + 1)
  const [, stem = '', ending = ''] = /^(.+)\.([A-Za-z]+)$/.exec(base) ?? []
  const side = byEnding[ending.toLowerCase()]
  if (side) return { test: stem, side }
  const [, word, rest] = /^(input|output|in|out|ans|answer)[-_ ]?(.*?)(?:\.txt)?$/i.exec(base) ?? []
  if (word === undefined) return undefined
  return { test: rest || base, side: word.toLowerCase().startsWith('in') ? 'input' : 'output' }
}

const inOrder = new Intl.Collator('en', { numeric: true }).compare

/** Tests in the order of their names, numbers as numbers: 2 before 10. */
export function pairFiles(files: readonly NamedText[]): Paired {
  const found = new Map<string, Partial<Record<Side, NamedText>>>()
  const alone: string[] = []
  for (const file of files) {
    const role = roleOf(file.name)
    const known = role && (found.get(role.test) ?? {})
    if (!role || !known || known[role.side]) alone.push(file.name)
    else found.set(role.test, { ...known, [role.side]: file })
  }
  const tests: PairedTest[] = []
  for (const [name, { input, output }] of [...found].sort(([a], [b]) => inOrder(a, b))) {
    if (input && output) tests.push({ name, input: input.text, output: output.text })
    else alone.push((input ?? output)?.name ?? name)
  }
  return { tests, alone: alone.sort(inOrder) }
}
