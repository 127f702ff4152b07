/** An admin's day in a real browser: finds people, changes what they may, helps one back in, sees what the arena needs, and deals with messages that failed. */
import assert from 'node:assert/strict'
import { after, afterEach, before, describe, it } from 'node:test'
import type { Page } from 'playwright-core'
import { type RunningArena, startArena } from '#testkit/arena'
import type { ArenaClient } from '#testkit/arena-client'
import { whichPlanet } from '../problems.ts'
import { noBrowser, type OpenBrowser, openBrowser } from './open-browser.ts'

describe('the admin in a browser', { skip: noBrowser, timeout: 240_000 }, () => {
  let arena: RunningArena
  let browser: OpenBrowser
  let pupil: ArenaClient
  let page: Page

  before(async () => {
    arena = await startArena({ readyWithinMs: 120_000 })
    pupil = await arena.as('student', 'Uwase Aline')
    const teacher = await arena.as('teacher', 'Teacher Keza')
    await pupil.judged({ problemId: await teacher.createProblem({ ...whichPlanet, public: true }), answer: { choices: ['b'] } })
    browser = await openBrowser(() => arena.url)
    page = await browser.page('admin')
    await browser.logIn(page, 'admin', arena.adminPassword)
  })
  after(async () => {
    await browser?.close()
    await arena?.stop()
  })
  afterEach(async (context) => {
    if (!(context as { passed?: boolean }).passed) await browser?.keepScreenshots()
  })
  const open = async (tab: string) => {
    await page.getByRole('navigation', { name: 'Admin' }).getByRole('link', { name: tab }).click()
    await page.getByRole('heading', { level: 1, name: tab }).waitFor()
  }
  const confirm = (name: string) => page.getByRole('dialog').getByRole('button', { name }).click()

  it('finds a pupil, makes a teacher of her, disables her account and opens it again', async () => {
    await page.getByRole('link', { name: 'Admin' }).click()
    await page.getByLabel('Find a user').fill('nobody of this name')
    await page.getByText('Nobody fits.').waitFor()
    await page.getByLabel('Find a user').fill('aline')
    await page.getByRole('combobox', { name: 'Role of Uwase Aline' }).selectOption('teacher')
    await page.getByRole('dialog').getByText('Uwase Aline becomes: Teacher.').waitFor()
    await confirm('Cancel')
    assert.equal(await page.getByRole('combobox', { name: 'Role of Uwase Aline' }).inputValue(), 'student', 'nothing is changed by asking')
    await page.getByRole('combobox', { name: 'Role of Uwase Aline' }).selectOption('teacher')
    await confirm('Change')
    await page.getByText('The account of Uwase Aline has been changed.').waitFor()
    await page.getByRole('button', { name: 'Disable Uwase Aline' }).click()
    await confirm('Change')
    await page.getByRole('button', { name: 'Enable Uwase Aline' }).waitFor()
    assert.equal((await pupil.call('POST /api/login', { body: { username: pupil.user.username, password: pupil.password } })).status, 403)
    await page.getByRole('button', { name: 'Enable Uwase Aline' }).click()
    await confirm('Change')
    await page.getByRole('button', { name: 'Disable Uwase Aline' }).waitFor()
  })

  it('makes a link by which she sets a new password, good once', async () => {
    await page.getByRole('button', { name: 'Password link for Uwase Aline' }).click()
    await confirm('Make the link')
    const link = (await page.getByRole('dialog').locator('code').textContent()) ?? ''
    await confirm('Done')
    const hers = await browser.page('pupil', { width: 360, height: 740 })
    await hers.goto(link)
    await hers.getByLabel('New password', { exact: true }).fill('another long phrase')
    await hers.getByLabel('The new password again').fill('another long phrase')
    await hers.getByRole('button', { name: 'Set the password' }).click()
    await hers.getByText('The new password is set').waitFor()
    await browser.logIn(hers, pupil.user.username ?? '', 'another long phrase')
    await hers.getByRole('link', { name: 'Practice' }).first().waitFor({ state: 'attached' })
  })

  it('says at once that all is well, which judge works, and that nobody waits', async () => {
    await open('Status')
    await page.getByText('All is well: nothing needs you.').waitFor()
    await page.getByRole('region', { name: 'Judges' }).getByText('Working').waitFor()
    await page
      .getByRole('region', { name: 'Who waits for the judge' })
      .getByRole('row', { name: /Programs in contests 0 0 – Nobody waits/ })
      .waitFor()
    await browser.assertFits(page)
  })

  it('sees a message that failed, puts one back and throws one away', async () => {
    for (const [n, reason] of ['the board did not answer', 'nobody knows this contest'].entries())
      await arena.sql(
        `insert into bus.dead_letters (queue, event_id, topic, occurred_at, payload, attempts, reason) values ('leaderboard.events', $1, 'user.renamed.v1', $2, '{}', 8, $3)`,
        [`01900000-0000-7000-8000-00000000000${n}`, new Date().toISOString(), reason],
      )
    await page.getByText('2 messages failed too often: look at them').click()
    await page.getByRole('heading', { level: 1, name: 'Dead letters' }).waitFor()
    const letter = (reason: string) => page.getByRole('article').filter({ hasText: reason })
    await letter('the board did not answer').getByRole('button', { name: 'Put back into the queue' }).click()
    await letter('the board did not answer').waitFor({ state: 'detached' })
    await letter('nobody knows this contest').getByRole('button', { name: 'Discard' }).click()
    await confirm('Discard')
    await letter('nobody knows this contest').waitFor({ state: 'detached' })
    const [left] = await arena.sql<{ count: string }>(`select count(*) from bus.dead_letters where reason = 'nobody knows this contest'`)
    assert.equal(left?.count, '0')
  })

  it('shows what the page is made of, and gives the look back that one had', async () => {
    await page.getByRole('link', { name: 'Admin' }).click()
    await page.getByRole('navigation', { name: 'Admin' }).getByRole('link', { name: 'Design' }).click()
    await page.getByRole('heading', { level: 1, name: 'Design' }).waitFor()
    await page.getByLabel('Dark').check()
    await page.getByLabel('High contrast').check()
    await page.getByText('21 (at least 4.5)').first().waitFor()
    const root = page.locator('html')
    assert.deepEqual([await root.getAttribute('data-theme'), await root.getAttribute('data-look')], ['dark', 'contrast'])
    await page.getByRole('link', { name: 'Admin' }).click()
    await page.getByRole('heading', { level: 1, name: 'Users' }).waitFor()
    assert.deepEqual([await root.getAttribute('data-theme'), await root.getAttribute('data-look')], [null, null])
  })

  it('left no error in any console', () => assert.deepEqual(browser.complaints(/status of 401/), []))
})
