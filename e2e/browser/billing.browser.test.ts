/** Paying, and mail that opens doors, in real browsers against the real arena with play money and a folder of mail. By role and label. */
import assert from 'node:assert/strict'
import { after, afterEach, before, describe, it } from 'node:test'
import type { Page } from 'playwright-core'
import type { NewPlan } from '#contracts/billing'
import { startArena } from '#testkit/arena'
import { eventually } from '#testkit/eventually'
import { whichPlanet } from '../problems.ts'
import { noBrowser, type OpenBrowser, openBrowser } from './open-browser.ts'

const learner: NewPlan = {
  name: 'Learner',
  description: 'For one learner.',
  features: ['All premium contests'],
  grants: ['premium-contests'],
  audience: 'person',
  periodMonths: 1,
  trialDays: 0,
  graceDays: 7,
  seats: null,
  prices: [
    { currency: 'RWF', amount: 1500 },
    { currency: 'USD', amount: 150 },
  ],
}
const schoolYear: NewPlan = { ...learner, name: 'School year', audience: 'school', periodMonths: 12, seats: 30, prices: [{ currency: 'RWF', amount: 150_000 }] }

describe('plans, payments and mail in a browser', { skip: noBrowser, timeout: 300_000 }, () => {
  let arena: Awaited<ReturnType<typeof startArena>>
  let browser: OpenBrowser
  let contestId = ''
  let schoolPlanId = ''

  before(async () => {
    arena = await startArena({ env: { ARENA_PAYMENTS: 'sandbox,manual', ARENA_BANK_DETAILS: 'Bank of Huye|Account 123-456' } })
    const admin = await arena.as('admin')
    await admin.ok('POST /api/plans', { body: learner })
    schoolPlanId = (await admin.ok('POST /api/plans', { body: schoolYear })).plan.id
    const teacher = await arena.as('teacher', 'Teacher Keza')
    const problemId = await teacher.createProblem(whichPlanet)
    contestId = (await teacher.createContest({ title: 'Premium Cup', premium: true, problems: [{ problemId }] })).id
    browser = await openBrowser(() => arena.url)
  })
  after(async () => {
    await browser?.close()
    await arena?.stop()
  })
  afterEach(async (context) => {
    if (!(context as { passed?: boolean }).passed) await browser?.keepScreenshots()
  })

  const pupilAtContest = async (name: string, viewport?: { width: number; height: number }) => {
    const pupil = await arena.as('student', name)
    const page = await browser.page(name, viewport)
    await browser.logIn(page, pupil.user.username as string, pupil.password)
    await page.getByRole('link', { name: /Premium Cup/ }).click()
    await page.getByRole('button', { name: 'Join the contest' }).click()
    await page.getByRole('heading', { name: 'Part of a paid plan' }).waitFor()
    return { pupil, page }
  }
  const toPayment = async (page: Page, times: 1 | 2) => {
    await page.getByRole('link', { name: 'Choose Learner' }).click()
    await page.getByText(/RWF.1,500 a month/).waitFor()
    await page.getByRole('button', { name: 'Go to the payment' }).click({ clickCount: times })
    await page.getByRole('heading', { name: 'Play money' }).waitFor()
  }

  it('leads a pupil from a premium contest to a plan, a payment, and back into the contest', async () => {
    const { pupil, page } = await pupilAtContest('Uwase Aline')
    await toPayment(page, 2)
    const { subscriptions } = await pupil.ok('GET /api/subscriptions/mine')
    assert.equal(subscriptions.length, 1, 'a double click buys once')
    await page.getByRole('button', { name: 'Pay with play money' }).click()
    await page.getByRole('heading', { name: 'Your payment' }).waitFor()
    await page
      .getByRole('main')
      .getByText(/for Learner has come/)
      .waitFor()
    await page.getByRole('link', { name: 'Back to the contest' }).click()
    await page.getByRole('button', { name: 'Join the contest' }).click()
    await page.getByRole('link', { name: /Nearest to the Sun/ }).waitFor()

    await page.goto(`${arena.url}/me/subscription`)
    const card = page.getByRole('article', { name: 'Learner' })
    await card.getByText('Open', { exact: true }).waitFor()
    await page.getByRole('link', { name: /^Receipt \d+$/ }).click()
    await page.getByText(/Received with thanks: RWF.1,500/).waitFor()
  })

  it('lets a holder cancel and think better of it', async () => {
    const page = await browser.page('again')
    const pupil = await arena.as('student', 'Iradukunda')
    await browser.logIn(page, pupil.user.username as string, pupil.password)
    await page.goto(`${arena.url}/plans`)
    await toPayment(page, 1)
    await page.getByRole('button', { name: 'Pay with play money' }).click()
    await page
      .getByRole('main')
      .getByText(/for Learner has come/)
      .waitFor()
    await page.goto(`${arena.url}/me/subscription`)
    await page.getByRole('button', { name: 'Cancel the subscription' }).click()
    await page
      .getByRole('dialog')
      .getByText(/stays open until/)
      .waitFor()
    await page.getByRole('dialog').getByRole('button', { name: 'Cancel the subscription' }).click()
    await page
      .getByRole('main')
      .getByText(/It ends then, as you wished/)
      .waitFor()
    await page.getByRole('button', { name: 'Go on after all' }).click()
    await page
      .getByRole('main')
      .getByText(/It ends then, as you wished/)
      .waitFor({ state: 'detached' })
  })

  it('claims no success for a payment that was refused, whatever the address says', async () => {
    const { page } = await pupilAtContest('Mugisha Eric')
    await toPayment(page, 1)
    await page.getByRole('button', { name: 'Refuse to pay' }).click()
    await page.getByText(/This payment has not come/).waitFor()
    await page.goto(`${page.url()}&status=successful&paid=true`)
    await page.getByText(/This payment has not come/).waitFor()
    await page.goto(`${arena.url}/contests/${contestId}`)
    await page.getByRole('button', { name: 'Join the contest' }).click()
    await page.getByRole('heading', { name: 'Part of a paid plan' }).waitFor()
  })

  it("opens the contest by a school's code, on a phone of 360 pixels", async () => {
    const [admin, holder] = [await arena.as('admin'), await arena.as('teacher', 'Teacher Gasana')]
    const until = new Date(Date.now() + 30 * 86_400_000).toISOString()
    await admin.ok('POST /api/billing/sponsorships', {
      body: { planId: schoolPlanId, holderId: holder.user.id, school: 'GS Huye', until, reason: 'A test' },
    })
    const [given] = (await holder.ok('GET /api/subscriptions/mine')).subscriptions
    assert.ok(given?.joinCode)
    const { page } = await pupilAtContest('Ingabire Diane', { width: 360, height: 740 })
    await browser.assertFits(page)
    await page.getByLabel('Code of your school').fill('WRONG-CODE')
    await page.getByRole('button', { name: 'Join my school' }).click()
    await page.getByText(/There is no school with this code/).waitFor()
    await page.getByLabel('Code of your school').fill(given.joinCode.toLowerCase())
    await page.getByRole('button', { name: 'Join my school' }).click()
    await page.getByRole('link', { name: /Nearest to the Sun/ }).waitFor()
    for (const path of ['/plans', '/me/subscription', '/profile']) {
      await page.goto(arena.url + path)
      await page.getByRole('main').getByRole('heading').first().waitFor()
      await browser.assertFits(page)
    }
  })

  it('takes a bank transfer that an admin confirms, and gives a part of it back', async () => {
    const holder = await arena.as('teacher', 'Teacher Uwera')
    const page = await browser.page('holder')
    await browser.logIn(page, holder.user.username as string, holder.password)
    await page.goto(`${arena.url}/plans`)
    await page.getByRole('link', { name: 'Choose School year' }).click()
    await page.getByLabel('School').fill('Lycée de Huye')
    await page.getByRole('radio', { name: /Bank transfer/ }).check()
    await page.getByRole('button', { name: 'Go to the payment' }).click()
    await page.getByText('Account 123-456').waitFor()
    const [waiting] = (await holder.ok('GET /api/subscriptions/mine')).subscriptions
    const reference = waiting?.due?.reference ?? ''
    await page.getByText(reference, { exact: true }).waitFor()

    const admin = await browser.page('cashier')
    await browser.logIn(admin, 'admin', arena.adminPassword)
    await admin.goto(`${arena.url}/admin/billing`)
    await admin.getByLabel('Find a payment').fill(reference)
    const payment = admin.getByRole('article', { name: reference })
    await payment.getByRole('button', { name: 'Confirm the transfer' }).click()
    const dialog = admin.getByRole('dialog')
    await dialog.getByLabel('Amount that came').fill('150,000')
    await dialog.getByRole('button', { name: 'Confirm the transfer' }).click()
    await dialog.getByText(/A plain number/).waitFor()
    await dialog.getByLabel('Amount that came').fill('15000')
    await dialog.getByRole('button', { name: 'Confirm the transfer' }).click()
    await dialog.getByText(/150000 RWF was asked for, not 15000/).waitFor()
    await dialog.getByLabel('Amount that came').fill('150000')
    await dialog.getByRole('button', { name: 'Confirm the transfer' }).click()
    await dialog.waitFor({ state: 'detached' })

    await page.goto(`${arena.url}/me/subscription`)
    await page.getByRole('heading', { name: 'Code for members' }).waitFor()
    await payment.getByRole('button', { name: 'Give money back' }).click()
    await dialog.getByLabel('A part').check()
    await dialog.getByLabel('Amount in RWF').fill('50000')
    await dialog.getByLabel('Reason').fill('Fewer pupils than thought')
    await dialog.getByRole('button', { name: 'Give money back' }).click()
    await payment.getByText(/RWF.50,000 given back/).waitFor()
    await admin.getByRole('link', { name: 'Ledger' }).click()
    await admin.getByText('All balances add up to zero.').waitFor()
  })

  it('puts a plan on sale that an admin writes down', async () => {
    const admin = await browser.page('planner')
    await browser.logIn(admin, 'admin', arena.adminPassword)
    await admin.goto(`${arena.url}/admin/billing/plans`)
    await admin.getByRole('button', { name: 'New plan' }).click()
    await admin.getByLabel('Name').fill('Club')
    await admin.getByLabel('US dollar (USD)').fill('9.50')
    await admin.getByRole('button', { name: 'Create plan' }).dblclick()
    await admin.getByRole('article', { name: 'Club' }).waitFor()
    await admin.goto(`${arena.url}/plans`)
    await admin.getByLabel('Currency').selectOption('USD')
    await admin.getByText('US$9.50 a month').waitFor()
  })

  it('sets a new password by the link of a mail, once', async () => {
    const email = 'keza@school.example'
    await arena.client().ok('POST /api/register', { body: { email, password: 'the old phrase of Keza', name: 'Keza' } })
    const page = await browser.page('forgetful')
    await page.goto(`${arena.url}/login`)
    await page.getByRole('link', { name: 'Forgot your password?' }).click()
    await page.getByLabel('E-mail').fill(email)
    await page.getByRole('button', { name: 'Send the link' }).click()
    await page.getByText(/a mail is on its way/).waitFor()

    const admin = await browser.page('admin')
    await browser.logIn(admin, 'admin', arena.adminPassword)
    await admin.goto(`${arena.url}/admin/mails`)
    await admin
      .getByRole('link', { name: /password/i })
      .first()
      .click()
    await admin.frameLocator('iframe[sandbox="allow-same-origin"]').getByText(/Keza/).first().waitFor()
    await admin.getByRole('button', { name: 'As text' }).click()
    const link = new URL((await admin.getByRole('link', { name: /reset-password#/ }).getAttribute('href')) ?? '')

    await page.goto(`${arena.url}${link.pathname}${link.hash}`)
    await page.getByLabel('New password', { exact: true }).fill('a new phrase of Keza')
    assert.equal(new URL(page.url()).hash, '', 'the token has left the address bar')
    await page.getByLabel('The new password again').fill('a new phrase of Keza')
    await page.getByRole('button', { name: 'Set the password' }).click()
    await page.getByText(/The new password is set/).waitFor()
    await browser.logIn(page, email, 'a new phrase of Keza')

    const second = await browser.page('second')
    await second.goto(`${arena.url}${link.pathname}${link.hash}`)
    await second.getByLabel('New password', { exact: true }).fill('another phrase of Keza')
    await second.getByLabel('The new password again').fill('another phrase of Keza')
    await second.getByRole('button', { name: 'Set the password' }).click()
    await second.getByText(/This link has been used/).waitFor()
  })

  /** The first address in the mails kept for somebody that fits, as this arena is called here. */
  const linkMailedTo = (address: string, fits: RegExp) =>
    eventually(async () => {
      const admin = await arena.as('admin')
      const { mails } = await admin.ok('GET /api/mails')
      for (const { name } of mails.filter((mail) => mail.to.includes(address))) {
        const { mail } = await admin.ok('GET /api/mails/:name', { params: { name } })
        const [link] = mail.text.match(/https?:\S+/g)?.filter((each) => fits.test(each)) ?? []
        if (link) return arena.url + link.slice(new URL(link).origin.length)
      }
      throw new Error(`no mail to ${address} has such a link`)
    }, 60_000)

  it('proves an address by the link of a mail, and stops a kind of mail by the link at its foot', async () => {
    const [email, password] = ['diane@school.example', 'a long phrase of Diane']
    await arena.client().ok('POST /api/register', { body: { email, password, name: 'Diane' } })
    const page = await browser.page('diane')
    await browser.logIn(page, email, password)
    const banner = page.getByRole('region', { name: 'Confirm your address' })
    await banner.waitFor()
    await page.goto(await linkMailedTo(email, /verify-email#/))
    await page.getByRole('button', { name: 'Confirm your address' }).click()
    await page.getByText(`${email} is confirmed`).waitFor()
    await page.goto(arena.url)
    await page.getByRole('link', { name: /Premium Cup/ }).waitFor()
    await banner.waitFor({ state: 'detached' })

    await page.goto(`${arena.url}/plans`)
    await toPayment(page, 1)
    await page.getByRole('button', { name: 'Pay with play money' }).click()
    await page
      .getByRole('main')
      .getByText(/for Learner has come/)
      .waitFor()
    await page.goto(await linkMailedTo(email, /\/unsubscribe\?token=/))
    await page.getByRole('button', { name: 'Stop this mail' }).click()
    await page.getByText('Stopped: Receipts').waitFor()
    await page.goto(`${arena.url}/profile`)
    assert.equal(await page.getByLabel('Receipts').isChecked(), false)
    assert.equal(await page.getByLabel('Reminders before a contest starts').isChecked(), true)
  })

  it('hands a link for a new password to somebody without e-mail', async () => {
    const pupil = await arena.as('student', 'Habimana Jean')
    const admin = await browser.page('helper')
    await browser.logIn(admin, 'admin', arena.adminPassword)
    await admin.goto(`${arena.url}/admin`)
    await admin.getByLabel('Find a user').fill('Habimana')
    await admin.getByRole('button', { name: 'Password link for Habimana Jean' }).click()
    await admin.getByRole('button', { name: 'Make the link' }).click()
    const link = await admin
      .getByRole('dialog')
      .getByText(/reset-password#/)
      .textContent()
    const page = await browser.page('habimana')
    await page.goto(link ?? '')
    await page.getByLabel('New password', { exact: true }).fill('a phrase for Habimana')
    await page.getByLabel('The new password again').fill('a phrase for Habimana')
    await page.getByRole('button', { name: 'Set the password' }).click()
    await page.getByText(/The new password is set/).waitFor()
    await browser.logIn(page, pupil.user.username as string, 'a phrase for Habimana')
  })

  it('left no error in any console', () => assert.deepEqual(browser.complaints(/status of (401|402|404|410|422)/), []))
})
