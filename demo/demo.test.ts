import assert from 'node:assert/strict'
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test, { after } from 'node:test'
import markdownItKatex from '@vscode/markdown-it-katex'
import katex from 'katex'
import markdownIt, { type Token } from 'markdown-it'
import Compile from 'typebox/compile'
import { NewContest } from '#contracts/contest'
import { languageById } from '#contracts/languages'
import { NewProblem } from '#contracts/problem'
import { inputsOf } from './generate.ts'
import { type DemoProblem, loadDemo } from './load.ts'

const root = import.meta.dirname
const demo = await loadDemo()
const programs = demo.problems.flatMap(({ key, body, accepted }) => (body.kind === 'program' ? [{ key, body, accepted }] : []))

// ---- shape --------------------------------------------------------------------------------------------------------------

test('every problem is what the contract accepts', () => {
  const problem = Compile(NewProblem)
  for (const { key, body } of demo.problems) assert.ok(problem.Check(body), key)
})

test('every contest is what the contract accepts, once its problems have ids and the window its times', () => {
  const contest = Compile(NewContest)
  for (const { key, problems, ...fields } of demo.contests) {
    const times = fields.timing === 'window' ? { startsAt: '2026-01-05T08:00:00Z', endsAt: '2026-01-05T10:00:00Z' } : {}
    const entries = problems.map(({ problemKey, ...entry }, i) => ({ ...entry, problemId: `00000000-0000-4000-8000-${String(i).padStart(12, '0')}` }))
    assert.ok(contest.Check({ ...fields, ...times, problems: entries }), `${key} ${JSON.stringify(contest.Errors({ ...fields, ...times, problems: entries }))}`)
  }
})

test('one open contest for each subject and a mixed one, and a short ICPC contest', () => {
  const shape = demo.contests.map(({ key, subject, format, timing }) => [key, subject, format, timing])
  assert.deepEqual(shape, [
    ['physics', 'physics', 'points', 'untimed'],
    ['mathematics', 'mathematics', 'points', 'untimed'],
    ['computer-science', 'computer-science', 'points', 'untimed'],
    ['mixed', 'mixed', 'points', 'untimed'],
    ['icpc-warmup', 'computer-science', 'icpc', 'window'],
  ])
  const kinds = (contest: string) => {
    const keys = demo.contests.find(({ key }) => key === contest)?.problems.map(({ problemKey }) => problemKey) ?? []
    return Object.groupBy(
      demo.problems.filter(({ key }) => keys.includes(key)),
      ({ body }) => (body.kind === 'choice' && body.multiple ? 'multiple' : body.kind),
    )
  }
  const least: Record<string, Record<string, number>> = {
    physics: { numeric: 4, choice: 2, multiple: 1 },
    mathematics: { numeric: 4, choice: 2, multiple: 1 },
    'computer-science': { program: 5, numeric: 1, choice: 1, multiple: 1 },
    mixed: { program: 2, numeric: 2, choice: 2, multiple: 1 },
    'icpc-warmup': { program: 5 },
  }
  for (const [contest, wanted] of Object.entries(least))
    for (const [kind, n] of Object.entries(wanted)) assert.ok((kinds(contest)[kind as 'numeric']?.length ?? 0) >= n, `${contest}: ${kind}`)
})

test('what practice would give away is not public', () => {
  const isPublic = new Map(demo.problems.map(({ key, body }) => [key, body.public]))
  const inContests = new Set(demo.contests.flatMap(({ problems }) => problems.map(({ problemKey }) => problemKey)))
  assert.ok(demo.problems.every(({ key, body }) => body.kind === 'program' || body.public !== inContests.has(key)))
  assert.equal(isPublic.get('rain-gauge'), true)
  assert.equal(isPublic.get('two-bus-cards'), false)
})

