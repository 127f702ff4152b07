/** Bad lines in a real browser against the real arena: what is written and handed in without one is neither lost nor counted twice, nor anybody else's. */
import assert from 'node:assert/strict'
import { after, afterEach, before, describe, it } from 'node:test'
import type { Page } from 'playwright-core'
import { startArena } from '#testkit/arena'
import type { ArenaClient } from '#testkit/arena-client'
import { eventually } from '#testkit/eventually'
import { aPlusB, gravity } from '../problems.ts'
import { noBrowser, type OpenBrowser, openBrowser } from './open-browser.ts'

const flips = 100
/** How long a verdict may take while the machine is busy with other things. */
const judged = { timeout: 120_000 }
/** What a console says of a line that is down, and of answers refused on purpose. */
const lineDown = /ERR_INTERNET_DISCONNECTED|ERR_FAILED|ERR_CONNECTION|status of 40[139]|status of 429|WebSocket connection/

describe('the web on a bad line', { skip: noBrowser, timeout: 480_000 }, () => {
  let arena: Awaited<ReturnType<typeof startArena>>
  let browser: OpenBrowser
  let contestId = ''
  let numberId = ''

  before(async () => {
    arena = await startArena()
    const teacher = await arena.as('teacher', 'Teacher Keza')
    numberId = await teacher.createProblem({ ...gravity, statement: 'Give $\\vec{g}$ at sea level: $\\frac{GM}{r^2}$.' })
    const programId = await teacher.createProblem(aPlusB)
    contestId = (await teacher.createContest({ title: 'Friday Cup', problems: [{ problemId: numberId, maxAttempts: 1000 }, { problemId: programId }] })).id
    browser = await openBrowser(() => arena.url)
  })
  after(async () => {
    await browser?.close()
    await arena?.stop()
  })
  afterEach(async (context) => {
    if (!(context as { passed?: boolean }).passed) await browser?.keepScreenshots()
  })

  const pupil = async (name: string): Promise<ArenaClient> => {
    const client = await arena.as('student', name)
    await client.join(contestId)
    return client
  }
  const nameOf = (client: ArenaClient) => client.user.username ?? ''
  const openPupil = async (client: ArenaClient, name: string) => {
    const page = await browser.page(name)
    await browser.logIn(page, nameOf(client), client.password)
    return page
  }
  const problem = async (page: Page, label: string) => {
    await page.goto(`${arena.url}/contests/${contestId}/problems/${label}`)
    await page.getByRole('region', { name: 'Your answer' }).waitFor()
  }
  const answer = async (page: Page, value: string) => {
    await page.getByLabel('Your number').fill(value)
    await page.getByLabel('Unit').fill('m/s^2')
    await page.getByRole('button', { name: 'Submit answer' }).click()
  }
  const waiting = (page: Page, count: number) => page.getByText(`Waiting to be sent (${count})`).waitFor()
  /** The page has its worker, and the worker what the page used. */
  const readyForOffline = (page: Page) =>
    page.waitForFunction(async () => {
      const { navigator, caches } = globalThis as unknown as {
        navigator: { serviceWorker: { controller: unknown } }
        caches: { open(name: string): Promise<{ keys(): Promise<unknown[]> }> }
      }
      return navigator.serviceWorker.controller !== null && (await (await caches.open('arena-files')).keys()).length > 3
    })
  const handedIn = async (client: ArenaClient) => {
    const { submissions } = await client.ok('GET /api/submissions', { query: { contestId, limit: 200 } })
    const read = await Promise.all(submissions.map(({ id }) => client.ok('GET /api/submissions/:id', { params: { id } })))
    return read.map(({ submission }) => (submission.answer && 'value' in submission.answer ? submission.answer.value : '')).sort()
  }

  it('opens, reads and writes without a line, sends what waits when it is back, and keeps what was refused', async () => {
    const client = await pupil('Uwase Aline')
    const page = await openPupil(client, 'pupil')
    await problem(page, 'A')
    await page.locator('.katex svg').first().waitFor()
    await readyForOffline(page)
    await page.context().setOffline(true)
    await answer(page, '7.77')
    await waiting(page, 1)
    await answer(page, '7.78')
    await waiting(page, 2)
    await page.reload()
    await page.getByText('at sea level').waitFor()
    await page.locator('.katex svg').first().waitFor()
    await waiting(page, 2)
    await page.getByText('Waiting to be sent (2)').click()
    await page.getByRole('button', { name: 'Do not send' }).last().click()
    await waiting(page, 1)
    assert.deepEqual(await handedIn(client), [])
    await page.context().setOffline(false)
    await page.getByText(/Waiting to be sent/).waitFor({ state: 'detached' })
    await page.getByRole('region', { name: 'Verdict' }).getByText('Wrong answer').waitFor(judged)
    assert.deepEqual(await handedIn(client), ['7.77'])

    // refused while nobody looked: its text stays until it is dismissed
    await page.context().setOffline(true)
    await answer(page, '4.44')
    await waiting(page, 1)
    await page
      .context()
      .route('**/api/submit', (route) =>
        route.fulfill({ status: 409, json: { error: { code: 'CONTEST_NOT_RUNNING', message: 'The contest is not running.', requestId: 'x' } } }),
      )
    await page.context().setOffline(false)
    const refused = page.getByText('Not taken (1)')
    await refused.click()
    await page.getByRole('button', { name: 'Copy the text' }).waitFor()
    await page.locator('.outbox').getByRole('button', { name: 'Dismiss' }).click()
    await refused.waitFor({ state: 'detached' })
    assert.deepEqual(await handedIn(client), ['7.77'])
  })

  it(`loses neither draft nor submission over ${flips} flips of the line, with two browsers on one account`, async () => {
    const client = await pupil('Mugisha Eric')
    const [page, other] = [await openPupil(client, 'flipper'), await openPupil(client, 'flipper-2')]
    await problem(page, 'A')
    await problem(other, 'A')
    const expected: string[] = []
    for (let flip = 0; flip < flips; flip++) {
      await page.context().setOffline(flip % 2 === 0)
      if (flip % 25 === 0) await other.context().setOffline(flip % 50 === 0)
      if (flip % 30 !== 0) continue
      const value = `${flip + 1}.5`
      await answer(page, value)
      await answer(other, `${value}1`)
      expected.push(value, `${value}1`)
      await page.getByRole('button', { name: 'Submit answer' }).and(page.locator(':not([aria-busy=true])')).waitFor()
    }
    await page.context().setOffline(false)
    await other.context().setOffline(false)
    for (const each of [page, other]) await each.getByText(/Waiting to be sent/).waitFor({ state: 'detached' })
    await eventually(async () => assert.deepEqual(await handedIn(client), expected.sort()), 30_000)
    // each verdict is seen once, on the page that was open all the while
    const history = page.getByRole('region', { name: 'Your submissions to this problem' })
    await eventually(async () => assert.equal(await history.getByText('Wrong answer').count(), expected.length), judged.timeout)
    await other.close()

    await problem(page, 'B')
    await page.getByLabel('Plain text editor').check()
    const source = page.getByRole('textbox', { name: 'Source code' })
    for (let flip = 0; flip < 10; flip++) {
      await page.context().setOffline(flip % 2 === 0)
      await source.fill(`print(${flip})\n`)
    }
    await page.context().setOffline(false)
    await page.reload()
    await eventually(async () => assert.equal(await source.inputValue(), 'print(9)\n'))
  })

  it('on a shared computer nobody sees or sends what another wrote', async () => {
    const [first, second] = [await pupil('Keza Diane'), await pupil('Ntwali Jean')]
    const page = await openPupil(first, 'shared')
    await page.context().route('**/api/submit', (route) => route.abort())
    await problem(page, 'A')
    await answer(page, '1.11')
    await waiting(page, 1)
    const logOut = async () => {
      await page.getByRole('button', { name: 'Menu' }).click()
      await page.getByRole('button', { name: 'Log out' }).click()
      await page.getByRole('link', { name: 'Log in' }).first().waitFor()
    }
    await logOut()
    await page.getByText(/Waiting to be sent/).waitFor({ state: 'detached' })
    await browser.logIn(page, nameOf(second), second.password)
    await page.context().unroute('**/api/submit')
    await problem(page, 'A')
    assert.equal(await page.getByLabel('Your number').inputValue(), '')
    await answer(page, '2.22')
    await page.getByRole('region', { name: 'Verdict' }).getByText('Wrong answer').waitFor(judged)
    assert.equal(await page.getByText(/Waiting to be sent/).count(), 0)
    const kept = await page.evaluate<string>(async () => {
      const { indexedDB } = globalThis as unknown as { indexedDB: any }
      const db: any = await new Promise((done) => {
        const request = indexedDB.open('arena')
        request.onsuccess = () => done(request.result)
      })
      return new Promise((done) => {
        const request = db.transaction('answers').objectStore('answers').getAllKeys()
        request.onsuccess = () => done(JSON.stringify(request.result))
      })
    })
    assert.ok(!kept.includes(first.user.id), 'what the other had read is gone')
    assert.deepEqual([await handedIn(first), await handedIn(second)], [[], ['2.22']])
    await logOut()
    await browser.logIn(page, nameOf(first), first.password)
    await eventually(async () => assert.deepEqual(await handedIn(first), ['1.11']), 30_000)
  })

  it('asks to log in again over the page, and nothing on it is lost', async () => {
    const client = await pupil('Iradukunda Paul')
    const page = await openPupil(client, 'ended')
    await problem(page, 'A')
    await page.getByRole('contentinfo').getByText('Live', { exact: true }).waitFor()
    await page.getByLabel('Your number').fill('3.33')
    await page.getByLabel('Unit').fill('m')
    await client.ok('DELETE /api/me/sessions')
    const dialog = page.getByRole('dialog', { name: 'Log in again' })
    await dialog.waitFor()
    await dialog.getByLabel('Password').fill(client.password)
    await dialog.getByRole('button', { name: 'Log in' }).click()
    await dialog.waitFor({ state: 'detached' })
    assert.equal(await page.getByLabel('Your number').inputValue(), '3.33')
    await page.getByRole('button', { name: 'Submit answer' }).click()
    await page.getByRole('region', { name: 'Verdict' }).getByText('Wrong answer').waitFor(judged)
    assert.deepEqual(await handedIn(client), ['3.33'])
  })

  it('sees a verdict where a proxy lets no WebSocket through, and saves data where asked to', async () => {
    const client = await pupil('Gasana Yves')
    const page = await openPupil(client, 'proxied')
    await page.routeWebSocket('**/api/ws', (socket) => void socket.close())
    const asked: string[] = []
    page.on('request', (request) => asked.push(request.url()))
    await page.getByRole('button', { name: 'Menu' }).click()
    await page.getByLabel(/^Save data/).check()
    await problem(page, 'A')
    await page.locator('.plain-math math').first().waitFor()
    await answer(page, '9.81')
    await page.getByRole('region', { name: 'Verdict' }).getByText('Accepted').waitFor(judged)
    await problem(page, 'B')
    await page.getByRole('textbox', { name: 'Source code' }).fill('print(1)')
    assert.deepEqual(
      asked.filter((url) => /KaTeX_|code-mirror/.test(url)),
      [],
    )
  })

  it('is quiet in the console but for the line itself: no error of ours, nothing against the content policy', () => {
    assert.deepEqual(browser.complaints(lineDown), [])
  })
})
