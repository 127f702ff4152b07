/**
 * The page on a bad line: `npm run bench -- web`. The real arena with its demonstration, Chromium slowed to 250 kbit/s with 300 ms of round trip and a
 * processor four times slower, a phone's screen. Each page is loaded with an empty cache, by a pupil who is logged in and has joined, and used: LCP and CLS
 * as Chromium tells them, INP as the slowest of a few real presses. Bytes are those that came over the wire, heads of answers included, until the page can be
 * used (`total_bytes`) and until nothing more comes (`settled_bytes`: the code editor, what tells of verdicts); the service worker,
 * which takes its files out of the browser's cache once the page stands, is left out.
 *
 * Prints a line of JSON for each page; exits with 1 when one is over a budget. BENCH_ROUNDS (3): each page so often, the middle one counts.
 */
import { type Browser, type BrowserContext, type CDPSession, chromium, type Page } from 'playwright-core'
import { startArena } from '#testkit/arena'
import { eventually } from '#testkit/eventually'
import { busy, machine, percentile, rounded } from './load/stage/figures.ts'

const line = { offline: false, latency: 300, downloadThroughput: 250_000 / 8, uploadThroughput: 250_000 / 8 }
const slowdown = 4
/** The product's: bytes of a contest's page, of JavaScript among them; the landing page, which answers questions by itself, may have more of the latter. */
const budget = { total: 100 * 1024, script: 60 * 1024, usableMs: 5_000 }
const rounds = Number(process.env.BENCH_ROUNDS ?? 3)
/** A step of a slowed page on a busy machine. */
const patience = 120_000

type Visit = {
  readonly name: string
  readonly path: string
  /** What there must be before the page can be used: all of them. */
  readonly usable: (page: Page) => readonly ReturnType<Page['locator']>[]
  readonly use: (page: Page) => Promise<void>
}

/** Told by Chromium's own observers, from before the first line of the page. */
const watch = `(() => {
  const told = (globalThis.told = { lcp: 0, cls: 0, inp: 0, presses: 0, moved: [] })
  const observe = (type, each, more) => new PerformanceObserver((list) => list.getEntries().forEach(each)).observe({ type, buffered: true, ...more })
  observe('largest-contentful-paint', (entry) => { told.lcp = entry.startTime })
  let session = 0, first = 0, last = 0
  observe('layout-shift', (entry) => {
    if (entry.hadRecentInput) return
    if (entry.startTime - last > 1000 || entry.startTime - first > 5000) { session = 0; first = entry.startTime }
    last = entry.startTime
    session += entry.value
    for (const { node } of entry.sources) if (entry.value >= 0.01 && node) told.moved.push((node.className || node.nodeName) + ' ' + entry.value.toFixed(3))
    told.cls = Math.max(told.cls, session)
  })
  observe('event', (entry) => {
    if (!entry.interactionId) return
    told.presses += 1
    told.inp = Math.max(told.inp, entry.duration)
  }, { durationThreshold: 16 })
})()`
type Told = { readonly lcp: number; readonly cls: number; readonly inp: number; readonly presses: number; readonly moved: readonly string[] }

/** Bytes over the wire, by what they were. */
function countBytes(cdp: CDPSession) {
  const kinds = new Map<string, string>()
  const bytes = new Map<string, number>()
  const uncompressed = new Set<string>()
  cdp.on('Network.responseReceived', ({ requestId, type, response }) => {
    kinds.set(requestId, type)
    const isText = /^(text|application\/(json|javascript))/.test(response.mimeType)
    if (isText && !response.headers['content-encoding'] && Number(response.headers['content-length'] ?? 0) > 1_400) uncompressed.add(response.url)
  })
  cdp.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    const kind = kinds.get(requestId) ?? 'Other'
    bytes.set(kind, (bytes.get(kind) ?? 0) + encodedDataLength)
  })
  return { bytes, uncompressed }
}

const openMenu = async (page: Page) => {
  for (let n = 0; n < 2; n++) {
    await page.locator('.top .menu > button').last().click()
    await page.keyboard.press('Escape')
  }
}

async function load(context: BrowserContext, url: string, visit: Visit) {
  const page = await context.newPage()
  page.setDefaultTimeout(patience)
  const cdp = await context.newCDPSession(page)
  await cdp.send('Network.enable')
  await cdp.send('Network.setCacheDisabled', { cacheDisabled: false })
  await cdp.send('Network.emulateNetworkConditions', line)
  await cdp.send('Emulation.setCPUThrottlingRate', { rate: slowdown })
  const { bytes, uncompressed } = countBytes(cdp)
  await page.addInitScript(watch)
  await page.goto(url + visit.path, { waitUntil: 'commit', timeout: patience })
  await Promise.all(visit.usable(page).map((each) => each.first().waitFor()))
  const usableMs = await page.evaluate<number>('performance.now()')
  const sum = () => [...bytes.values()].reduce((total, each) => total + each, 0)
  const first = { total: sum(), script: bytes.get('Script') ?? 0 }
  await page.waitForLoadState('networkidle', { timeout: patience })
  const loaded = { ...first, settled: sum(), byKind: Object.fromEntries(bytes) }
  await openMenu(page)
  await visit.use(page)
  const told = await eventually(async () => {
    const said = await page.evaluate<Told>('told')
    if (said.presses === 0) throw new Error('no press was told of')
    return said
  }, patience)
  await page.close()
  return { usableMs, ...loaded, ...told, uncompressed: [...uncompressed] }
}

