/** What a run says of itself: JSON for machines, a page of Markdown for people. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Outcome } from './run.ts'

export const holdsAll = ({ promises }: Outcome): boolean => promises.every(({ holds }) => holds)

/** Writes `report.json` and `report.md` into `folder`. @returns the page. */
export function writeReport(outcome: Outcome, folder: string): string {
  const page = pageOf(outcome)
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'report.json'), `${JSON.stringify(outcome, undefined, 2)}\n`)
  writeFileSync(join(folder, 'report.md'), page)
  return page
}

export function pageOf({ size, seed, struck, accepted, submissions, tookSeconds, refusals, promises }: Outcome): string {
  const lines = [
    `# Chaos: size ${size}, seed ${seed}`,
    '',
    `${struck.length} faults over ${submissions} submissions of the load (${accepted} accepted with those of the faults themselves), ${tookSeconds} s.`,
    `Answers other than 202, each tried again: ${
      Object.entries(refusals)
        .map(([what, count]) => `${count} × ${what}`)
        .join(', ') || 'none'
    }.`,
    '',
    '| promise | holds | |',
    '| --- | --- | --- |',
    ...promises.map(({ promise, holds, detail }) => `| ${promise} | ${holds ? 'yes' : '**NO**'} | ${detail.replaceAll('\n', ' ').replaceAll('|', '\\|')} |`),
    '',
    '| fault | times | median ms until it was there again | longest | seen there |',
    '| --- | --- | --- | --- | --- |',
    ...[...Map.groupBy(struck, ({ fault }) => fault.replace(/ for \d+ ms$/, ''))]
      .sort(([a], [b]) => a.localeCompare(b))
      .map(([fault, all]) => {
        const took = all.map(({ tookMs }) => tookMs).sort((a, b) => a - b)
        const seen = all.filter(({ isSeen }) => isSeen !== undefined)
        return `| ${fault} | ${all.length} | ${took[Math.floor(took.length / 2)]} | ${took.at(-1)} | ${seen.length === 0 ? '' : `${seen.filter(({ isSeen }) => isSeen).length} of ${seen.length}`} |`
      }),
  ]
  return `${lines.join('\n')}\n`
}
