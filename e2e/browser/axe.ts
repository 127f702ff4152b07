/** What axe finds on a page, by the rules of WCAG 2.2 A and AA and its own best practices. Nothing is let through by name: what it finds is mended. */
import assert from 'node:assert/strict'
import axe, { type AxeResults } from 'axe-core'
import type { Page } from 'playwright-core'

/** Of the newest WCAG, and therefore off unless asked for. */
const options = { resultTypes: ['violations'], rules: { 'target-size': { enabled: true } } }
/** The rules that depend on colours alone, for a page whose other look has been before all of them. */
const ofColours = { resultTypes: ['violations'], runOnly: { type: 'rule', values: ['color-contrast', 'link-in-text-block'] } }

/** What fades in is half seen, and its colours are not its own yet. What moves for ever is not waited for. */
const settled = `Promise.allSettled(document.getAnimations().filter((each) => each.effect?.getComputedTiming().endTime !== Infinity).map((each) => each.finished)).then(() => true)`

/** What axe complains about, one line a rule, empty when there is nothing. */
export async function findFaults(page: Page, which: 'all' | 'colours' = 'all'): Promise<readonly string[]> {
  if (!(await page.evaluate<boolean>("typeof axe === 'object'"))) await page.evaluate(axe.source)
  await page.evaluate<boolean>(settled)
  const found = await page.evaluate<AxeResults>(`axe.run(document, ${JSON.stringify(which === 'all' ? options : ofColours)})`)
  return found.violations.map(
    ({ id, help, nodes }) => `${id}: ${help}\n    ${nodes.map((node) => `${node.target.join(' ')} ${node.failureSummary ?? ''}`).join('\n    ')}`,
  )
}

/** @param at where this is, for whoever reads the failure */
export async function assertAccessible(page: Page, at: string): Promise<void> {
  assert.deepEqual(await findFaults(page), [], at)
}