/** A browser that knows who one is, and nothing else. */
async function afresh(browser: Browser, state: Awaited<ReturnType<BrowserContext['storageState']>>): Promise<BrowserContext> {
  return browser.newContext({ viewport: { width: 360, height: 740 }, storageState: state, serviceWorkers: 'block' })
}

async function measure(
  browser: Browser,
  url: string,
  visit: Visit,
  state: () => Promise<Awaited<ReturnType<BrowserContext['storageState']>>>,
): Promise<boolean> {
  const seen: Awaited<ReturnType<typeof load>>[] = []
  for (let round = 0; round < rounds; round++) {
    const context = await afresh(browser, await state())
    seen.push(await load(context, url, visit))
    await context.close()
  }
  const middle = (of: (each: (typeof seen)[number]) => number, digits = 0) => rounded(percentile(seen.map(of), 0.5), digits)
  const [usableMs, total, script] = [middle((each) => each.usableMs), middle((each) => each.total), middle((each) => each.script)]
  const isWithin = total <= budget.total && (script <= budget.script || !visit.path.startsWith('/contests/')) && usableMs <= budget.usableMs
  console.log(
    JSON.stringify({
      bench: 'web',
      page: visit.name,
      machine: machine(),
      busy: busy(),
      rounds,
      usable_ms: usableMs,
      total_bytes: total,
      script_bytes: script,
      settled_bytes: middle((each) => each.settled),
      by_kind: seen[0]?.byKind,
      lcp_ms: middle((each) => each.lcp),
      cls: middle((each) => each.cls, 3),
      inp_ms: middle((each) => each.inp),
      presses: seen[0]?.presses,
      moved: seen[0]?.moved,
      uncompressed: seen[0]?.uncompressed,
      budget,
      within: isWithin,
    }),
  )
  return isWithin
}

const arena = await startArena({ demo: 'on', readyWithinMs: 300_000 })
try {
  const pupil = await arena.client().register({ name: 'Uwase Aline' })
  const { contests } = await pupil.ok('GET /api/contests')
  const idOf = (subject: string, timing: string) => contests.find((contest) => contest.subject === subject && contest.timing === timing)?.id ?? ''
  const [physics, icpc] = [idOf('physics', 'untimed'), contests.find(({ format }) => format === 'icpc')?.id ?? '']
  for (const id of [physics, icpc]) await pupil.join(id)
  const browser = await chromium.launch({
    executablePath: process.env.TEST_CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
  })
  /** A session of its own for each visit, since a refresh token is good once. */
  const loggedIn = async () => {
    const context = await browser.newContext({ serviceWorkers: 'block' })
    const page = await context.newPage()
    page.setDefaultTimeout(patience)
    await page.goto(`${arena.url}/login`)
    const form = page.getByRole('main')
    await form.getByLabel('E-mail or username').fill(pupil.user.username ?? '')
    await form.getByLabel('Password').fill(pupil.password)
    await form.getByRole('button', { name: 'Log in' }).click()
    await page.getByRole('link', { name: 'Log in' }).waitFor({ state: 'detached' })
    const state = await context.storageState()
    await context.close()
    return state
  }
  const nobody = async () => ({ cookies: [], origins: [] })
  const answer = (page: Page) => page.getByRole('region', { name: 'Your answer' })
  const visits: readonly (Visit & { readonly as: typeof loggedIn })[] = [
    {
      name: 'landing',
      as: nobody,
      path: '/',
      usable: (page) => [page.getByRole('heading', { level: 1 }), page.locator('main a[href^="/contests/"]')],
      use: (page) => page.locator('main button:enabled').first().click(),
    },
    {
      name: 'contest',
      as: loggedIn,
      path: `/contests/${physics}`,
      usable: (page) => [page.locator('main a[href*="/problems/"]')],
      use: (page) => page.locator('main a[href*="/problems/"]').first().click(),
    },
    {
      name: 'problem (a question)',
      as: loggedIn,
      path: `/contests/${physics}/problems/A`,
      usable: (page) => [page.locator('.solve-statement .prose'), answer(page).locator('input:enabled')],
      use: async (page) => {
        const field = answer(page).locator('input:enabled').first()
        await field.click()
        if ((await field.getAttribute('type')) !== 'radio') await field.pressSequentially('12,5')
      },
    },
    {
      name: 'problem (a program)',
      as: loggedIn,
      path: `/contests/${icpc}/problems/A`,
      usable: (page) => [page.locator('.solve-statement .prose'), answer(page).locator('textarea:enabled, .cm-content')],
      use: async (page) => {
        await answer(page).locator('textarea:enabled, .cm-content').first().click()
        await page.keyboard.type('a, b')
      },
    },
    {
      name: 'leaderboard',
      as: loggedIn,
      path: `/contests/${icpc}/leaderboard`,
      usable: (page) => [page.locator('.board-body .board-row')],
      use: async (page) => {
        await page.locator('.board-body .board-row button').first().click()
      },
    },
  ]
  for (const visit of visits) if (!(await measure(browser, arena.url, visit, visit.as))) process.exitCode = 1
  await browser.close()
} finally {
  await arena.stop()
}