test('the front page has the same samples in each language, of every subject, and each is explained', () => {
  const samples = demo.problems.filter(({ body }) => body.tags?.includes('sample'))
  const of = (language: string) => samples.filter(({ body }) => body.tags?.includes(`language-${language}`)).map(({ key }) => key.slice(0, -3))
  assert.deepEqual([of('fr'), of('rw'), samples.length], [of('en'), of('en'), 3 * of('en').length])
  assert.deepEqual([...new Set(samples.map(({ body }) => body.subject))].sort(), ['computer-science', 'mathematics', 'physics'])
  assert.ok(samples.every(({ body }) => body.public && body.kind !== 'program' && body.explanation))
})

test('titles tell the problems apart', () => {
  const titles = demo.problems.map(({ body }) => body.title)
  assert.equal(new Set(titles).size, titles.length)
})

// ---- text ---------------------------------------------------------------------------------------------------------------

const markdown = markdownIt({ html: false }).use(markdownItKatex.default)
const flat = (tokens: readonly Token[]): Token[] => tokens.flatMap((token) => [token, ...flat(token.children ?? [])])

function textsOf({ key, body }: DemoProblem): [where: string, text: string][] {
  const options = body.kind === 'choice' ? body.options.map(({ id, text }): [string, string] => [`${key} option ${id}`, text]) : []
  const notes =
    body.kind === 'program' ? body.samples.flatMap(({ note }, i): [string, string][] => (note === undefined ? [] : [[`${key} sample ${i + 1}`, note]])) : []
  const why = body.kind === 'program' || body.explanation === undefined ? [] : [[`${key} explanation`, body.explanation] as [string, string]]
  return [[key, body.statement], ...options, ...notes, ...why]
}

test('every formula renders, and no dollar sign is left as text', () => {
  let formulas = 0
  for (const [where, text] of demo.problems.flatMap(textsOf)) {
    for (const token of flat(markdown.parse(text, {}))) {
      if (token.type.startsWith('math')) {
        formulas++
        assert.doesNotThrow(
          () => katex.renderToString(token.content, { throwOnError: true, strict: 'error', displayMode: token.type !== 'math_inline' }),
          `${where}: ${token.content}`,
        )
      } else if (token.type === 'text') assert.ok(!token.content.includes('$') && !token.content.includes('\\'), `${where}: ${token.content}`)
      assert.ok(!token.type.startsWith('html'), `${where}: HTML is shown as text`)
    }
  }
  assert.ok(formulas > 150, `${formulas} formulas seen`)
})

test('a program statement says what is read and what is printed, and has two samples where one is not enough', () => {
  for (const { key, body } of programs) {
    assert.match(body.statement, /^## Input$/m, key)
    assert.match(body.statement, /^## Output$/m, key)
    assert.ok(body.samples.length >= (key === 'imigongo-tiles' ? 1 : 2), key)
    assert.ok(
      body.samples.some(({ note }) => note),
      `${key}: a sample is explained`,
    )
    for (const { input, output } of body.samples) assert.ok(input.endsWith('\n') && output.endsWith('\n'), key)
  }
})

// ---- data ---------------------------------------------------------------------------------------------------------------

test('the committed inputs are what the generator makes', () => {
  for (const { key, body } of programs) {
    const committed = body.tests.map(({ name, input }) => [name, input])
    assert.deepEqual(committed, inputsOf(key), key)
    assert.ok(committed.length >= 8, `${key}: enough tests`)
    assert.equal(new Set(body.tests.map(({ input }) => input)).size, body.tests.length, `${key}: no test twice`)
  }
})

test('accepted solutions come in C++ and Python, for languages the arena knows', () => {
  for (const { key, accepted } of programs) {
    assert.deepEqual(accepted.map(({ language }) => language).sort(), ['cpp', 'python'], key)
    for (const { language } of accepted) assert.ok(languageById(language), language)
  }
})

// ---- mistakes in the files ----------------------------------------------------------------------------------------------

const copies: string[] = []
after(() => Promise.all(copies.map((folder) => rm(folder, { recursive: true, force: true }))))

/** The demonstration with one file changed (`undefined` removes it): what lies beside it is copied, the rest linked. */
async function changed(file: string, change: (text: string) => string | undefined): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'demo-'))
  copies.push(folder)
  for (const part of ['quiz', 'contests.yaml']) await cp(join(root, part), join(folder, part), { recursive: true })
  await mkdir(join(folder, 'problems'))
  for (const { key } of programs) {
    const [from, to] = [join(root, 'problems', key), join(folder, 'problems', key)]
    await (file.startsWith(`problems/${key}/`) ? cp(from, to, { recursive: true }) : symlink(from, to))
  }
  const before = await readFile(join(root, file), 'utf8').catch(() => '')
  const text = change(before)
  assert.notEqual(text, before, 'the change finds its place')
  if (text === undefined) await rm(join(folder, file))
  else await writeFile(join(folder, file), text)
  return folder
}

