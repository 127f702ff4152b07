/**
 * Packages of every format through the running arena: imported as a teacher does, and verified by the judge: each of their own solutions must get what the
 * package says of it. What was exported is the same problem.
 */
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { promisify } from 'node:util'
import type { Problem } from '#contracts/contest'
import type { Verification } from '#contracts/verification'
import { arenaForTests } from '#testkit/arena'
import { eventually } from '#testkit/eventually'
import { filesOf } from '../services/contest/test/folder-files.ts'
import { zipOf } from '../services/contest/test/zip-maker.ts'

const folder = join(import.meta.dirname, '../services/contest/test/packages')
const arena = await arenaForTests({ env: { ARENA_SANDBOX: 'native' } })
const teacher = await arena.as('teacher')

async function importOf(bytes: Uint8Array): Promise<Problem> {
  const made = await teacher.raw('POST', '/api/problems/import', { headers: { 'content-type': 'application/zip' }, body: bytes })
  assert.equal(made.status, 201, made.text)
  return made.body.problem
}

/** A second was only to be waited for: the slow solutions never end, the others take milliseconds. */
const withShortLimits = (files: Record<string, Buffer>): Record<string, Buffer> =>
  Object.fromEntries(
    Object.entries(files).map(([path, bytes]) => {
      if (path !== 'problem.yaml' && path !== 'problem.xml') return [path, bytes]
      const text = bytes.toString().replace(/time_limit: 1(\.0)?$/m, 'time_limit: 0.3')
      return [path, Buffer.from(text.replace('<time-limit>1000<', '<time-limit>300<'))]
    }),
  )
const finished = async (id: string): Promise<Verification> => {
  const { problem } = await teacher.ok('GET /api/problems/:id', { params: { id } })
  const { verification } = problem.authoring ?? {}
  assert.ok(verification !== undefined && verification.state !== 'running', JSON.stringify(verification?.solutions))
  return verification
}

test('an import has its own solutions judged: each package of every format gets what it says', { timeout: 300_000 }, async () => {
  const names = readdirSync(folder)
  const problems: Problem[] = []
  for (const name of names) problems.push(await importOf(await zipOf(withShortLimits(filesOf(join(folder, name))))))
  for (const [nth, { id }] of problems.entries()) {
    const { state, problems, solutions } = await eventually(() => finished(id), 240_000)
    const failing = problems.filter(({ kind }) => kind !== 'margin')
    assert.deepEqual([state, failing], ['verified', []], `${names[nth]}: ${JSON.stringify(solutions).slice(0, 2_000)}`)
    assert.ok(solutions.length >= 2 && solutions.every((solution) => solution.state === 'judged'), names[nth])
  }
  const { submissions } = await teacher.ok('GET /api/submissions', { query: {} })
  assert.deepEqual(submissions, []) // nobody has handed anything in
})

test('a solution that does not get what its package says is named', { timeout: 300_000 }, async () => {
  const files = {
    ...filesOf(join(folder, 'legacy-default')),
    'submissions/accepted/mean.py': 'print(1)\n',
    'submissions/time_limit_exceeded/zero.py': '# it is quick\nprint(0)\n',
  }
  const { id } = await importOf(await zipOf(files))
  const { state, problems, version } = await eventually(() => finished(id), 240_000)
  assert.deepEqual(
    [state, version, problems.filter(({ kind }) => kind !== 'margin').map(({ path, kind, got }) => [path, kind, got])],
    [
      'failed',
      1,
      [
        ['accepted/mean.py', 'verdict', 'WA'],
        ['time_limit_exceeded/zero.py', 'verdict', 'WA'],
      ],
    ],
  )
  const asked = await teacher.ok('POST /api/problems/:id/verify', { params: { id } })
  assert.equal(asked.verification.state, 'running')
  assert.equal((await eventually(() => finished(id), 240_000)).state, 'failed')
})

/** The operator's command, on the running arena's database and files. */
async function cli(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const plain = Object.fromEntries(Object.entries(process.env).filter(([key]) => !/^(ARENA_|NODE_TEST|TEST_)/.test(key)))
  const file = join(import.meta.dirname, '../apps/arena/src/cli.ts')
  const run = promisify(execFile)(process.execPath, [file, 'problem', ...args], { env: { ...plain, ARENA_DATA_DIR: arena.dataDir } })
  return run.then(
    ({ stdout, stderr }) => ({ code: 0, out: stdout, err: stderr }),
    ({ code, stdout, stderr }) => ({ code, out: stdout, err: stderr }),
  )
}

test('an operator imports a folder for somebody, and what is exported is that problem', { timeout: 300_000 }, async () => {
  const owner = teacher.user.username as string
  const made = await cli('import', join(folder, 'legacy-custom'), '--owner', owner)
  assert.equal(made.code, 0, made.err)
  const id = made.out.trim().split('\n').at(-1) ?? ''
  const { problem } = await teacher.ok('GET /api/problems/:id', { params: { id } })
  assert.deepEqual([problem.title, problem.ownerId, problem.authoring?.checker?.protocol], ['Two Parts', teacher.user.id, 'kattis'])
  const judged = await teacher.judged({ problemId: id, language: 'python', source: 'n = int(input())\nprint(n - 1, 1)\n' }, 150_000)
  assert.deepEqual([judged.verdict, judged.tests?.length], ['AC', 4])
  const file = join(arena.dataDir, 'two-parts.zip')
  const written = await cli('export', id, file, '--format', '2025-09')
  assert.equal(written.code, 0, written.err)
  const again = await importOf(readFileSync(file))
  rmSync(file)
  assert.deepEqual(again.authoring?.tests, problem.authoring?.tests)

  const refused = await cli('import', join(folder, 'legacy-custom/data'))
  assert.deepEqual([refused.code, /no package/.test(refused.err)], [2, true])
  assert.equal((await cli('import', folder, '--owner', 'nobody-at-all')).code, 2)
  assert.equal((await cli('export', '00000000-0000-7000-8000-000000000000', file)).code, 2)
})
