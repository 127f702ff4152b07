/** Every page, as each who may see it, on a phone and on a laptop, by day and by night: nothing for axe to find, nothing wider than the screen, no complaint. */
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Page } from 'playwright-core'
import { type RunningArena, startArena } from '#testkit/arena'
import { findFaults } from './axe.ts'
import { noBrowser, type OpenBrowser, openBrowser } from './open-browser.ts'
import { everyPage, openSchool, type School } from './school.ts'

/** Both sizes and both looks; all rules once a size, since night and day differ in colours only. */
const looks = [
  { width: 1280, height: 800, colorScheme: 'light', rules: 'all' },
  { width: 1280, height: 800, colorScheme: 'dark', rules: 'colours' },
  { width: 360, height: 740, colorScheme: 'dark', rules: 'all' },
  { width: 360, height: 740, colorScheme: 'light', rules: 'colours' },
] as const

describe('every page', { skip: noBrowser, timeout: 420_000 }, () => {
  let arena: RunningArena
  let browser: OpenBrowser
  let school: School

  before(async () => {
    arena = await startArena({ readyWithinMs: 120_000 })
    school = await openSchool(arena)
    browser = await openBrowser(() => arena.url)
  })
  after(async () => {
    await browser?.close()
    await arena?.stop()
  })

  /** All that is wrong with these pages, so that one run tells of all. */
  async function faultsOf(page: Page, paths: readonly string[]): Promise<string[]> {
    const faults: string[] = []
    for (const path of paths) {
      await page.setViewportSize({ width: 1280, height: 800 })
      await page.goto(arena.url + path)
      await page.getByRole('heading', { level: 1 }).first().waitFor()
      // where all states are on show, one is at work for ever
      await page.locator('main:not(:has(.design-look)) [aria-busy="true"]').first().waitFor({ state: 'detached' })
      for (const { colorScheme, rules, ...size } of looks) {
        await page.setViewportSize(size)
        await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
        const at = `${path} ${size.width} ${colorScheme}`
        faults.push(...(await findFaults(page, rules)).map((fault) => `${at}: ${fault}`))
        const overflow = await page.evaluate<number>('document.documentElement.scrollWidth - document.documentElement.clientWidth')
        if (overflow > 0) faults.push(`${at}: ${overflow} px wider than the screen`)
      }
    }
    return faults
  }

  it('stands before axe as a stranger sees it', async () => {
    assert.deepEqual(await faultsOf(await browser.page('nobody'), everyPage(school).nobody), [])
  })
  for (const who of ['pupil', 'teacher', 'admin'] as const)
    it(`stands before axe as ${who} sees it`, async () => {
      const page = await browser.page(who)
      const { user, password } = who === 'admin' ? { user: { username: 'admin' }, password: arena.adminPassword } : school[who]
      await browser.logIn(page, user.username ?? '', password)
      assert.deepEqual(await faultsOf(page, everyPage(school)[who]), [])
    })

  it('leaves no error in any console', () => assert.deepEqual(browser.complaints(/status of (401|404)/), []))
})
