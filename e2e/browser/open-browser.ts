/** Browsers of a test: each person has one of their own. What a console complains about is gathered, and screenshots are kept when a test fails. */
import assert from 'node:assert/strict'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { type BrowserContext, chromium, type Page } from 'playwright-core'

const executablePath = process.env.TEST_CHROMIUM
/** Why there is no browser; false where there is one. */
export const noBrowser = executablePath ? false : (process.env.TEST_NO_CHROMIUM ?? 'TEST_CHROMIUM names no browser; npm test finds or installs one')
const screenshots = join(import.meta.dirname, '..', '..', '.arena', 'screenshots')
/** How long a step may take, milliseconds: the machine may be busy with other things. */
const patience = 30_000

export async function openBrowser(url: () => string) {
  const browser = await chromium.launch({
    ...(executablePath ? { executablePath } : {}),
    args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--disable-background-networking'],
  })
  const contexts = new Map<string, BrowserContext>()
  const complaints: string[] = []

  const opened = {
    /** A page in a browser of its own, at the start. */
    async page(name: string, viewport = { width: 1280, height: 800 }): Promise<Page> {
      const context = await browser.newContext({ viewport })
      contexts.set(name, context)
      // what the content policy refuses is an error of the page, whatever the console makes of it
      await context.addInitScript(() => {
        const { addEventListener, console } = globalThis as unknown as { addEventListener: typeof process.on; console: Console }
        addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) => console.error(`policy: ${violatedDirective} ${blockedURI}`))
      })
      const page = await context.newPage()
      page.setDefaultTimeout(patience)
      page.on('console', (message) => message.type() === 'error' && complaints.push(`${name}: ${message.text()}`))
      page.on('pageerror', (error) => complaints.push(`${name}: ${error}`))
      await page.goto(url())
      return page
    },
    async logIn(page: Page, login: string, password: string): Promise<void> {
      await page.goto(`${url()}/login`)
      const form = page.getByRole('main')
      await form.getByLabel('E-mail or username').fill(login)
      await form.getByLabel('Password').fill(password)
      await form.getByRole('button', { name: 'Log in' }).click()
      await page.getByRole('link', { name: 'Log in' }).waitFor({ state: 'detached' })
    },
    async assertFits(page: Page): Promise<void> {
      const overflow = await page.evaluate<number>('document.documentElement.scrollWidth - document.documentElement.clientWidth')
      assert.ok(overflow <= 0, `${page.url()} is ${overflow} px wider than the screen`)
    },
    /** All that consoles complained about, but for answers with a status that a step provokes on purpose. */
    /** ERR_NETWORK_CHANGED is Chromium's word for a machine whose interfaces come and go, as containers' do. */
    complaints: (provoked: RegExp) => complaints.filter((each) => !provoked.test(each) && !each.includes('ERR_NETWORK_CHANGED')),
    async keepScreenshots(): Promise<void> {
      mkdirSync(screenshots, { recursive: true })
      for (const [name, each] of contexts)
        for (const [at, page] of each.pages().entries())
          await page.screenshot({ path: join(screenshots, `${name}-${at}.png`), fullPage: true }).catch(() => undefined)
    },
    close: () => browser.close(),
  }
  return opened
}
export type OpenBrowser = Awaited<ReturnType<typeof openBrowser>>
