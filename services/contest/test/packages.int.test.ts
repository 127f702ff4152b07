import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import type { Problem } from '#contracts/contest'
import type { ImportReport } from '#contracts/packages'
import { withZip } from '../src/zip.ts'
import { program, withArena } from './arena.ts'
import { filesOf } from './folder-files.ts'
import { zipOf } from './zip-maker.ts'

const folder = join(import.meta.dirname, 'packages')
const formats = ['legacy', '2025-09'] as const
type Imported = { problem: Problem; warnings: string[]; report: ImportReport }

/** The paths of an archive below its folder, and the text of one of them. */
async function unzipped(bytes: Uint8Array): Promise<Map<string, string>> {
  const read = await withZip(once(bytes), async (zip) => {
    const texts = new Map<string, string>()
    for (const { path } of zip.entries) {
      const chunks: Uint8Array[] = []
      for await (const chunk of await zip.read(path)) chunks.push(chunk)
      texts.set(path.slice(path.indexOf('/') + 1), Buffer.concat(chunks).toString())
    }
    return texts
  })
  if (!read.ok) throw new Error(read.error)
  return read.value
}
async function* once(bytes: Uint8Array) {
  yield bytes
}

const solutionsOf = ({ authoring }: Problem) =>
  (authoring?.solutions ?? []).map(({ path, language, expected }) => `${path} ${language} ${expected.verdicts}`).sort()

