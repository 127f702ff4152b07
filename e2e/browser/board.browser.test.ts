/** The leaderboard in real browsers: rows move as verdicts come, can be starred, found and jumped to, stand still while frozen; and the projector, for anybody. */
import assert from 'node:assert/strict'
import { after, afterEach, before, describe, it } from 'node:test'
import type { Page } from 'playwright-core'
import { startArena } from '#testkit/arena'
import type { ArenaClient } from '#testkit/arena-client'
import { eventually } from '#testkit/eventually'
import { minutesFromNow, whichPlanet } from '../problems.ts'
import { noBrowser, type OpenBrowser, openBrowser } from './open-browser.ts'

describe('the leaderboard in a browser', { skip: noBrowser, timeout: 240_000 }, () => {
  let arena: Awaited<ReturnType<typeof startArena>>
  let browser: OpenBrowser
  let contestId = ''
  let problemIds: string[] = []
  const pupils: ArenaClient[] = []
  const names = ['Aline Uwase', 'Bosco Ndayi', 'Claude Keza', 'Diane Uwera']

  before(async () => {
    arena = await startArena()
    const teacher = await arena.as('teacher', 'Teacher Gasana')
    problemIds = [await teacher.createProblem(whichPlanet), await teacher.createProblem({ ...whichPlanet, title: 'Once more' })]
    const places = problemIds.map((problemId) => ({ problemId, maxAttempts: 5 }))
    const times = { timing: 'window' as const, startsAt: minutesFromNow(-10), endsAt: minutesFromNow(120) }
    contestId = (await teacher.createContest({ title: 'Kigali Open', format: 'icpc', ...times, problems: places })).id
    for (const [n, name] of names.entries()) {
      const pupil = await arena.client().register({ name, school: n % 2 === 0 ? 'GS Huye' : 'GS Remera' })
      await pupil.join(contestId)
      pupils.push(pupil)
    }
    browser = await openBrowser(() => arena.url)
  })
  after(async () => {
    await browser?.close()
    await arena?.stop()
  })
  afterEach(async (context) => {
    if (!(context as { passed?: boolean }).passed) await browser?.keepScreenshots()
  })

  const answer = (n: number, problem: number, isRight: boolean) =>
    (pupils[n] as ArenaClient).submit({ contestId, problemId: problemIds[problem] as string, answer: { choices: [isRight ? 'b' : 'a'] } })
  const row = (page: Page, name: RegExp) => page.getByRole('row', { name }).first()
  const order = (page: Page) => page.locator('.board-body .board-person').evaluateAll((found) => found.map((each) => each.textContent))
  /** Rows as they stand from top to bottom, which is not their order in the page once they have moved. */
  const standing = (page: Page) =>
    page.locator('.board-body .board-row').evaluateAll((rows) =>
      rows
        .map((each) => ({ top: each.getBoundingClientRect().top, name: each.querySelector('.board-person')?.textContent }))
        .sort((a, b) => a.top - b.top)
        .map(({ name }) => name),
    )

  it('moves rows to their new places as verdicts come, with what was tried in the cells', async () => {
    const page = await browser.page('watcher')
    await browser.logIn(page, pupils[3]?.user.username as string, pupils[3]?.password as string)
    await page.goto(`${arena.url}/contests/${contestId}/leaderboard`)
    await page.getByText('Live', { exact: true }).first().waitFor()
    await row(page, /Diane Uwera/).waitFor()
    assert.deepEqual(await standing(page), names)
    await answer(2, 0, true)
    await row(page, /^1 Claude Keza.*solved, 1 attempt.*first to solve it/).waitFor()
    await eventually(async () => assert.equal((await standing(page))[0], 'Claude Keza'))
    await answer(3, 0, false)
    await row(page, /Diane Uwera.*you.*not solved, 1 attempt/).waitFor()
    assert.equal((await order(page)).length, names.length)
  })

  it('stars a row, keeps it pinned over a reload, and shows starred rows alone', async () => {
    const page = await browser.page('starring')
    await page.goto(`${arena.url}/contests/${contestId}/leaderboard`)
    await row(page, /Bosco Ndayi/).waitFor()
    await page.locator('.board-body').getByRole('button', { name: 'Follow Bosco Ndayi' }).click()
    await page.locator('.board-pinned').getByText('Bosco Ndayi').waitFor()
    await page.reload()
    await page.locator('.board-pinned').getByText('Bosco Ndayi').waitFor()
    await page.getByLabel('Starred only').check()
    await page.getByText('1 row found').waitFor()
    assert.deepEqual(await order(page), ['Bosco Ndayi'])
    assert.match(page.url(), /starred=1/)
  })

  it('finds by name and school, in the address, and draws scores over time', async () => {
    const page = await browser.page('finding', { width: 360, height: 740 })
    await page.goto(`${arena.url}/contests/${contestId}/leaderboard?find=uw`)
    await page.getByText('2 rows found').waitFor()
    await page.getByLabel('School', { exact: true }).selectOption('GS Remera')
    await page.getByText('1 row found').waitFor()
    assert.deepEqual(await order(page), ['Diane Uwera'])
    await browser.assertFits(page)
    await page.getByRole('button', { name: 'Show all' }).click()
    await row(page, /Claude Keza/).waitFor()
    assert.doesNotMatch(page.url(), /find|school/)
    await page.getByRole('button', { name: 'Chart' }).click()
    await page.locator('.u-wrap canvas').waitFor()
    await page.getByText('The same as a table').click()
    await page.getByRole('row', { name: /Claude Keza 10 → 1|Claude Keza 11 → 1/ }).waitFor()
    await browser.assertFits(page)
  })

  it('shows the hall what is public: pages by keys, a pause, news, and that the board is frozen', async () => {
    const page = await browser.page('hall')
    await page.goto(`${arena.url}/contests/${contestId}/projector`)
    await row(page, /Claude Keza/).waitFor()
    await page.getByRole('timer').waitFor()
    assert.equal(await page.getByRole('navigation').count(), 0, 'no menu on the wall')
    await page.keyboard.press('Space')
    await page.getByText('Paused').waitFor()
    await page.keyboard.press('Space')
    await page.getByText('Paused').waitFor({ state: 'detached' })
    await answer(0, 0, true)
    await page.getByText('Aline Uwase solved A').waitFor()
    const admin = await arena.as('admin')
    await admin.ok('PATCH /api/contests/:id', { params: { id: contestId }, body: { rules: { freezeMinutes: 120 } } } as never)
    await page.getByText('The board is frozen until the end').waitFor()
    await answer(1, 1, true)
    await row(page, /Bosco Ndayi.*\?/).waitFor()
    await page.keyboard.press('Escape')
    await page.getByRole('region', { name: /Leaderboard with 4 participants/ }).waitFor()
    await page.getByText('The board is frozen: results').waitFor()
    assert.deepEqual(browser.complaints(/\b401\b/), [])
  })
})
