/** A pupil's way in English, Kinyarwanda and French, on a phone, in a real browser: the switch, the account, dates, verdicts, and no word of another language between. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, afterEach, before, describe, it } from 'node:test'
import { startArena } from '#testkit/arena'
import { eventually } from '#testkit/eventually'
import { whichPlanet } from '../problems.ts'
import { noBrowser, type OpenBrowser, openBrowser } from './open-browser.ts'

type Tree = { readonly [key: string]: string | Tree }
/** `say('login.title')` in a language. */
function textsOf(language: string) {
  const texts: Tree = JSON.parse(readFileSync(join(import.meta.dirname, '..', '..', 'apps', 'web', 'src', 'locales', `${language}.json`), 'utf8'))
  return (key: string): string => {
    const text = key.split('.').reduce<string | Tree | undefined>((at, part) => (typeof at === 'object' ? at[part] : undefined), texts)
    assert.equal(typeof text, 'string', key)
    return text as string
  }
}
const phone = { width: 360, height: 740 }
/** 20 November 2099 is a Friday. */
const start = new Date(2099, 10, 20, 12)
const people = [
  { language: 'en', name: 'English', login: 'eric', date: /Fri,? 20 Nov(ember)? 2099/ },
  { language: 'rw', name: 'Ikinyarwanda', login: 'aline', date: /ku wa Gatanu 20 Ugushyingo 2099/ },
  { language: 'fr', name: 'Français', login: 'claire', date: /ven\. 20 nov\. 2099/ },
] as const

describe('the page in each language', { skip: noBrowser, timeout: 240_000 }, () => {
  let arena: Awaited<ReturnType<typeof startArena>>
  let browser: OpenBrowser

  before(async () => {
    arena = await startArena()
    const teacher = await arena.as('teacher', 'Teacher Keza')
    const problemId = await teacher.createProblem(whichPlanet)
    await teacher.createContest({ title: 'Friday Cup', problems: [{ problemId }] })
    const times = { startsAt: start.toISOString(), endsAt: new Date(start.getTime() + 3_600_000).toISOString() }
    await teacher.createContest({ title: 'Later Cup', timing: 'window', ...times, problems: [{ problemId }] })
    browser = await openBrowser(() => arena.url)
  })
  after(async () => {
    await browser?.close()
    await arena?.stop()
  })
  afterEach(async (context) => {
    if (!(context as { passed?: boolean }).passed) await browser?.keepScreenshots()
  })

  for (const { language, name, login, date } of people)
    it(`takes a pupil from the switch to a verdict in ${name}`, async () => {
      const say = textsOf(language)
      const page = await browser.page(language, phone)
      await page.getByRole('contentinfo').getByRole('button', { name }).click()
      await page.getByRole('heading', { name: say('home.title') }).waitFor()
      assert.equal(await page.locator('html').getAttribute('lang'), language)
      await page.getByText(date).first().waitFor()
      await browser.assertFits(page)

      await page.reload()
      await page.getByRole('link', { name: say('home.start') }).click()
      await page.getByLabel(say('register.name')).fill('Uwase Aline')
      await page.getByLabel(say('register.login')).fill(login)
      await page.getByLabel(say('register.password')).fill('a long enough phrase')
      await page
        .getByRole('main')
        .getByRole('button', { name: say('action.register') })
        .click()
      await page.getByRole('link', { name: /Friday Cup/ }).click()
      await page.getByRole('button', { name: say('contest.join') }).click()
      await page.getByRole('link', { name: /Nearest to the Sun/ }).click()
      await page.getByRole('radio', { name: 'Venus' }).check()
      await page.getByRole('button', { name: say('solve.submitAnswer') }).click()
      await page
        .getByRole('region', { name: say('solve.lastVerdict') })
        .getByText(say('verdict.WA'))
        .first()
        .waitFor()
      await browser.assertFits(page)
    })

  it('keeps the language of an account, in whatever browser it is used, and saves another choice to it', async () => {
    const [rw, fr] = [textsOf('rw'), textsOf('fr')]
    const page = await browser.page('elsewhere', phone)
    await browser.logIn(page, 'aline', 'a long enough phrase')
    await page.getByRole('button', { name: rw('shell.menu') }).click()
    await page.getByRole('button', { name: 'Français' }).click()
    await page.getByRole('link', { name: fr('nav.profile') }).click()
    await page.getByRole('heading', { name: fr('profile.title') }).waitFor()
    await eventually(async () => assert.equal(await page.getByLabel(fr('profile.language')).inputValue(), 'fr'))
    await page.reload()
    await page.getByRole('heading', { name: fr('profile.title') }).waitFor()
  })

  it('left no error in any console', () => {
    // A machine with containers that come and go changes its network under the browser.
    assert.deepEqual(browser.complaints(/status of 401/), [])
  })
})
