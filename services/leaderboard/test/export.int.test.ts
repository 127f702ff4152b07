import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'
import { v7 } from 'uuid'
import { fromBuffer } from 'yauzl'
import { type ContestSnapshot, contestPublished, registrationChanged } from '#contracts/contest'
import { submissionAccepted, submissionJudged } from '#contracts/submission'
import { userRegistered } from '#contracts/user'
import { eventually } from '#testkit/eventually'
import { fakeClock } from '#testkit/fake-clock'
import { startService } from '#testkit/service-harness'
import { leaderboardService } from '../src/service.ts'
import { columnName, xmlText } from '../src/xlsx.ts'

const startsAt = '2026-03-01T09:00:00.000Z'
const at = (minute: number) => new Date(Date.parse(startsAt) + minute * 60_000).toISOString()
const clock = fakeClock(at(40))
const harness = await startService(leaderboardService, { clock })
after(() => harness.stop())

const teacher = await harness.tokenFor({ role: 'teacher' })
const hostileName = '=HYPERLINK("http://evil.example","click") & <b>\u0001'
const contest: ContestSnapshot = {
  contestId: v7(),
  revision: 1,
  title: 'Frozen Friday',
  subject: 'physics',
  format: 'icpc',
  timing: 'window',
  startsAt,
  endsAt: at(60),
  durationMinutes: null,
  freezeAt: at(20),
  penaltyMinutes: 20,
  feedback: 'now',
  ownerId: teacher.userId,
  archived: false,
  deleted: false,
  problems: [{ problemId: v7(), version: 1, label: 'A', title: 'A', kind: 'program', points: 100, maxAttempts: null }],
}
const { contestId } = contest
const ask = (query: object, token: string) =>
  harness.call('GET /api/leaderboard/:contestId/export', { params: { contestId }, query: query as never }, { token })

/** A participant who solved the problem behind the freeze. */
async function fill() {
  const userId = v7()
  await harness.publish(contestPublished, contest)
  await harness.publish(userRegistered, {
    userId,
    revision: 1,
    name: hostileName,
    school: 'GS Huye',
    role: 'student',
    language: 'en',
    disabled: false,
    sessionsValidFrom: startsAt,
  })
  await harness.publish(registrationChanged, { contestId, userId, startedAt: startsAt, endsAt: null })
  const fact = { submissionId: v7(), userId, contestId, problemId: contest.problems[0]?.problemId ?? '', submittedAt: at(30) }
  await harness.publish(submissionAccepted, fact)
  await harness.publish(submissionJudged, {
    ...fact,
    attempt: 1,
    label: 'A',
    kind: 'program',
    verdict: 'AC',
    score: 100,
    judgedAt: at(30),
    held: false,
  })
  return userId
}

describe('results as a file', () => {
  it('hold what is behind the freeze, for the owner and admins alone', async () => {
    const userId = await fill()
    await eventually(async () => {
      const { status, text } = await ask({ format: 'csv' }, teacher.token)
      assert.equal(status, 200, text)
      assert.match(text, new RegExp(`\r\n1,"'=HYPERLINK\\(""http://evil\\.example"",""click""\\) & <b>\u0001",GS Huye,1,30,1,1,30,${userId}\r\n$`))
    })
    const admin = await harness.tokenFor({ role: 'admin' })
    assert.equal((await ask({ format: 'csv' }, admin.token)).status, 200)
    for (const role of ['student', 'teacher'] as const) {
      const { status, text } = await ask({ format: 'csv' }, (await harness.tokenFor({ role })).token)
      assert.equal(status, 403)
      assert.doesNotMatch(text, /HYPERLINK|Huye/)
    }
    const demoted = await harness.tokenFor({ role: 'student', userId: teacher.userId })
    assert.equal((await ask({ format: 'csv' }, demoted.token)).status, 403, 'an owner who is no teacher any more')
  })

  it('begin with a byte order mark, take the separator and the language asked for, and are for saving', async () => {
    const answer = await ask({ format: 'csv', separator: 'semicolon', language: 'fr' }, teacher.token)
    assert.ok(answer.text.startsWith('\uFEFFRang;Nom;École;Résolus;Pénalité;A points;A essais;A minute;Identifiant du compte\r\n'))
    assert.match(String(answer.headers['content-disposition']), /^attachment; filename="results-[0-9a-f-]+\.csv"$/)
    assert.equal(answer.headers['x-content-type-options'], 'nosniff')
    assert.equal((await ask({ format: 'pdf' }, teacher.token)).status, 400)
  })

  it('as a workbook are texts and numbers, never formulas, and well-formed whatever a name holds', async () => {
    const answer = await ask({ format: 'xlsx' }, teacher.token)
    assert.equal(answer.status, 200)
    const files = await unzipped(answer.raw)
    assert.deepEqual(Object.keys(files).sort(), [
      '[Content_Types].xml',
      '_rels/.rels',
      'xl/_rels/workbook.xml.rels',
      'xl/styles.xml',
      'xl/workbook.xml',
      'xl/worksheets/sheet1.xml',
    ])
    const sheet = files['xl/worksheets/sheet1.xml'] ?? ''
    assert.ok(
      sheet.includes(
        '<c r="B2" t="inlineStr"><is><t xml:space="preserve">=HYPERLINK(&quot;http://evil.example&quot;,&quot;click&quot;) &amp; &lt;b&gt;</t></is></c>',
      ),
    )
    assert.ok(sheet.includes('<c r="D2"><v>1</v></c>'))
    assert.ok(sheet.endsWith('</sheetData><autoFilter ref="A1:I2"/></worksheet>'))
    assert.ok(!sheet.includes('<f>') && !sheet.includes('\u0001'))
  })

  it('of a contest that nobody knows are not there', async () => {
    const { status, body } = await harness.call(
      'GET /api/leaderboard/:contestId/export',
      { params: { contestId: v7() }, query: { format: 'csv' } },
      { token: teacher.token },
    )
    assert.equal(status, 404)
    assert.equal((body as { error: { code: string } }).error.code, 'BOARD_NOT_FOUND')
  })

  it('name columns as spreadsheets do, and lose what XML cannot hold', () => {
    assert.deepEqual([0, 25, 26, 701, 702].map(columnName), ['A', 'Z', 'AA', 'ZZ', 'AAA'])
    assert.equal(xmlText('a\u0000b\ud800c\uffff\t&'), 'ab\ufffdc\t&amp;')
  })
})

const unzipped = (bytes: Buffer) =>
  new Promise<Record<string, string>>((resolve, reject) => {
    const files: Record<string, string> = {}
    fromBuffer(bytes, { lazyEntries: true }, (error, zip) => {
      if (error) return reject(error)
      zip.on('entry', (entry) =>
        zip.openReadStream(entry, (failed, stream) => {
          if (failed) return reject(failed)
          const parts: Buffer[] = []
          stream.on('data', (part: Buffer) => parts.push(part))
          stream.on('end', () => {
            files[entry.fileName] = Buffer.concat(parts).toString('utf8')
            zip.readEntry()
          })
        }),
      )
      zip.on('end', () => resolve(files))
      zip.readEntry()
    })
  })
