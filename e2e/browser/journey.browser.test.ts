/** A pupil, a teacher and an admin in real browsers against the real arena, by role and label. A screenshot of each page is kept when a step fails. */
import assert from 'node:assert/strict'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { after, afterEach, before, describe, it } from 'node:test'
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core'
import { ZipFile } from 'yazl'
import { startArena } from '#testkit/arena'
import { aPlusB, gravity, solutions, whichPlanet } from '../problems.ts'

const executablePath = process.env.TEST_CHROMIUM
const missing = executablePath ? false : (process.env.TEST_NO_CHROMIUM ?? 'TEST_CHROMIUM names no browser; npm test finds or installs one')
const screenshots = join(import.meta.dirname, '..', '..', '.arena', 'screenshots')
const patience = 20_000

describe('the web in a browser', { skip: missing, timeout: 240_000 }, () => {
  let arena: Awaited<ReturnType<typeof startArena>>
  let browser: Browser
  let contestId = ''
  const contexts = new Map<string, BrowserContext>()
  const complaints: string[] = []

  before(async () => {
    arena = await startArena()
    const teacher = await arena.as('teacher', 'Teacher Keza')
    const problems = [await teacher.createProblem(whichPlanet), await teacher.createProblem(gravity), await teacher.createProblem({ ...aPlusB, public: true })]
    contestId = (await teacher.createContest({ title: 'Friday Cup', format: 'points', problems: problems.map((problemId) => ({ problemId })) })).id
    browser = await chromium.launch({
      ...(executablePath ? { executablePath } : {}),
      args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--disable-background-networking'],
    })
  })
  after(async () => {
    await browser?.close()
    await arena?.stop()
  })
  afterEach(async (context) => {
    if ((context as { passed?: boolean }).passed) return
    mkdirSync(screenshots, { recursive: true })
    for (const [name, each] of contexts)
      for (const [at, page] of each.pages().entries())
        await page.screenshot({ path: join(screenshots, `${name}-${at}.png`), fullPage: true }).catch(() => undefined)
  })

  /** A page in a browser of its own. Console errors are gathered, but for answers that a step provokes on purpose. */
  async function openPage(name: string, viewport = { width: 1280, height: 800 }): Promise<Page> {
    const context = await browser.newContext({ viewport })
    contexts.set(name, context)
    const page = await context.newPage()
    page.setDefaultTimeout(patience)
    page.on('console', (message) => message.type() === 'error' && complaints.push(`${name}: ${message.text()}`))
    page.on('pageerror', (error) => complaints.push(`${name}: ${error}`))
    await page.goto(arena.url)
    return page
  }
  const logIn = async (page: Page, login: string, password: string) => {
    await page.goto(`${arena.url}/login`)
    const form = page.getByRole('main')
    await form.getByLabel('E-mail or username').fill(login)
    await form.getByLabel('Password').fill(password)
    await form.getByRole('button', { name: 'Log in' }).click()
    await page.getByRole('link', { name: 'Log in' }).waitFor({ state: 'detached' })
  }
  const problemAt = async (page: Page, label: string) => {
    await page.goto(`${arena.url}/contests/${contestId}/problems/${label}`)
    await page.getByRole('region', { name: 'Your answer' }).waitFor()
  }
  const verdict = (page: Page, text: RegExp) => page.getByRole('region', { name: 'Verdict' }).getByRole('status').filter({ hasText: text }).waitFor()
  const fillSource = async (page: Page, language: RegExp, source: string) => {
    const option = page.getByLabel('Language').locator('option').filter({ hasText: language }).first()
    await option.waitFor({ state: 'attached' }) // languages come a moment after the page
    await page.getByLabel('Language').selectOption({ label: (await option.textContent()) ?? '' })
    await page.getByLabel('Plain text editor').check()
    await page.getByRole('textbox', { name: 'Source code' }).fill(source)
  }

  it('lets a pupil register, join, answer questions and hand in programs, and shows verdicts as they come', async () => {
    const page = await openPage('pupil')
    await page.getByRole('link', { name: 'Register' }).first().click()
    await page.getByLabel('Your name').fill('Uwase Aline')
    await page.getByLabel('Username or e-mail').fill('aline')
    await page.getByLabel('Password').fill('a long enough phrase')
    await page.getByLabel('School').fill('GS Huye')
    await page.getByRole('main').getByRole('button', { name: 'Register' }).click()
    await page.getByRole('link', { name: /Friday Cup/ }).click()
    await page.getByRole('button', { name: 'Join the contest' }).click()
    await page.getByRole('link', { name: /Nearest to the Sun/ }).click()
    await page.getByRole('radio', { name: 'Mercury' }).check()
    await page.getByRole('button', { name: 'Submit answer' }).click()
    await verdict(page, /Accepted/)

    await problemAt(page, 'B')
    await page.locator('.katex').first().waitFor()
    await page.getByLabel('Your number').fill('9,81')
    await page.getByLabel('Unit').fill('m/s^2')
    await page.getByRole('button', { name: 'Submit answer' }).click()
    await verdict(page, /Accepted/)

    await problemAt(page, 'C')
    await fillSource(page, /^Python/, 'print(3)\n')
    await page.getByRole('button', { name: 'Submit program' }).click()
    await verdict(page, /Wrong answer/)
    await fillSource(page, /^C\+\+17/, solutions.cpp)
    await page.getByRole('button', { name: 'Submit program' }).click()
    await verdict(page, /Accepted/)
    const own = page.getByRole('region', { name: 'Your submissions to this problem' })
    await own.getByText('Wrong answer').waitFor()
    await own.getByText('Accepted').waitFor()
  })

  it('lets a pupil try an input of their own: output, a traceback, a compiler’s words, and nothing of it counts', async () => {
    const page = contexts.get('pupil')?.pages()[0] as Page
    await problemAt(page, 'C')
    const trying = page.getByRole('region', { name: 'Try it' })
    const said = (text: RegExp) => trying.getByRole('status').filter({ hasText: text }).waitFor()
    const history = page.getByRole('region', { name: 'Your submissions to this problem' })
    await history.getByText('Accepted').waitFor()
    const before = await history.getByRole('row').count()
    await fillSource(page, /^Python/, solutions.python)
    assert.equal(await trying.getByRole('textbox', { name: 'Input to try' }).inputValue(), '1 2\n', 'the first sample is there at once')
    await page.getByRole('button', { name: 'Run', exact: true }).click()
    await said(/Finished/)
    assert.equal(await trying.getByRole('region', { name: 'Output' }).locator('pre').textContent(), '3\n')
    assert.equal(await trying.getByRole('region', { name: 'Expected for sample 1' }).locator('pre').textContent(), '3\n')

    await trying.getByRole('textbox', { name: 'Input to try' }).fill('40 x\n')
    await trying.getByRole('textbox', { name: 'Input to try' }).press('Control+Enter')
    await said(/exit code 1/)
    await trying.getByRole('region', { name: 'Errors (stderr)' }).getByText('ValueError').waitFor()
    await trying.getByRole('region', { name: 'Expected for sample 1' }).waitFor({ state: 'detached' })

    await fillSource(page, /^C\+\+17/, 'int main() { return missing; }\n')
    await trying.getByRole('button', { name: 'Sample 1' }).click()
    await page.getByRole('button', { name: 'Run', exact: true }).click()
    await said(/Could not be compiled/)
    await trying.getByRole('region', { name: 'The compiler says' }).getByText('missing').first().waitFor()
    assert.doesNotMatch((await trying.textContent()) ?? '', /try\.\w/, 'a text is missing')
    assert.equal(await history.getByRole('row').count(), before)
    if (process.env.TEST_SCREENSHOTS) await page.screenshot({ path: join(process.env.TEST_SCREENSHOTS, 'try-1280.png'), fullPage: true })
  })

  it('offers an editor that indents and keeps the draft over a reload', async () => {
    const page = contexts.get('pupil')?.pages()[0] as Page
    await problemAt(page, 'C')
    await page.getByLabel('Plain text editor').uncheck()
    const editor = page.locator('.cm-content')
    await editor.click()
    await page.keyboard.press('Control+a')
    await page.keyboard.type('a, b = map(int, input().split())')
    await page.reload()
    await page.locator('.cm-content').filter({ hasText: 'a, b = map(int, input().split())' }).waitFor()
  })

  it("moves another browser's leaderboard without a reload, within a second of the verdict", async () => {
    const watcher = await openPage('watcher')
    const seen = await arena.as('student', 'Watcher')
    await logIn(watcher, seen.user.username as string, seen.password)
    await watcher.goto(`${arena.url}/contests/${contestId}/leaderboard`)
    await watcher.getByRole('row', { name: /Uwase Aline.*300/ }).waitFor()
    await watcher.getByText('Live', { exact: true }).first().waitFor()
    const player = await arena.as('student', 'Mugisha Eric')
    await player.join(contestId)
    const { problems } = (await player.ok('GET /api/contests/:id', { params: { id: contestId } })).contest
    const socket = await player.socket()
    const id = await player.submit({ contestId, problemId: problems?.[2]?.problemId as string, language: 'python', source: solutions.python })
    const [judged, moved] = await Promise.all([
      socket.waitFor((message) => message.type === 'submission.judged' && message.id === id, patience).then(({ at }) => at),
      watcher
        .getByRole('row', { name: /Mugisha Eric.*100/ })
        .waitFor()
        .then(() => Date.now()),
    ])
    assert.ok(moved - judged < 1000, `the row moved ${moved - judged} ms after the verdict`)
    socket.close()
  })

  it('lets a teacher make a question, import a package and build a contest', async () => {
    const page = await openPage('teacher')
    const teacher = await arena.as('teacher', 'Teacher Gasana')
    await logIn(page, teacher.user.username as string, teacher.password)
    await page.getByRole('link', { name: 'Teach' }).click()
    await page
      .getByRole('link', { name: /problems/i })
      .first()
      .click()
    await page.getByRole('link', { name: 'New problem' }).click()
    await page.getByLabel('Kind').selectOption({ label: 'Multiple choice' })
    await page.getByLabel('Title').fill('The unit of force')
    await page.getByLabel('Statement').fill('Which is the unit of force, $F = ma$?')
    await page.getByRole('region', { name: 'Preview' }).locator('.katex').waitFor()
    await page.getByLabel('Option 1', { exact: true }).fill('joule')
    await page.getByLabel('Option 2', { exact: true }).fill('newton')
    await page.getByLabel('Option 2 is right').check()
    await page.getByRole('button', { name: 'Create problem' }).click()
    await page.getByText('The unit of force').first().waitFor()

    await page.goto(`${arena.url}/teach/import`)
    await page.getByLabel('Package (zip)').setInputFiles({ name: 'echo.zip', mimeType: 'application/zip', buffer: await packageZip() })
    await page.getByRole('button', { name: 'Import' }).click()
    await page.getByText('Say it again').first().waitFor()

    await page.getByRole('link', { name: 'My contests' }).click()
    await page.getByRole('link', { name: 'New contest' }).click()
    await page.getByLabel('Title').fill('Gasana’s cup')
    await page.getByRole('button', { name: 'Next' }).click()
    await page.getByRole('radio', { name: /Open any time/ }).check()
    await page.getByRole('button', { name: 'Next' }).click()
    await page.getByRole('button', { name: 'Add The unit of force' }).click()
    await page.getByRole('button', { name: 'Add Say it again' }).click()
    await page.getByRole('button', { name: 'Next' }).click()
    await page.getByRole('button', { name: 'Create contest' }).click()
    await page.getByRole('heading', { level: 1, name: 'Gasana’s cup' }).waitFor()
    const made = (await teacher.ok('GET /api/contests', { query: { mine: true } })).contests.find((contest) => contest.title === 'Gasana’s cup')
    assert.deepEqual([made?.problemCount, made?.timing], [2, 'untimed'])
  })

  it("lets an admin change a role, which ends that user's sessions", async () => {
    const page = await openPage('admin')
    await logIn(page, 'admin', arena.adminPassword)
    await page.getByRole('link', { name: 'Admin' }).click()
    await page.getByLabel('Find a user').fill('aline')
    await page.getByRole('combobox', { name: 'Role of Uwase Aline' }).selectOption('teacher')
    await page.getByRole('dialog').getByRole('button', { name: 'Change' }).click()
    const pupil = contexts.get('pupil')?.pages()[0] as Page
    await pupil.getByRole('dialog', { name: 'Log in again' }).waitFor()
  })

  it('fits a phone of 360 pixels, in the dark, on every page of a pupil', async () => {
    const page = await openPage('phone', { width: 360, height: 740 })
    await page.emulateMedia({ colorScheme: 'dark' })
    const pupil = await arena.as('student', 'Phone')
    await pupil.join(contestId)
    await logIn(page, pupil.user.username as string, pupil.password)
    for (const path of [
      '/',
      `/contests/${contestId}`,
      ...['A', 'B', 'C'].map((label) => `/contests/${contestId}/problems/${label}`),
      `/contests/${contestId}/leaderboard`,
      `/contests/${contestId}/submissions`,
    ]) {
      await page.goto(arena.url + path)
      await page.getByRole('main').getByRole('heading').first().waitFor()
      const overflow = await page.evaluate<number>('document.documentElement.scrollWidth - document.documentElement.clientWidth')
      assert.ok(overflow <= 0, `${path} is ${overflow} px wider than the phone`)
    }
  })

  it('fits a phone of 360 pixels with a long output of a tried program, and answers where the socket is away', async () => {
    const page = contexts.get('phone')?.pages()[0] as Page
    await page.routeWebSocket(/\/api\/ws$/, (socket) => socket.close())
    await problemAt(page, 'C')
    await fillSource(page, /^Python/, 'import sys\nprint("wide " * 200)\nfor line in range(300): print(line)\nsys.exit(3)\n')
    await page.getByRole('button', { name: 'Run', exact: true }).click()
    const trying = page.getByRole('region', { name: 'Try it' })
    await trying
      .getByRole('status')
      .filter({ hasText: /exit code 3/ })
      .waitFor()
    await trying.getByRole('region', { name: 'Output' }).getByText('wide').waitFor()
    const overflow = await page.evaluate<number>('document.documentElement.scrollWidth - document.documentElement.clientWidth')
    assert.ok(overflow <= 0, `${overflow} px wider than the phone`)
    if (process.env.TEST_SCREENSHOTS) await page.screenshot({ path: join(process.env.TEST_SCREENSHOTS, 'try-360.png'), fullPage: true })
  })

  it('can be used by keyboard alone: skip link first, focus visible', async () => {
    const page = await openPage('keyboard')
    await page.getByRole('link', { name: /^skip/i }).waitFor({ state: 'attached' }) // before that there is nothing to go to
    await page.keyboard.press('Tab')
    const focused = await page.evaluate<{ name: string; text: string | null; outline: string }>(
      '({ name: document.activeElement.localName, text: document.activeElement.textContent, outline: getComputedStyle(document.activeElement).outlineStyle })',
    )
    assert.equal(focused.name, 'a')
    assert.match(focused.text ?? '', /skip/i)
    assert.notEqual(focused.outline, 'none')
  })

  it('left no error in any console', () =>
    assert.deepEqual(
      // ERR_NETWORK_CHANGED: Chromium's word for a machine whose interfaces come and go, as containers' do
      complaints.filter((each) => !/status of (401|403|404|422)|ERR_NETWORK_CHANGED/.test(each)),
      [],
    ))
})

/** A package of one problem, as other judges export them. */
async function packageZip(): Promise<Buffer> {
  const zip = new ZipFile()
  const files = {
    'problem.yaml': 'name: Say it again\nlimits:\n  time_limit: 1\n',
    'problem_statement/problem.en.md': 'Read a line and print it.\n',
    'data/sample/1.in': 'hello\n',
    'data/sample/1.ans': 'hello\n',
    'data/secret/1.in': 'again\n',
    'data/secret/1.ans': 'again\n',
  }
  for (const [name, text] of Object.entries(files)) zip.addBuffer(Buffer.from(text), `echo/${name}`)
  zip.end()
  const chunks: Buffer[] = []
  for await (const chunk of zip.outputStream) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}
