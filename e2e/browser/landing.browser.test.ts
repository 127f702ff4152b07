/** From a stranger's first question to a member's own pages: landing, first page, history, messages, profile. On a phone, by role and label, and through axe. */
import assert from 'node:assert/strict'
import { after, afterEach, before, describe, it } from 'node:test'
import type { Page } from 'playwright-core'
import type { NewProblem } from '#contracts/contest'
import { startArena } from '#testkit/arena'
import { eventually } from '#testkit/eventually'
import { whichPlanet } from '../problems.ts'
import { assertAccessible } from './axe.ts'
import { noBrowser, type OpenBrowser, openBrowser } from './open-browser.ts'

const phone = { width: 360, height: 740 }
const inDays = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString()
const moto = {
  kind: 'numeric',
  title: 'A Moto',
  subject: 'physics',
  public: true,
  tags: ['sample'],
  statement: 'At $36\\ \\text{km/h}$, how far in a minute?',
  answer: '600',
  unit: 'm',
  explanation: 'Ten metres *every second*.',
} satisfies NewProblem

describe('the pages outside a contest', { skip: noBrowser, timeout: 240_000 }, () => {
  let arena: Awaited<ReturnType<typeof startArena>>
  let browser: OpenBrowser
  let member: Page

  before(async () => {
    arena = await startArena()
    const teacher = await arena.as('teacher', 'Teacher Keza')
    await teacher.createProblem(moto)
    const planet = await teacher.createProblem({ ...whichPlanet, public: true, tags: ['sample'] })
    const problemId = await teacher.createProblem({ ...whichPlanet, title: 'The Same Again' })
    await teacher.createContest({ title: 'Always Open', problems: [{ problemId }] })
    const window = { timing: 'window' as const, problems: [] }
    await teacher.createContest({ ...window, title: 'Hill Cup', subject: 'physics', startsAt: inDays(3.5), endsAt: inDays(3.7) })
    await teacher.createContest({ ...window, title: 'Running Cup', subject: 'mathematics', startsAt: inDays(0), endsAt: inDays(0.2) })
    const pupil = await arena.as('student', 'Aline Mutesi')
    for (const choice of ['a', 'b']) await pupil.judged({ problemId: planet, answer: { choices: [choice] } })
    browser = await openBrowser(() => arena.url)
    member = await browser.page('member', phone)
    await browser.logIn(member, pupil.user.username ?? '', pupil.password)
  })
  after(async () => {
    await browser?.close()
    await arena?.stop()
  })
  afterEach(async (context) => {
    if (!(context as { passed?: boolean }).passed) await browser?.keepScreenshots()
  })
  const goTo = async (path: string, heading: string | RegExp) => {
    await member.goto(`${arena.url}${path}`)
    await member.getByRole('heading', { level: 1, name: heading }).waitFor()
  }

  it('lets a stranger answer a question at once, and says why it is right', async () => {
    const page = await browser.page('stranger', phone)
    await page.getByRole('heading', { level: 1 }).waitFor()
    await page.getByText('Starts in 3 days').waitFor()
    const samples = page.getByRole('region', { name: 'Try one right now' })
    await samples.getByRole('button', { name: 'Check my answer' }).click()
    await samples.getByText('Write a number first.').waitFor()
    await samples.getByLabel('Your number').fill('36')
    await samples.getByLabel('Unit').fill('m')
    await samples.getByLabel('Unit').press('Enter')
    await samples.getByText('Not yet.').waitFor()
    await samples.getByLabel('Your number').fill('600,0')
    await samples.getByRole('button', { name: 'Check my answer' }).click()
    await samples.getByText('every second').waitFor()
    await assertAccessible(page, 'landing')
    await browser.assertFits(page)
    await samples.getByRole('button', { name: 'Next question' }).click()
    await samples.getByText('Question 2 of 2').waitFor()
    await samples.getByRole('radio').first().check()
    await samples.getByRole('button', { name: 'Next question' }).click()
    await samples.getByText('1 of 2 solved').waitFor()
    await page.getByRole('link', { name: 'Hill Cup' }).waitFor()
  })

  it('shows a member their own contests first, joins a coming one in place, and keeps the subject in the address', async () => {
    await goTo('/', /Hello, Aline/)
    await member.getByRole('button', { name: 'Join: Hill Cup' }).click()
    const mine = member.getByRole('region', { name: 'Your contests' })
    await mine.getByRole('link', { name: 'Hill Cup' }).waitFor()
    await member.getByRole('button', { name: 'Physics' }).click()
    await member.getByRole('link', { name: 'Running Cup' }).waitFor({ state: 'detached' })
    assert.equal(new URL(member.url()).search, '?subject=physics')
    await member.reload()
    await mine.getByRole('link', { name: 'Hill Cup' }).waitFor()
    assert.equal(await member.getByRole('link', { name: 'Running Cup' }).count(), 0)
    await assertAccessible(member, 'first page')
    await browser.assertFits(member)
  })

  it('finds among all one has handed in what the address asks for', async () => {
    await goTo('/me/submissions', 'My submissions')
    const rows = member.getByRole('button', { name: 'Details' })
    await eventually(async () => assert.equal(await rows.count(), 2), 20_000)
    await member.getByText('Filters').click()
    await member.getByLabel('Verdict').selectOption('AC')
    await eventually(async () => assert.equal(await rows.count(), 1), 20_000)
    await member.reload()
    await eventually(async () => assert.equal(await rows.count(), 1), 20_000)
    await rows.click()
    await member.getByText('Mercury').waitFor()
    await assertAccessible(member, 'history')
    await browser.assertFits(member)
    await member.getByLabel('Verdict').selectOption('CE')
    await member.getByText('Nothing fits these filters.').waitFor()
  })

  it('lists messages, and marks them as read when asked to', async () => {
    await goTo('/me/notifications', 'Messages')
    await member.getByText('New', { exact: true }).first().waitFor()
    await member.getByLabel('Show').selectOption('account')
    await member.getByText('Welcome to Competa Arena, Aline Mutesi!').waitFor()
    await assertAccessible(member, 'messages')
    await member.getByLabel('Show').selectOption('unread')
    await member.getByRole('button', { name: 'Mark all as read' }).click()
    await member.getByRole('button', { name: 'Mark all as read' }).waitFor({ state: 'detached' })
    await browser.assertFits(member)
  })

  it('keeps a look through a new start, and logs out another device', async () => {
    await goTo('/profile', 'Profile')
    const root = member.locator('html')
    await member.getByLabel('High contrast').check()
    await member.getByLabel('Easier letters for dyslexia').check()
    await member.reload({ waitUntil: 'commit' })
    await eventually(async () => assert.equal(await root.getAttribute('data-look'), 'contrast readable'), 20_000)
    const sessions = member.getByRole('region', { name: 'Where you are logged in' })
    await sessions.getByText('This device').waitFor()
    await assertAccessible(member, 'profile in high contrast')
    await browser.assertFits(member)
    await sessions.getByRole('button', { name: 'Log out everywhere else' }).click()
    await member.getByRole('dialog').getByRole('button', { name: 'Log out everywhere else' }).click()
    await sessions.getByText('You are logged in here only.').waitFor()
    await member.getByLabel('Dark').check()
    await assertAccessible(member, 'profile, dark, in high contrast')
    await member.getByLabel('High contrast').uncheck()
    await assertAccessible(member, 'profile, dark')
  })

  it('left no error in any console', () => assert.deepEqual(browser.complaints(/status of 401/), []))
})
