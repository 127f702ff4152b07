/**
 * Pictures of the product for docs/pictures: `node scripts/pictures.ts`, by hand, after the pages have changed. A real arena in the middle of a lesson, the
 * main pages at 360, 768 and 1440 pixels, every second one by night. Chromium itself writes them as WebP; all of them together stay under 3 MB, or this fails.
 */
import { mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { chromium, type Page } from 'playwright-core'
import { startArena } from '#testkit/arena'
import { openSchool, type School } from '../e2e/browser/school.ts'

const folder = join(import.meta.dirname, '..', 'docs', 'pictures')
const most = 3_000_000
const sizes = [
  { width: 360, height: 740, colorScheme: 'light' },
  { width: 768, height: 1024, colorScheme: 'dark' },
  { width: 1440, height: 900, colorScheme: 'light' },
] as const

type Person = 'nobody' | 'pupil' | 'teacher' | 'admin'
const scenes = ({
  contest,
  quiz,
  programId,
}: School): readonly { readonly name: string; readonly as: Person; readonly path: string; readonly ready: string }[] => [
  { name: 'landing', as: 'nobody', path: '/', ready: 'a[href^="/contests/"]' },
  { name: 'contest', as: 'pupil', path: `/contests/${contest.id}`, ready: 'a[href*="/problems/"]' },
  { name: 'program', as: 'pupil', path: `/contests/${contest.id}/problems/C`, ready: '.cm-content' },
  { name: 'quiz', as: 'pupil', path: `/contests/${quiz.id}/quiz`, ready: 'input' },
  { name: 'leaderboard', as: 'pupil', path: `/contests/${contest.id}/leaderboard`, ready: '.board-body .board-row' },
  { name: 'projector', as: 'nobody', path: `/contests/${contest.id}/projector`, ready: 'h1' },
  { name: 'history', as: 'pupil', path: '/me/submissions', ready: 'table, article' },
  { name: 'monitor', as: 'teacher', path: `/contests/${contest.id}/monitor`, ready: 'table' },
  { name: 'problem-editor', as: 'teacher', path: `/teach/problems/${programId}`, ready: 'textarea' },
  { name: 'status', as: 'admin', path: '/admin/status', ready: '.service' },
]

async function logIn(page: Page, url: string, login: string, password: string): Promise<void> {
  await page.goto(`${url}/login`)
  const form = page.getByRole('main')
  await form.getByLabel('E-mail or username').fill(login)
  await form.getByLabel('Password').fill(password)
  await form.getByRole('button', { name: 'Log in' }).click()
  await page.getByRole('link', { name: 'Log in' }).waitFor({ state: 'detached' })
}

/** As it is seen, one picture a size. @returns bytes */
async function take(page: Page, name: string): Promise<number> {
  const cdp = await page.context().newCDPSession(page)
  let bytes = 0
  for (const { colorScheme, ...size } of sizes) {
    await page.setViewportSize(size)
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    await page.locator('main [aria-busy="true"]').first().waitFor({ state: 'detached' })
    const { data } = await cdp.send('Page.captureScreenshot', { format: 'webp', quality: 82 })
    const file = join(folder, `${name}-${size.width}.webp`)
    writeFileSync(file, Buffer.from(data, 'base64'))
    bytes += statSync(file).size
  }
  return bytes
}

const arena = await startArena({ readyWithinMs: 300_000 })
try {
  const school = await openSchool(arena)
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  const browser = await chromium.launch({
    executablePath: process.env.TEST_CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
  })
  const logins: Partial<Record<Person, readonly [string, string]>> = {
    pupil: [school.pupil.user.username ?? '', school.pupil.password],
    teacher: [school.teacher.user.username ?? '', school.teacher.password],
    admin: ['admin', arena.adminPassword],
  }
  const pages = new Map<Person, Page>()
  let bytes = 0
  for (const { name, as, path, ready } of scenes(school)) {
    const page = pages.get(as) ?? (await (await browser.newContext()).newPage())
    page.setDefaultTimeout(60_000)
    const login = logins[as]
    if (!pages.has(as) && login) await logIn(page, arena.url, ...login)
    pages.set(as, page)
    await page.goto(arena.url + path)
    await page.locator('main').locator(ready).first().waitFor()
    bytes += await take(page, name)
  }
  await browser.close()
  console.log(`${Math.round(bytes / 1000)} kB in ${folder}`)
  if (bytes > most) process.exitCode = 1
} finally {
  await arena.stop()
}
