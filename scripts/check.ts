/** `npm run check`: format and lint, types, borders, documents, dead code. With `--fix` what can be put right by itself is. */
import { spawn } from 'node:child_process'
import { join } from 'node:path'

type Step = { readonly name: string; readonly command: readonly string[] }
export type StepResult = { readonly name: string; readonly passed: boolean; readonly output: string; readonly ms: number }

const root = join(import.meta.dirname, '..')
const bin = (name: string) => join(root, 'node_modules', '.bin', name)
const script = (name: string) => [process.execPath, join(import.meta.dirname, name)]

const steps: readonly Step[] = [
  {
    name: 'format and lint (npm run fix puts most of it right)',
    command: [bin('biome'), 'check', '.', '--max-diagnostics=60', '--colors=off', '--error-on-warnings'],
  },
  { name: 'types', command: [bin('tsc'), '-p', root] },
  { name: 'types of the web', command: [bin('tsc'), '-p', join(root, 'apps', 'web')] },
  { name: 'who imports whom', command: script('check-boundaries.ts') },
  { name: 'documents agree with the code', command: script('check-docs.ts') },
  { name: 'dead code', command: [bin('knip'), '--no-progress'] },
]

const fixes: readonly Step[] = [
  { name: 'format and lint', command: [bin('biome'), 'check', '--write', '.', '--max-diagnostics=60'] },
  { name: 'documents', command: [...script('check-docs.ts'), '--fix'] },
]

function runStep({ name, command: [program = '', ...args] }: Step): Promise<StepResult> {
  const startedAt = performance.now()
  return new Promise((resolve) => {
    const child = spawn(program, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] })
    let output = ''
    const keep = (chunk: Buffer) => {
      output += chunk.toString()
    }
    child.stdout.on('data', keep)
    child.stderr.on('data', keep)
    child.once('error', (cause) => keep(Buffer.from(cause.message)))
    child.once('close', (code) => resolve({ name, passed: code === 0, output, ms: performance.now() - startedAt }))
  })
}

/** Runs every step, whatever the ones before said; prints one line each, and all that a failed one had to say. */
export async function runSteps(chosen: readonly Step[]): Promise<StepResult[]> {
  const results: StepResult[] = []
  for (const step of chosen) {
    const result = await runStep(step)
    results.push(result)
    console.log(`${result.passed ? 'ok    ' : 'FAILED'} ${result.name} (${(result.ms / 1000).toFixed(1)} s)`)
    if (!result.passed) console.log(result.output.trimEnd())
  }
  return results
}

export const runChecks = () => runSteps(steps)

if (import.meta.main) {
  const results = await runSteps(process.argv.includes('--fix') ? fixes : steps)
  process.exitCode = results.every((result) => result.passed) ? 0 : 1
}