describe('packages there and back', () => {
  const arena = withArena()
  const teacher = () => ({ token: arena().people.teacher.token })
  async function importOf(payload: Buffer): Promise<Imported> {
    const made = await arena().call('POST /api/problems/import', { headers: { 'content-type': 'application/zip' } }, { ...teacher(), payload })
    assert.equal(made.status, 201, made.text)
    return made.body
  }
  async function exportOf(id: string, format: (typeof formats)[number]): Promise<Buffer> {
    const answer = await arena().call('GET /api/problems/:id/export', { params: { id }, query: { format } }, teacher())
    assert.deepEqual([answer.status, answer.headers['content-type']], [200, 'application/zip'], answer.text.slice(0, 300))
    return answer.raw
  }
  async function judgingOf(id: string, version = 1) {
    const token = await arena().serviceToken('evaluation', 'test-data:read')
    return (await arena().call('GET /internal/problems/:id/versions/:version/judging', { params: { id, version } }, { token })).body
  }

  for (const name of readdirSync(folder))
    it(`${name} is judged by the same data after each export`, async () => {
      const first = await importOf(await zipOf(filesOf(join(folder, name))))
      const judging = await judgingOf(first.problem.id)
      for (const format of formats) {
        const again = await importOf(await exportOf(first.problem.id, format))
        const { dataDigest, ...rest } = await judgingOf(again.problem.id)
        assert.deepEqual({ format, ...rest, dataDigest }, { format, ...judging })
        assert.deepEqual([again.problem.title, again.problem.tags, again.problem.samples], [first.problem.title, first.problem.tags, first.problem.samples])
        assert.deepEqual(again.problem.statementLanguages, first.problem.statementLanguages)
        assert.equal(again.problem.statementHtml.replaceAll(again.problem.id, ''), first.problem.statementHtml.replaceAll(first.problem.id, ''))
        assert.deepEqual(solutionsOf(again.problem), solutionsOf(first.problem))
        // what went out once goes out the same: nothing grows or is lost on the way
        const [one, two] = [await unzipped(await exportOf(again.problem.id, format)), await unzipped(await exportOf(first.problem.id, format))]
        assert.deepEqual([...one.keys()], [...two.keys()])
      }
    })

  it('a problem that was made by a form is a package too', async () => {
    const body = { ...program, compare: { kind: 'tokens' }, languages: ['cpp', 'python'] }
    const made = await arena().call('POST /api/problems', { body }, teacher())
    const { id } = made.body.problem
    for (const format of formats) {
      const again = await importOf(await exportOf(id, format))
      assert.equal((await judgingOf(again.problem.id)).dataDigest, (await judgingOf(id)).dataDigest)
      assert.deepEqual([again.problem.languages, again.problem.samples], [['cpp', 'python'], made.body.problem.samples])
    }
    const files = await unzipped(await exportOf(id, 'legacy'))
    assert.match(files.get('problem.yaml') ?? '', /name: A plus B/)
    assert.deepEqual([files.get('data/secret/2.in'), files.get('data/secret/2.ans')], ['5 7\n', '12\n'])
  })

  it('others find what their formats have words for, and nothing of ours where that is enough', async () => {
    const { problem } = await importOf(await zipOf(filesOf(join(folder, 'legacy-scoring'))))
    const legacy = await unzipped(await exportOf(problem.id, 'legacy'))
    assert.equal(legacy.get('arena.json'), undefined)
    assert.match(legacy.get('data/secret/1-small/testdata.yaml') ?? '', /on_reject: break[\s\S]*grader_flags: first_error min[\s\S]*accept_score: 30/)
    const { problem: scored } = await importOf(await zipOf(filesOf(join(folder, 'current-scoring'))))
    const current = await unzipped(await exportOf(scored.id, '2025-09'))
    assert.deepEqual([current.get('arena.json'), current.get('submissions/accepted/count.py')], [undefined, 'print(len(input().split()))\n'])
    assert.match(current.get('data/secret/2-many/test_group.yaml') ?? '', /max_score: 35[\s\S]*require_pass:/)
    const { problem: polygon } = await importOf(await zipOf(filesOf(join(folder, 'polygon'))))
    assert.match((await unzipped(await exportOf(polygon.id, '2025-09'))).get('arena.json') ?? '', /"testlib"/)
  })

  it('constants are filled in wherever the format says, and nowhere else', async () => {
    const files = {
      'problem.yaml': 'problem_format_version: 2025-09\nname: C\nconstants: {most: 1000, word: x}\nlimits: {time_limit: 1}\n',
      'statement/problem.en.md': 'At most {{most}}, {{unknown}}.',
      'output_validator/v.py': 'most = {{most}}\n',
      'submissions/accepted/a.py': 'print({{most}})\n',
      'data/secret/1.in': '{{most}}',
      'data/secret/1.ans': '',
    }
    const { problem } = await importOf(await zipOf(files))
    assert.equal(problem.authoring?.statement, 'At most 1000, {{unknown}}.')
    const written = await unzipped(await exportOf(problem.id, '2025-09'))
    assert.deepEqual(
      ['output_validator/v.py', 'submissions/accepted/a.py', 'data/secret/1.in'].map((path) => written.get(path)),
      ['most = 1000\n', 'print(1000)\n', '{{most}}'],
    )
  })

  it('an export is for the author', async () => {
    const { problem } = await importOf(await zipOf(filesOf(join(folder, 'legacy-default'))))
    const by = async (who: 'other' | 'student' | 'admin') =>
      (await arena().call('GET /api/problems/:id/export', { params: { id: problem.id } }, { token: arena().people[who].token })).status
    assert.deepEqual([await by('other'), await by('student'), await by('admin')], [404, 403, 200])
    await arena().call('PATCH /api/problems/:id', { params: { id: problem.id }, body: { public: true } }, teacher())
    assert.deepEqual([await by('other'), await by('student')], [403, 403])
    const question = { kind: 'numeric', title: 'Q', subject: 'physics', statement: 'How many?', answer: '1' }
    const { body } = await arena().call('POST /api/problems', { body: question }, teacher())
    const refused = await arena().call('GET /api/problems/:id/export', { params: { id: body.problem.id } }, teacher())
    assert.deepEqual([refused.status, refused.body.error.code], [422, 'PROBLEM_INVALID'])
  })

  it('the report says what was understood, and authors see what came along', async () => {
    const { report, problem } = await importOf(await zipOf(filesOf(join(folder, 'polygon'))))
    assert.deepEqual(report, {
      format: 'polygon',
      title: 'Two Factors',
      groups: [
        { name: 'sample', points: 0, tests: 1 },
        { name: 'secret', points: 100, tests: 0 },
        { name: 'secret/1', points: 40, tests: 2 },
        { name: 'secret/2', points: 60, tests: 2 },
      ],
      mode: 'batch',
      tests: 5,
      samples: 1,
      limits: { cpuMs: 1000, memoryBytes: 256 * 1024 ** 2 },
      checker: 'testlib',
      statements: ['en', 'fr'],
      solutions: 4,
      ignored: [],
    })
    assert.deepEqual(problem.subtasks, [
      { name: 'secret/1', maxMilli: 40_000 },
      { name: 'secret/2', maxMilli: 60_000 },
    ])
    assert.equal(problem.authoring?.verification?.solutions.length, 4)
    const { authoring } = problem
    assert.deepEqual(authoring?.checker, { protocol: 'testlib', language: 'cpp', files: ['check.cpp', 'testlib.h'], args: [] })
    assert.deepEqual(
      authoring?.solutions?.map(({ path }) => path),
      ['accepted/fast.cpp', 'accepted/fast.py', 'wrong_answer/one.py', 'time_limit_exceeded/slow.py'],
    )
    const seen = await arena().call('PATCH /api/problems/:id', { params: { id: problem.id }, body: { public: true } }, teacher())
    assert.equal(seen.status, 200)
    const public_ = await arena().call('GET /api/problems/:id', { params: { id: problem.id } }, { token: arena().people.student.token })
    assert.ok(!/check\.cpp|solutions|testlib|authoring/.test(public_.text), 'nothing of the judging is shown to participants')
  })

  it('a statement is told in the reader’s language, and its pictures to whoever was shown it', async () => {
    const { problem } = await importOf(await zipOf(filesOf(join(folder, 'current-scoring'))))
    const { id } = problem
    const read = async (query: object, headers: Record<string, string> = {}) =>
      (await arena().call('GET /api/problems/:id', { params: { id }, query: query as Record<string, unknown>, headers }, teacher())).body.problem
    assert.deepEqual([problem.language, problem.statementLanguages, problem.title], ['en', ['en', 'rw'], 'Count the Words'])
    for (const asked of [await read({ language: 'rw' }), await read({}, { 'accept-language': 'sw;q=0.9, rw-RW, en;q=0.5' })])
      assert.deepEqual([asked.title, asked.language, /Hari amagambo/.test(asked.statementHtml)], ['Bara amagambo', 'rw', true])
    assert.equal((await read({ language: 'fr' })).language, 'en')
    const src = /<img src="([^"]+)"/.exec(problem.statementHtml)?.[1]?.replaceAll('&amp;', '&') ?? ''
    assert.equal(src, problem.files?.[0]?.url)
    const key = new URL(src, 'http://x').searchParams.get('key') ?? ''
    const file = (query: object, token?: string) =>
      arena().call(
        'GET /api/problems/:id/files/:name',
        { params: { id, name: 'words.svg' }, query: query as Record<string, unknown> },
        token === undefined ? {} : { token },
      )
    const shown = await file({ key })
    assert.deepEqual(
      [shown.status, shown.headers['content-type'], shown.headers['x-content-type-options'], shown.headers['content-security-policy']],
      [200, 'image/svg+xml', 'nosniff', "default-src 'none'; style-src 'unsafe-inline'; sandbox"],
    )
    assert.match(shown.text, /^<svg/)
    assert.equal((await file({})).status, 404)
    assert.equal((await file({ key: key.replace(/./, key.startsWith('0') ? '1' : '0') })).status, 404)
    assert.equal((await file({}, arena().people.other.token)).status, 404)
    assert.equal((await file({}, arena().people.teacher.token)).status, 200)
    const others = await arena().call('GET /api/problems/:id/files/:name', { params: { id, name: 'problem.yaml' }, query: { key } }, teacher())
    assert.equal(others.status, 404)
  })

  it('a change of tests takes groups away, a change of the rules the checker, and the rest stays', async () => {
    const { problem } = await importOf(await zipOf(filesOf(join(folder, 'polygon'))))
    const change = async (body: object) =>
      (await arena().call('PATCH /api/problems/:id', { params: { id: problem.id }, body }, teacher())).body.problem as Problem
    const retitled = await change({ title: 'Other', samples: problem.authoring?.samples, limits: problem.limits })
    assert.deepEqual([retitled.version, retitled.authoring?.groups?.length, retitled.authoring?.checker?.protocol], [1, 4, 'testlib'])
    const ruled = await change({ compare: { kind: 'tokens' } })
    assert.deepEqual([ruled.version, ruled.authoring?.checker, ruled.authoring?.groups?.length], [2, undefined, 4])
    const tested = await change({ tests: [{ input: '4\n', output: '2 2\n' }] })
    assert.deepEqual([tested.version, tested.authoring?.groups, tested.authoring?.tests?.map(({ group }) => group)], [3, undefined, [undefined, undefined]])
  })
})