const mistakes: [title: string, file: string, change: (text: string) => string | undefined, message: RegExp][] = [
  [
    'a right option that does not exist',
    'quiz/physics.yaml',
    (t) => t.replace('correct: [d]', 'correct: [z]'),
    /physics\.yaml \(lift-scale\): correct option z/,
  ],
  [
    'two right options where one may be chosen',
    'quiz/physics.yaml',
    (t) => t.replace('correct: [d]', 'correct: [c, d]'),
    /lift-scale\): 2 options are correct/,
  ],
  ['an option twice', 'quiz/physics.yaml', (t) => t.replace("{ id: c, text: '$588", "{ id: d, text: '$588"), /lift-scale\): option d occurs twice/],
  ['an unknown field', 'quiz/mixed.yaml', (t) => t.replace('unit: kg', 'units: kg'), /mixed\.yaml \(loaded-boat\): /],
  ['a number that is no text', 'quiz/mixed.yaml', (t) => t.replace('answer: "160"', 'answer: 160'), /\(loaded-boat\): \/answer must be string/],
  ['a key twice', 'quiz/mixed.yaml', (t) => t.replace('key: loaded-boat', 'key: moto-braking'), /problem moto-braking occurs twice/],
  [
    'a contest with an unknown problem',
    'contests.yaml',
    (t) => t.replace('problem: moto-braking', 'problem: moto-breaking'),
    /there is no problem moto-breaking/,
  ],
  ['a problem in no contest', 'contests.yaml', (t) => t.replace(/.*problem: moto-braking.*\n/, ''), /problem moto-braking is in no contest/],
  ['a sample in a contest', 'contests.yaml', (t) => t.replace('problem: moto-braking', 'problem: sample-moto-en'), /sample-moto-en is a sample/],
  ['a label twice', 'contests.yaml', (t) => t.replace('lift-scale, label: B', 'lift-scale, label: A'), /\(physics\): label A occurs twice/],
  ['a format nobody knows', 'contests.yaml', (t) => t.replace('format: icpc', 'format: chess'), /contests\.yaml \(icpc-warmup\): \/format/],
  ['an input without answer', 'problems/rain-tank/data/secret/01-exactly-enough.ans', () => undefined, /there is no 01-exactly-enough\.ans/],
  ['an answer without input', 'problems/rain-tank/data/secret/99-new.ans', () => '0 0\n', /there is no 99-new\.in/],
  ['an unknown validator flag', 'problems/rain-gauge/problem.yaml', (t) => t.replace('float_tolerance', 'float_tolerence'), /unknown flag float_tolerence/],
  ['a package without limits', 'problems/rain-gauge/problem.yaml', (t) => t.replace(/limits:[\s\S]*/, ''), /rain-gauge\/problem\.yaml: .*limits/],
  ['a submission in no known language', 'problems/rain-gauge/submissions/accepted/main.rb', () => 'puts 1\n', /no language for \.rb/],
]

for (const [title, file, change, message] of mistakes) {
  test(`${title} is refused, with the place named`, async () => {
    await assert.rejects(loadDemo(await changed(file, change)), (error: Error) => {
      assert.match(error.message, message)
      return true
    })
  })
}
