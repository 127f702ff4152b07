/** The contest room in a real browser against the real arena: the editor, samples, verdicts in words, the questions on one page. */
import assert from 'node:assert/strict'
import { after, afterEach, before, describe, it } from 'node:test'
import type { Page } from 'playwright-core'
import { startArena } from '#testkit/arena'
import { eventually } from '#testkit/eventually'
import { aPlusB, gravity, whichPlanet } from '../problems.ts'
import { noBrowser, type OpenBrowser, openBrowser } from './open-browser.ts'

const sum = { ...aPlusB, samples: [...aPlusB.samples, { input: '10 -4\n', output: '6\n' }] }
/** Compilers and runs, on a machine that is busy with other tests. */
const patience = 90_000
const ofSizes = 'a, b = map(int, input().split())\nprint(abs(a) + abs(b))\n'
const right = 'a, b = map(int, input().split())\nprint(a + b)\n'

describe('the contest room in a browser', { skip: noBrowser, timeout: 420_000 }, () => {
  let arena: Awaited<ReturnType<typeof startArena>>
  let browser: OpenBrowser
  let contestId = ''
  let page: Page
  const asked: string[] = []

  before(async () => {
    arena = await startArena()
    const teacher = await arena.as('teacher', 'Teacher Keza')
    const problems = [await teacher.createProblem(whichPlanet), await teacher.createProblem(gravity), await teacher.createProblem(sum)]
    contestId = (await teacher.createContest({ title: 'Science Cup', format: 'points', problems: problems.map((problemId) => ({ problemId, points: 10 })) })).id
    const pupil = await arena.as('student', 'Uwase Aline')
    await pupil.join(contestId)
    browser = await openBrowser(() => arena.url)
    page = await browser.page('pupil')
    page.setDefaultTimeout(patience)
    page.on('request', (request) => asked.push(new URL(request.url()).pathname))
    await browser.logIn(page, pupil.user.username ?? '', pupil.password)
  })
  after(async () => {
    await browser?.close()
    await arena?.stop()
  })
  afterEach(async (context) => {
    if (!(context as { passed?: boolean }).passed) await browser?.keepScreenshots()
  })

  const at = (path: string) => `${arena.url}/contests/${contestId}${path}`
  const bar = () => page.getByRole('region', { name: 'Time left and your place' })
  const verdict = (text: RegExp) => page.getByRole('region', { name: 'Verdict' }).getByRole('status').filter({ hasText: text }).waitFor()
  const editor = () => page.locator('.cm-content')
  /** Typed into the rich editor, over what is there. */
  async function write(program: string): Promise<void> {
    await editor().click()
    await page.keyboard.press('ControlOrMeta+A')
    await page.keyboard.type(program)
  }
  async function pickLanguage(name: RegExp): Promise<void> {
    const option = page.getByLabel('Language').locator('option').filter({ hasText: name }).first()
    await option.waitFor({ state: 'attached' })
    await page.getByLabel('Language').selectOption({ label: (await option.textContent()) ?? '' })
  }
  /** What the editor holds; lines beyond the fold of a long program are not there, so programs here are short. */
  const written = async () => (await editor().locator('.cm-line').allTextContents()).join('\n')

  it('tells on every page where one stands, and fetches neither editor nor quiz with the list of problems', async () => {
    await page.goto(at(''))
    await bar().getByText('Rank 1').waitFor()
    const row = page.getByRole('listitem').filter({ hasText: 'Nearest to the Sun' })
    await row.getByText('Not tried').waitFor()
    await row.getByText('1 attempt left').waitFor()
    await page.getByText('0 of 3 solved').waitFor()
    assert.deepEqual(
      asked.filter((path) => /code-mirror|solve-view|quiz-page/.test(path)),
      [],
    )
  })

  it('begins a program from a template, compares it with the samples and explains a wrong answer', async () => {
    await page.getByRole('link', { name: /A\+B/ }).click()
    await bar().getByText('Rank 1').waitFor()
    await pickLanguage(/^Python 3/)
    await editor().filter({ hasText: 'Read the input here.' }).waitFor()
    assert.ok(await page.getByRole('button', { name: 'Submit program' }).isDisabled(), 'a template is no answer')
    await write(ofSizes)
    await page.getByRole('button', { name: 'Run samples' }).click()
    const samples = page.getByRole('region', { name: 'Your program on the samples' })
    await samples.getByText('1 of 2 as expected').waitFor()
    await samples.getByText('Differs from line 1').waitFor()
    assert.deepEqual(await samples.locator('mark').allTextContents(), ['6', '14'])

    await page.getByRole('button', { name: 'Submit program' }).click()
    await verdict(/Wrong answer/)
    const help = page.getByRole('region', { name: 'What this verdict means' })
    await help.getByText('what it printed was not right').waitFor()
    await help.getByText('number 2, a sample').waitFor()
  })

  it('leads from the compiler’s words into the editor, keeps the draft of each language, and submits by keys', async () => {
    await pickLanguage(/^C\+\+17/)
    await editor().filter({ hasText: 'int main' }).waitFor()
    await write('int main() {\nreturn missing;')
    await page.getByRole('button', { name: 'Submit program' }).click()
    await verdict(/Compile error/)
    await page
      .getByRole('region', { name: 'Verdict' })
      .getByRole('button', { name: /main\.cpp:2/ })
      .first()
      .click()
    await page.locator('.cm-activeLine').filter({ hasText: 'return missing' }).waitFor()

    await page.reload()
    await editor().filter({ hasText: 'return missing' }).waitFor()
    await pickLanguage(/^Python 3/)
    await editor().filter({ hasText: 'abs(a) + abs(b)' }).waitFor()
    await write(right)
    assert.match(await written(), /print\(a \+ b\)/)
    await page.keyboard.press('Control+Shift+Enter')
    await verdict(/Accepted/)
    await bar().getByText('10 points').waitFor()
    await page.getByRole('link', { name: /^Next: A\./ }).waitFor()
  })

  it('is left by keyboard, and is written in as one likes', async () => {
    await editor().click()
    await page.keyboard.press('Escape')
    await page.keyboard.press('Tab')
    await eventually(async () =>
      assert.ok(!(await editor().evaluate((each) => each.contains(each.ownerDocument.activeElement))), 'the focus has left the editor'),
    )
    await page.getByRole('button', { name: 'Editor settings' }).click()
    await page.getByLabel('Size of letters').selectOption('20')
    await page.getByRole('radio', { name: 'Vim' }).check()
    await page.locator('.cm-vim-panel').waitFor()
    await page.keyboard.press('Escape')
    await page.reload()
    await page.locator('.cm-vim-panel').waitFor()
    await page.getByRole('button', { name: 'Editor settings' }).click()
    assert.equal(await page.getByLabel('Size of letters').inputValue(), '20')
    await page.getByRole('radio', { name: 'Usual' }).check()
    await page.keyboard.press('Escape')
  })

  it('takes all questions on one page: by keys, kept over a reload, sent together, what fails told at its question', async () => {
    await page.setViewportSize({ width: 360, height: 740 })
    await page.goto(at('/quiz'))
    await page.getByRole('radio', { name: 'Mercury' }).waitFor()
    await page.keyboard.press('2')
    await page.getByText('Answered, not sent').waitFor()
    assert.ok(await page.getByRole('radio', { name: 'Mercury' }).isChecked())
    await browser.assertFits(page)
    await page.getByRole('button', { name: 'Next', exact: true }).click()
    await page.getByLabel('Your number').fill('1,500')
    await page.getByText('This may mean 1500 or 1.500').waitFor()
    await page.getByLabel('Your number').fill('9,81')
    await page.getByText('Read as 9.81').waitFor()
    await page.getByRole('button', { name: 'Fill in m/s^2' }).click()
    await page.getByRole('button', { name: 'Flag for later' }).click()
    await page.reload()
    assert.equal(await page.getByLabel('Your number').inputValue(), '9,81')

    let refusals = 1
    await page.route('**/api/submit', async (route) => {
      const isNumber = (route.request().postData() ?? '').includes('9,81')
      if (!isNumber || refusals-- <= 0) return route.continue()
      const error = { code: 'ANSWER_UNREADABLE', message: 'no', details: { problem: 'the test says so' }, requestId: 'r' }
      await route.fulfill({ status: 422, contentType: 'application/json', body: JSON.stringify({ error }) })
    })
    await page.getByRole('button', { name: 'Send 2 answers' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByText('2 answers will be sent: A, B').waitFor()
    await dialog.getByText('1 question is flagged: B').waitFor()
    await dialog.getByRole('button', { name: 'Send now' }).click()
    await page.getByText('The answer could not be read').waitFor()
    await page.getByRole('button', { name: /^A\. Nearest to the Sun \(Solved/ }).waitFor()

    await page.getByRole('button', { name: 'Send 1 answer' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Send now' }).click()
    await page.getByRole('button', { name: /^B\. Free fall \(Solved/ }).waitFor()
    await bar().getByText('30 points').waitFor()
    await browser.assertFits(page)
    assert.deepEqual(browser.complaints(/422/), [])
  })
})
