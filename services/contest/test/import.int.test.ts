import assert from 'node:assert/strict'
import { chmodSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import { withArena } from './arena.ts'
import { filesOf } from './folder-files.ts'
import { aPackage, renamed, tampered, zipOf } from './zip-maker.ts'

/** Uploads lie in the temporary folder while they are read. This process has one to itself: other tests upload too. */
const folder = mkdtempSync(join(tmpdir(), 'arena-uploads-'))
chmodSync(folder, 0o711) // the database's own user passes through it
process.env.TMPDIR = folder
after(() => rmSync(folder, { recursive: true, force: true }))
const uploads = () => readdirSync(tmpdir()).filter((name) => name.startsWith('arena-package-'))

describe('importing a package', () => {
  const arena = withArena()
  const send = (payload: Buffer, token = arena().people.teacher.token) =>
    arena().call('POST /api/problems/import', { headers: { 'content-type': 'application/zip' } }, { token, payload })
  const refused = async (payload: Buffer, problem: RegExp) => {
    const answer = await send(payload)
    assert.deepEqual([answer.status, answer.body.error.code], [422, 'PACKAGE_INVALID'], answer.text)
    assert.match(answer.body.error.message, problem)
  }

  it('makes a problem of it, with warnings for what was left out', async () => {
    const made = await send(await zipOf(aPackage))
    assert.equal(made.status, 201, made.text)
    const { problem, warnings, verification } = made.body
    assert.equal(verification, 'running')
    assert.deepEqual(
      [problem.title, problem.limits, problem.tags, problem.public],
      ['Doubling', { cpuMs: 1500, memoryBytes: 128 * 1024 ** 2 }, ['easy', 'arithmetic'], false],
    )
    assert.deepEqual(problem.authoring.compare, { floatAbsoluteTolerance: 1e-6, floatRelativeTolerance: 1e-6 })
    assert.deepEqual(
      problem.authoring.tests.map((test: { name: string; inputBytes: number }) => [test.name, test.inputBytes]),
      [
        ['sample 1', 2],
        ['02', 3],
        ['group/01', 2],
      ],
    )
    assert.match(problem.statementHtml, /katex/)
    assert.ok(!problem.statementHtml.includes('<img'))
    assert.deepEqual(problem.samples, [{ input: '1\n', output: '2\n', noteHtml: '<p>Twice <em>one</em>.</p>\n' }])
    assert.deepEqual(warnings, [])
    const params = { id: problem.id, index: 3 }
    const test = await arena().call('GET /api/problems/:id/tests/:index', { params }, { token: arena().people.teacher.token })
    assert.deepEqual(test.body, { input: '5\n', output: '10\n', cut: false })
  })

  it('cuts long samples and names between characters', async () => {
    const long = `a${'😀'.repeat(5_100)}`
    const name = `b${'😀'.repeat(60)}`
    const made = await send(
      await zipOf({ ...aPackage, 'data/sample/2.in': long, 'data/sample/2.ans': long, [`data/secret/${name}.in`]: '1', [`data/secret/${name}.ans`]: '2' }),
    )
    assert.equal(made.status, 201, made.text)
    assert.ok(made.body.problem.samples.every((sample: { input: string }) => sample.input.isWellFormed()))
  })

  it('reads packages inside one folder, the 2023-07 format and the names of the folder', async () => {
    const inside = {
      'doubling/problem.yaml': 'problem_format_version: 2023-07-draft\ntype: pass-fail\nlimits: {time_limit: 2}\n',
      'doubling/statement/problem.rw.md': 'Kuba kabiri.',
      'doubling/statement/problem.en.md': 'Twice.',
      'doubling/data/test_group.yaml': 'output_validator_args: [case_sensitive, float_absolute_tolerance, "0.5"]\n',
      'doubling/data/secret/1.in': '1',
      'doubling/data/secret/1.ans': '2',
      'doubling/generators/make.py': 'x',
      '__MACOSX/doubling/._problem.yaml': 'x',
    }
    const made = await send(await zipOf(inside))
    assert.equal(made.status, 201, made.text)
    assert.deepEqual([made.body.problem.title, made.body.problem.authoring.statement], ['doubling', 'Twice.'])
    assert.deepEqual(made.body.problem.authoring.compare, { caseSensitive: true, floatAbsoluteTolerance: 0.5 })
    assert.deepEqual(made.body.warnings, [])
    const { files } = made.body.problem.authoring.package
    assert.deepEqual(
      files.map(({ path }: { path: string }) => path),
      ['statement/problem.rw.md', 'statement/problem.en.md', 'generators/make.py'],
    )
  })

  it('keeps the flags of groups and of single tests, until the author sets rules for all', async () => {
    const made = await send(
      await zipOf({
        ...aPackage,
        'data/secret/group/testdata.yaml': '# of this group\noutput_validator_flags: case_sensitive\n',
        'data/secret/02.yaml': '# nothing\n',
      }),
    )
    assert.equal(made.status, 201, made.text)
    const comparesOf = ({ authoring }: { authoring: { tests: { name: string; compare?: object }[] } }) =>
      authoring.tests.map(({ name, compare }) => [name, compare])
    const own = { caseSensitive: true, floatAbsoluteTolerance: 1e-6, floatRelativeTolerance: 1e-6 }
    assert.deepEqual(comparesOf(made.body.problem), [
      ['sample 1', undefined],
      ['02', undefined],
      ['group/01', own],
    ])
    const { id } = made.body.problem
    const judging = await arena().call(
      'GET /internal/problems/:id/versions/:version/judging',
      { params: { id, version: 1 } },
      { token: await arena().serviceToken('evaluation', 'test-data:read') },
    )
    assert.deepEqual(
      judging.body.tests.map(({ compare }: { compare?: object }) => compare),
      [undefined, undefined, own],
    )
    const change = (body: object) => arena().call('PATCH /api/problems/:id', { params: { id }, body }, { token: arena().people.teacher.token })
    const retitled = await change({ title: 'Other' })
    assert.deepEqual([retitled.body.problem.version, comparesOf(retitled.body.problem)[2]], [1, ['group/01', own]])
    const ruled = await change({ compare: { kind: 'tokens' } })
    assert.deepEqual([ruled.body.problem.version, comparesOf(ruled.body.problem)[2]], [2, ['group/01', undefined]])
    await refused(await zipOf({ ...aPackage, 'data/secret/02.yaml': 'output_validator_args: [fuzzy]' }), /flag fuzzy is not known/)
    await refused(await zipOf({ ...aPackage, 'data/secret/02.yaml': '[a' }), /data\/secret\/02.yaml is not YAML/)
  })

  it('reads every problem of the demonstration', async () => {
    const root = join(import.meta.dirname, '../../../demo/problems')
    for (const name of readdirSync(root)) {
      const files = filesOf(join(root, name))
      const made = await send(await zipOf(files))
      assert.equal(made.status, 201, `${name}: ${made.text}`)
      assert.equal(made.body.warnings.filter((warning: string) => !warning.endsWith('not run yet')).join(), '', name)
      assert.ok(made.body.problem.authoring.tests.length >= 5)
      assert.ok(!made.body.problem.statementHtml.includes('katex-error'), name)
    }
  })

  it('refuses kinds of problem that cannot be judged yet, and broken ones, saying why', async () => {
    const without = (...names: (keyof typeof aPackage)[]) => Object.fromEntries(Object.entries(aPackage).filter(([name]) => !names.includes(name as never)))
    const yaml = (text: string) => zipOf({ ...aPackage, 'problem.yaml': text })
    await refused(await yaml('name: x\nvalidation: custom interactive\n'), /output_validators\/ has none/)
    await refused(await yaml('problem_format_version: 2025-09\ntype: multi-pass\n'), /multi-pass/)
    await refused(await yaml('name: x\nvalidator_flags: fuzzy 3\n'), /flag fuzzy/)
    await refused(await yaml('name: [x\n'), /not YAML/)
    await refused(await yaml(`a: &a [x]\nb: &b [${'*a,'.repeat(50)}]\nname: [${'*b,'.repeat(50)}]\n`), /not YAML/)
    await refused(await zipOf(without('problem.yaml')), /no problem.yaml/)
    await refused(await zipOf(without('data/secret/02.ans')), /data\/secret\/02.in has no .ans/)
    await refused(await zipOf(without('data/secret/02.in')), /data\/secret\/02.ans has no .in/)
    await refused(await zipOf({ 'problem.yaml': 'name: x' }), /no tests/)
    await refused(Buffer.from('this is no zip at all'), /./)
    await refused(Buffer.alloc(0), /./)
    await refused((await zipOf(aPackage)).subarray(0, 700), /./)
  })

  it('refuses names that lead out, links, encryption, twins and lies about sizes', async () => {
    const zip = await zipOf(aPackage)
    const name = 'data/secret/02.in'
    for (const evil of ['../../../tmp/02.in', '/ata/secret/02.in', 'data\\secret/02.in', 'C:/a/secret/02.in'])
      await refused(renamed(zip, name, evil.slice(0, name.length).padEnd(name.length, 'x')), /./)
    await refused(renamed(zip, 'data/secret/02.ans', 'data/secret/../.an'), /relative|leads out/)
    await refused(renamed(zip, 'data/secret/02.in', 'data/sample/1x.in'), /1x.in has no .ans/)
    await refused(renamed(await zipOf({ ...aPackage, 'data/secret/99.in': 'x' }), 'data/secret/99.in', 'data/secret/02.in'), /two entries are named/)
    await refused(await zipOf(aPackage, { mode: 0o120777 }), /link or a device/)
    await refused(
      tampered(await zipOf({ LICENSE: 'never read', ...aPackage }), (record) => record.writeUInt16LE(record.readUInt16LE(8) | 1, 8)),
      /LICENSE is encrypted/,
    )
    await refused(
      tampered(zip, (record) => record.writeUInt32LE(5, 24)),
      /./,
    )
    await refused(
      tampered(zip, (record) => record.writeUInt32LE(2 ** 31, 24)),
      /larger than 64 MiB/,
    )
  })

  it('refuses bombs before unpacking them', async () => {
    const zeros = Buffer.alloc(40 * 1024 ** 2)
    await refused(await zipOf({ ...aPackage, 'data/secret/02.in': zeros }), /200 times its size/)
    const many = Object.fromEntries(Array.from({ length: 10_001 }, (_, at) => [`submissions/${at}`, '']))
    await refused(await zipOf({ ...aPackage, ...many }), /10000 entries/)
    const stored = await zipOf(aPackage)
    const overlap = tampered(stored, (record) => record.writeUInt32LE(60 * 1024 ** 2, 24))
    await refused(overlap, /times its size|./)
  })

  it('tells all that is wrong at once, and then nothing of it is there', async () => {
    const count = async () =>
      (await arena().call('GET /api/problems', { query: { mine: true, limit: 500 } }, { token: arena().people.teacher.token })).body.problems.length
    const before = await count()
    const broken = {
      ...aPackage,
      'data/secret/7.in': '7',
      'data/secret/8.ans': '8',
      'data/testdata.yaml': 'grading: custom',
      'problem.yaml': 'validator_flags: fuzzy',
    }
    const answer = await send(await zipOf(broken))
    assert.equal(answer.body.error.code, 'PACKAGE_INVALID')
    const { problems } = answer.body.error.details as { problems: string[] }
    for (const part of [/7\.in has no/, /8\.ans has no/, /fuzzy/, /grading: custom/])
      assert.ok(
        problems.some((problem) => part.test(problem)),
        String(part),
      )
    await refused(await zipOf({ ...aPackage, 'data/testdata.yaml': 'x: 1\n'.repeat(200_000) }), /larger than 500 KB/)
    await refused(await zipOf({ ...aPackage, 'data/secret/NUL.in': '', 'data/secret/NUL.ans': '' }), /devices/)
    assert.equal(await count(), before)
  })

  it('leaves nothing behind in the temporary folder, and is for teachers', async () => {
    assert.deepEqual(uploads(), [])
    assert.equal((await send(await zipOf(aPackage), arena().people.student.token)).status, 403)
  })
})
