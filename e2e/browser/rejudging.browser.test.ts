/**
 * A question's key was wrong while a contest runs. In the teacher's browser: the mended version is switched to, what was answered is judged again aside,
 * looked at and applied, and another set is discarded. axe reads each page.
 */
import assert from 'node:assert/strict'
import { after, afterEach, before, describe, it } from 'node:test'
import type { Page } from 'playwright-core'
import { type RunningArena, startArena } from '#testkit/arena'
import { eventually } from '#testkit/eventually'
import { minutesFromNow, whichPlanet } from '../problems.ts'
import { assertAccessible } from './axe.ts'
import { noBrowser, type OpenBrowser, openBrowser } from './open-browser.ts'

const pupils = ['Aline Uwase', 'Bosco Ndayisaba', 'Claude Keza', 'Diane Uwera']

describe('judging again in a browser', { skip: noBrowser, timeout: 240_000 }, () => {
  let arena: RunningArena
  let browser: OpenBrowser
  let page: Page
  let contestId = ''
  let problemId = ''

  before(async () => {
    arena = await startArena()
    const teacher = await arena.as('teacher', 'Teacher Keza')
    problemId = await teacher.createProblem({ ...whichPlanet, correct: ['a'], public: true })
    const contest = await teacher.createContest({
      title: 'Friday Cup',
      format: 'icpc',
      timing: 'window',
      startsAt: minutesFromNow(-30),
      endsAt: minutesFromNow(150),
      problems: [{ problemId }],
    })
    contestId = contest.id
    for (const [at, name] of pupils.entries()) {
      const pupil = await arena.client().register({ name })
      await pupil.join(contestId)
      await pupil.judged({ contestId, problemId, answer: { choices: [at === 0 ? 'a' : 'b'] } })
      if (at === 0) await pupil.judged({ problemId, answer: { choices: ['b'] } })
    }
    await teacher.ok('PATCH /api/problems/:id', { params: { id: problemId }, body: { correct: ['b'] } })
    browser = await openBrowser(() => arena.url)
    page = await browser.page('teacher')
    await browser.logIn(page, teacher.user.username ?? '', teacher.password)
  })
  after(async () => {
    await browser?.close()
    await arena?.stop()
  })
  afterEach(async (context) => {
    if (!(context as { passed?: boolean }).passed) await browser?.keepScreenshots()
  })

  const button = (name: string | RegExp) => page.getByRole('main').getByRole('button', { name })
  const inDialog = (name: string) => page.getByRole('dialog').getByRole('button', { name })
  const board = async () =>
    (await arena.client().ok('GET /api/leaderboard/:contestId', { params: { contestId } })).rows.map(({ name, score }) => `${name} ${score}`)

  it('says that a problem was mended, and after switching offers to judge it again', async () => {
    await page.goto(`${arena.url}/contests/${contestId}`)
    await page.getByRole('link', { name: 'Judge again' }).click()
    await page.getByText('Nothing has been judged again yet.').waitFor()
    await button('Switch to version 2').click()
    await page.getByText('what was judged before keeps its verdict').waitFor()
    await assertAccessible(page, 'the question before switching')
    await inDialog('Switch to version 2').click()
    await button('Judge A. Nearest to the Sun again').click()
    assert.equal(await page.getByLabel('Problem').locator('option:checked').textContent(), 'A. Nearest to the Sun')
  })

  it('judges aside what was chosen, and shows what would change', async () => {
    await button('Begin judging aside').click()
    await page.getByText('Give a reason.').waitFor()
    await page.getByLabel('Reason').fill('the key was wrong')
    await assertAccessible(page, 'the form')
    const before = await board()
    await button('Begin judging aside').click()
    await page.getByText('4 submissions would be judged otherwise.').waitFor()
    assert.deepEqual(await board(), before, 'nobody sees anything of it')
    await page.getByRole('row', { name: 'Wrong answer 3 – 3' }).waitFor()
    await page.getByText('4 rows would move on the full board').waitFor()
    await button('Details').first().click()
    await page.getByRole('heading', { name: 'Judgings' }).waitFor()
    await page.getByText('Counts').waitFor()
    await assertAccessible(page, 'the preview')
    await page.setViewportSize({ width: 360, height: 740 })
    await browser.assertFits(page)
    await page.setViewportSize({ width: 1280, height: 800 })
  })

  it('lets all of it count at once', async () => {
    await button('Let it count').click()
    await page.getByText('4 rows of the board move.').waitFor()
    await inDialog('Let it count').click()
    await page.getByText('It counts: 4 submissions are judged otherwise than before.').waitFor()
    await eventually(async () => assert.deepEqual(await board(), ['Bosco Ndayisaba 1', 'Claude Keza 1', 'Diane Uwera 1', 'Aline Uwase 0']))
  })

  it('finds nothing to change the second time, and forgets a set', async () => {
    await page.getByRole('link', { name: 'All sets of this list' }).click()
    await page.getByRole('link', { name: 'the key was wrong' }).waitFor()
    await button('Judge a set again').click()
    await page.getByLabel('Reason').fill('to be sure')
    await page.getByRole('checkbox', { name: 'Accepted' }).check()
    await page.getByLabel('The tests of then').check()
    await button('Begin judging aside').click()
    await page.getByText('Everything comes out as before').waitFor()
    await page.getByText('3 of 3 submissions judged again.').waitFor()
    await button('Discard').click()
    await inDialog('Discard').click()
    await page.getByText('It was discarded: nothing of it counts.').waitFor()
    await page.getByRole('link', { name: 'All sets of this list' }).click()
    await page.getByRole('row', { name: /to be sure.*Discarded/ }).waitFor()
  })

  it('judges again what was practised, from the page of the problem', async () => {
    await page.goto(`${arena.url}/teach/problems/${problemId}`)
    await page.getByRole('link', { name: 'Judge what was practised again' }).click()
    await page.getByRole('heading', { name: whichPlanet.title, level: 1 }).waitFor()
    await button('Judge a set again').click()
    await page.getByLabel('Reason').fill('the key was wrong')
    await button('Begin judging aside').click()
    await page.getByText('1 submission would be judged otherwise.').waitFor()
    await button('Let it count').click()
    await inDialog('Let it count').click()
    await page.getByText('It counts: 1 submission is judged otherwise than before.').waitFor()
    await assertAccessible(page, 'what was practised')
    assert.deepEqual(browser.complaints(/(?!)/), [])
  })
})
