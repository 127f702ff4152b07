/**
 * Writes the hidden tests of the demonstration's program problems: `node demo/generate.ts`.
 *
 * Inputs come from here, answers from the problem's own accepted Python solution; `demo.test.ts` then holds every
 * other solution against them. The output is committed: run this again only when a problem changes. Each problem has
 * a seed of its own, so that changing one leaves the data of the others alone.
 */
import { execFileSync } from 'node:child_process'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { clinicQueue, imigongoTiles, kivuIslands, momoFees, numberPlates, rainGauge, rainTank } from './inputs/computer-science.ts'
import { batterySwaps, cherryDelivery, potatoesAndBeans, rangerPosts, twoBusCards } from './inputs/icpc-warmup.ts'
import { Random } from './inputs/random.ts'
import type { Tests } from './inputs/text.ts'

const problems: Record<string, (random: Random) => Tests> = {
  'two-bus-cards': twoBusCards,
  'cherry-delivery': cherryDelivery,
  'battery-swaps': batterySwaps,
  'ranger-posts': rangerPosts,
  'potatoes-and-beans': potatoesAndBeans,
  'rain-gauge': rainGauge,
  'momo-fees': momoFees,
  'number-plates': numberPlates,
  'clinic-queue': clinicQueue,
  'kivu-islands': kivuIslands,
  'rain-tank': rainTank,
  'imigongo-tiles': imigongoTiles,
}

const seedOf = (key: string) => [...key].reduce((seed, letter) => (Math.imul(seed, 31) + (letter.codePointAt(0) ?? 0)) | 0, 2026)

/** The hidden inputs of one problem, named as their files are (without `.in`). */
export function inputsOf(key: string): [name: string, input: string][] {
  const make = problems[key]
  if (make === undefined) throw new Error(`${key}: no inputs are made for such a problem`)
  return Object.entries(make(new Random(seedOf(key)))).map(([name, input], index) => [`${String(index + 1).padStart(2, '0')}-${name}`, input])
}

async function write(key: string): Promise<void> {
  const folder = join(import.meta.dirname, 'problems', key)
  const secret = join(folder, 'data/secret')
  await rm(secret, { recursive: true, force: true })
  await mkdir(secret, { recursive: true })
  for (const [name, input] of inputsOf(key)) {
    await writeFile(join(secret, `${name}.in`), input)
    await writeFile(join(secret, `${name}.ans`), execFileSync('/usr/bin/python3', [join(folder, 'submissions/accepted/main.py')], { input }))
  }
}

if (import.meta.main) for (const key of Object.keys(problems)) await write(key)
