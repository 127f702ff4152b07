/** A teacher's whole way: questions with their preview and a test answer, a contest in four steps, the lesson as it goes, results as a file. */
import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, afterEach, before, describe, it } from 'node:test'
import type { Page } from 'playwright-core'
import { startArena } from '#testkit/arena'
import { gravity, whichPlanet } from '../problems.ts'
import { noBrowser, type OpenBrowser, openBrowser } from './open-browser.ts'

describe('a teacher in a browser', { skip: noBrowser, timeout: 240_000 }, () => {
  let arena: Awaited<ReturnType<typeof startArena>>
  let browser: OpenBrowser
  let teacher: Awaited<ReturnType<typeof arena.as>>
  let page: Page
  let contestId = ''

  before(async () => {
    arena = await startArena()
    browser = await openBrowser(() => arena.url)
    teacher = await arena.as('teacher', 'Teacher Keza')
    page = await browser.page('teacher', { width: 1280, height: 900 })
    await browser.logIn(page, teacher.user.username as string, teacher.password)
  })
  after(async () => {
    await browser?.close()
    await arena?.stop()
  })
  afterEach(async (context) => {
    if (!(context as { passed?: boolean }).passed) await browser.keepScreenshots()
  })

  const shot = async (name: string) => {
    const folder = process.env.TEST_SCREENSHOTS
    if (folder) await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true })
  }
  const trying = () => page.getByRole('region', { name: 'Test an answer' })
  const told = (text: string | RegExp) => trying().getByRole('status').getByText(text).waitFor()

  it('writes a question: complaints beside their fields, what a tolerance accepts, and a test answer before any pupil', async () => {
    await page.goto(`${arena.url}/teach/problems/new`)
    await page.getByLabel('Kind').selectOption({ label: 'Number' })
    await page.getByLabel('Statement').fill('How large is $g$ here?')
    await page.getByRole('region', { name: 'Preview' }).locator('.katex').waitFor()
    await page.getByRole('button', { name: 'Create problem' }).click()
    await page.getByLabel('Title').and(page.locator('[aria-invalid="true"]')).waitFor()
    await page.getByText('The right answer must be a decimal number.').waitFor()
    await page.getByLabel('Title').fill('Gravity in Huye')
    await page.getByLabel('Right answer').fill('9.81')
    await page.getByLabel('Absolute tolerance').fill('0.1')
    await page.getByLabel('Unit').fill('m/s^2')
    await page.getByText('Accepts every answer from 9.71 to 9.91 m/s^2.').waitFor()
    await shot('teacher-problem')
    await page.getByRole('button', { name: 'Create problem' }).click()
    await page.getByRole('heading', { level: 1, name: 'Gravity in Huye' }).waitFor()

    await trying().getByLabel('A number').fill('9.8')
    await trying().getByLabel('Its unit').fill('m/s^2')
    await trying().getByRole('button', { name: 'Test it' }).click()
    await told('Accepted')
    await trying().getByLabel('A number').fill('12')
    await trying().getByRole('button', { name: 'Test it' }).click()
    await told('Wrong answer')
  })

  it('writes options by keyboard, and what was typed is there after a crash', async () => {
    await page.goto(`${arena.url}/teach/problems/new`)
    await page.getByLabel('Title').fill('The unit of force')
    await page.getByLabel('Statement').fill('Which one?')
    await page.getByRole('textbox', { name: 'Option 1', exact: true }).fill('joule')
    await page.getByRole('textbox', { name: 'Option 2', exact: true }).fill('newton')
    await page.keyboard.press('Enter')
    const third = page.getByRole('textbox', { name: 'Option 3', exact: true })
    await third.fill('watt')
    await third.press('Alt+ArrowUp')
    const second = page.getByRole('textbox', { name: 'Option 2', exact: true })
    await page.waitForFunction("document.activeElement?.getAttribute('aria-label') === 'Option 2'")
    assert.equal(await second.inputValue(), 'watt')
    await page.getByRole('textbox', { name: 'Option 3', exact: true }).press('Alt+r')
    assert.ok(await page.getByRole('radio', { name: 'Option 3 is right' }).isChecked())
    await page.reload()
    await page.getByText('Here is what you typed earlier and did not save.').waitFor()
    assert.equal(await page.getByRole('textbox', { name: 'Option 3', exact: true }).inputValue(), 'newton')
    await page.getByRole('button', { name: 'Create problem' }).click()
    await page.getByRole('heading', { level: 1, name: 'The unit of force' }).waitFor()
    await page.goto(`${arena.url}/teach/problems/new`)
    await page.getByLabel('Title').waitFor()
    assert.equal(await page.getByLabel('Title').inputValue(), '', 'what was saved is kept no longer')
  })

  it('reads all that is wrong with a package', async () => {
    await page.goto(`${arena.url}/teach/import`)
    await page.getByLabel('Package (zip)').setInputFiles({ name: 'broken.zip', mimeType: 'application/zip', buffer: Buffer.from('no zip at all') })
    await page.getByRole('button', { name: 'Import' }).click()
    await page.getByRole('alert').getByText('The package was not imported.').waitFor()
    await page.getByRole('alert').getByRole('listitem').first().waitFor()
  })

  it('builds a contest in four steps: quick times, problems in order, a question on the spot, a summary', async () => {
    for (const problem of [whichPlanet, gravity]) await teacher.createProblem(problem)
    await page.goto(`${arena.url}/teach/contests/new`)
    await page.getByRole('button', { name: 'Next' }).click()
    await page.getByRole('heading', { level: 2, name: 'When' }).waitFor()
    await page.getByRole('button', { name: 'Tomorrow 10:00–12:00' }).click()
    await page.getByRole('button', { name: 'Next' }).click()
    await page.getByRole('button', { name: 'Add Nearest to the Sun' }).click()
    await page.getByRole('button', { name: 'Add Free fall' }).click()
    await page.getByRole('button', { name: 'Move Free fall up' }).click()
    await page.getByRole('button', { name: 'Make a new question here' }).click()
    const making = page.getByRole('region', { name: 'Make a new question here' })
    await making.getByLabel('Title').fill('On the spot')
    await making.getByLabel('Statement').fill('Is it day?')
    await making.getByRole('textbox', { name: 'Option 1', exact: true }).fill('Yes')
    await making.getByRole('textbox', { name: 'Option 2', exact: true }).fill('No')
    await making.getByRole('radio', { name: 'Option 1 is right' }).check()
    await making.getByRole('button', { name: 'Create and add to the contest' }).click()
    await page.getByRole('button', { name: 'Take out On the spot' }).waitFor()
    await shot('teacher-problems')
    await page.getByRole('button', { name: 'Next' }).click()
    const summary = page.getByRole('region', { name: 'In plain words' })
    await summary.getByText(/120 minutes/).waitFor()
    await summary.getByText('3 problems, 300 points in all.').waitFor()
    await shot('teacher-rules')
    // the title is missing: the step and the field say so
    await page.getByRole('button', { name: 'Create contest' }).click()
    await page.getByText('Give it a title.').waitFor()
    await page.getByLabel('Title').fill('Lesson in Huye')
    await page.getByRole('button', { name: 'When' }).click()
    await page.getByRole('button', { name: '45-minute lesson now' }).click()
    await page.getByRole('radio', { name: /Open any time/ }).check()
    await page.getByRole('button', { name: 'Rules' }).click()
    await page.getByRole('button', { name: 'Create contest' }).click()
    await page.getByRole('heading', { level: 1, name: 'Lesson in Huye' }).waitFor()
    contestId = new URL(page.url()).pathname.split('/')[2] ?? ''
    const { contest } = await teacher.ok('GET /api/contests/:id', { params: { id: contestId } })
    assert.deepEqual(
      contest.problems?.map(({ title }) => title),
      ['Free fall', 'Nearest to the Sun', 'On the spot'],
    )
    assert.equal(contest.timing, 'untimed')
  })

  it('sees in the lesson who is stuck, who is there, and what is answered wrongly', async () => {
    const { contest } = await teacher.ok('GET /api/contests/:id', { params: { id: contestId } })
    const [fall, planet] = (contest.problems ?? []).map(({ problemId }) => problemId)
    const [aline, eric] = [await arena.as('student', 'Uwase Aline'), await arena.as('student', '=HYPERLINK("http://evil.example")')]
    for (const pupil of [aline, eric]) await pupil.join(contestId)
    // both have the page open; a third has joined and is not there
    for (const pupil of [aline, eric]) await pupil.socket()
    await (await arena.as('student', 'Mugisha Jean')).join(contestId)
    await aline.judged({ contestId, problemId: planet ?? '', answer: { choices: ['a'] } })
    for (const value of ['1', '2', '3']) await eric.judged({ contestId, problemId: fall ?? '', answer: { value, unit: 'm/s^2' } })
    await page.getByRole('link', { name: 'Live monitor' }).click()
    const line = (name: string) => page.getByRole('row').filter({ hasText: name })
    await line('HYPERLINK').getByText('Stuck').waitFor()
    await line('Uwase Aline').getByText('At work').waitFor()
    await line('Mugisha Jean').getByText('Absent').waitFor()
    await page.getByRole('button', { name: /Absent/ }).click()
    await line('Uwase Aline').waitFor({ state: 'detached' })
    await page.getByRole('button', { name: /All$/ }).click()
    const planetCard = page.getByRole('article').filter({ hasText: 'Nearest to the Sun' })
    await planetCard.getByText('Venus').waitFor()
    await shot('teacher-monitor')
    await browser.assertFits(page)
    // a fourth wrong answer comes by itself
    await aline.judged({ contestId, problemId: fall ?? '', answer: { value: '4', unit: 'm/s^2' } })
    await page.getByRole('article').filter({ hasText: 'Free fall' }).getByText('4 m/s^2').waitFor()
  })

  it('saves the results as a file, in which no name is a formula', async () => {
    await page.getByRole('button', { name: 'Results as a file' }).click()
    await page.getByLabel('Kind of file').selectOption({ label: 'CSV with semicolons' })
    const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Save the file' }).click()])
    assert.equal(file.suggestedFilename(), 'Lesson-in-Huye-results.csv')
    const text = await readFile(await file.path(), 'utf8')
    assert.ok(text.startsWith('\uFEFFRank;Name;School;'))
    assert.match(text, /;"'=HYPERLINK\(""http:\/\/evil\.example""\)";/)
  })

  it('finds, copies and opens contests; nobody else may watch them', async () => {
    await page.goto(`${arena.url}/teach`)
    await page.getByLabel('Search').fill('huye')
    await page.getByRole('button', { name: 'Copy Lesson in Huye' }).click()
    await page.getByRole('heading', { level: 1, name: 'Lesson in Huye' }).waitFor()
    await page.getByRole('button', { name: 'Rules' }).click()
    await page.getByRole('radio', { name: /After the end/ }).check()
    await page.getByRole('button', { name: 'Save contest' }).click()
    await page.getByText('A contest that is always open has no end to show results after.').waitFor()
    const other = await arena.as('teacher', 'Teacher Gasana')
    const stranger = await browser.page('stranger')
    await browser.logIn(stranger, other.user.username as string, other.password)
    await stranger.goto(`${arena.url}/contests/${contestId}/monitor`)
    await stranger.getByRole('heading', { name: 'There is no page here' }).waitFor()
  })

  it('leaves no complaint in a console but for the package that was refused', () => {
    assert.deepEqual(browser.complaints(/422/), [])
  })
})
