import type { Random } from './random.ts'
import { lines, repeat, type Tests } from './text.ts'

/** The inputs of the ICPC warm-up, from easy to medium. */

export function twoBusCards(random: Random): Tests {
  const any = () => lines([random.int(0, 1e12), random.int(0, 1e12), random.int(1, 1e6)])
  return {
    nothing: lines('0 0 1'),
    exact: lines('600 300 300'),
    'one-short': lines('299 299 300'),
    'green-only': lines('0 1250 250'),
    largest: lines('1000000000000 1000000000000 1'),
    dear: lines('999999 1000000 1000000'),
    'beyond-32-bits': lines('3000000000 3000000000 1'),
    'random-1': any(),
    'random-2': any(),
    'long-day': lines('1000000000000 999999999999 7'),
  }
}

export function cherryDelivery(random: Random): Tests {
  const names = (count: number) =>
    repeat(
      count,
      (i) =>
        `${random.pick(['kal', 'mug', 'uwi', 'nda', 'gas', 'ing'])}${repeat(5, () => random.pick([...'abeiknortuz'])).join('')}${String.fromCharCode(97 + (i % 26))}`,
    )
  const day = (rows: readonly (readonly [string, number])[]) => lines(rows.length, ...rows.map((row) => [...row]))
  const busy = (n: number, farmers: readonly string[], most: number) => day(repeat(n, () => [random.pick(farmers), random.int(1, most)] as const))
  const many = names(900)
  return {
    single: day([['a', 1]]),
    'tie-of-three': day([
      ['zuba', 10],
      ['mutoni', 4],
      ['akimana', 10],
      ['mutoni', 6],
    ]),
    'prefix-names': day([
      ['kabera', 5],
      ['kab', 5],
      ['kabe', 5],
    ]),
    'one-farmer': day(repeat(50, () => ['uwase', 1000] as const)),
    'all-different': day(random.shuffle([...new Set(names(400))]).map((name) => [name, 7] as const)),
    'small-random': busy(30, ['ange', 'bosco', 'claude'], 3),
    'many-ties': busy(200, many.slice(0, 60), 1),
    'few-farmers': busy(3000, many.slice(0, 5), 1000),
    largest: busy(10_000, many, 1000),
  }
}

export function batterySwaps(random: Random): Tests {
  const road = (d: number, r: number, stations: readonly number[]) => lines([d, r, stations.length], stations)
  const steps = (n: number, low: number, high: number) => {
    let at = 0
    return repeat(n, () => {
      at += random.int(low, high)
      return at
    })
  }
  const dense = steps(20_000, 1, 30)
  const end = (stations: readonly number[]) => (stations.at(-1) ?? 0) + 1
  return {
    'no-station-needed': road(10, 10, []),
    'no-station': road(11, 10, []),
    'arrives-empty': road(30, 10, [10, 20]),
    'one-metre-short': road(31, 10, [10, 20]),
    'gap-first': road(50, 10, [11, 20, 30, 40]),
    'gap-last': road(50, 10, [10, 20, 30, 39]),
    'long-battery': road(1000, 1e9, [1, 2, 3, 999]),
    'every-metre': road(
      301,
      1,
      repeat(300, (i) => i + 1),
    ),
    far: road(1e9, 1e9 - 1, [1, 999_999_999]),
    uneven: road(100, 25, [24, 25, 26, 48, 50, 51, 74, 76, 99]),
    'random-1': road(5000, 120, random.distinct(200, 1, 4999)),
    'random-2': road(5000, 90, random.distinct(400, 1, 4999)),
    'far-apart': road(1e9, 2_500_000, random.distinct(3000, 1, 999_999_999)),
    dense: road(end(dense), 40_000, dense),
  }
}

type Trail = readonly [number, number, number]
const park = (random: Random, n: number, posts: readonly number[], trails: readonly Trail[]) =>
  lines([n, trails.length, posts.length], random.shuffle(posts), ...trails.map((t) => [...t]))
/** A tree plus more trails: every place can be reached. `longest` metres at most. */
const connected = (random: Random, n: number, m: number, longest: number): Trail[] => {
  const names = random.shuffle(repeat(n, (i) => i + 1))
  const tree = repeat(n - 1, (i) => [names[i + 1] as number, names[random.int(Math.max(0, i - 20), i)] as number, random.int(1, longest)] as const)
  const more = repeat(m - n + 1, () => {
    const [u, v] = random.shuffle(random.distinct(2, 1, n)) as [number, number]
    return [u, v, random.int(1, longest)] as const
  })
  return random.shuffle([...tree, ...more])
}

export function rangerPosts(random: Random): Tests {
  const chain = (n: number, metres: number) => repeat(n - 1, (i) => [i + 2, i + 1, metres] as const)
  return {
    'single-place': park(random, 1, [1], []),
    'no-trails': park(random, 3, [1, 3], []),
    'post-everywhere': park(
      random,
      4,
      [1, 2, 3, 4],
      [
        [1, 2, 5],
        [3, 4, 6],
      ],
    ),
    'detour-is-shorter': park(
      random,
      4,
      [1],
      [
        [1, 2, 1000],
        [1, 3, 1],
        [3, 4, 1],
        [4, 2, 1],
      ],
    ),
    'two-trails': park(
      random,
      2,
      [2],
      [
        [1, 2, 9],
        [2, 1, 4],
      ],
    ),
    tie: park(
      random,
      5,
      [3],
      [
        [3, 1, 7],
        [3, 2, 7],
        [3, 4, 7],
        [3, 5, 6],
      ],
    ),
    'two-parks': park(
      random,
      6,
      [1, 2],
      [
        [1, 2, 1],
        [2, 3, 1],
        [4, 5, 1],
        [5, 6, 1],
      ],
    ),
    'small-random': park(random, 12, [2, 9], connected(random, 12, 20, 9)),
    medium: park(random, 200, random.distinct(5, 1, 200), connected(random, 200, 500, 100)),
    'long-chain': park(random, 2000, [1], chain(2000, 1e6)),
    'many-posts': park(random, 2000, random.distinct(1800, 1, 2000), connected(random, 2000, 5000, 1e6)),
    'few-posts': park(random, 2000, random.distinct(3, 1, 2000), connected(random, 2000, 5000, 1e6)),
  }
}

export function potatoesAndBeans(random: Random): Tests {
  const hill = (k: number, potatoes: readonly number[], beans: readonly number[]) => lines([potatoes.length, k], potatoes, beans)
  const any = (n: number, k: number, most: number) => hill(k, random.ints(n, 0, most), random.ints(n, 0, most))
  return {
    'one-terrace': hill(1, [5], [3]),
    'no-seed': hill(0, [9, 9, 9], [1, 2, 3]),
    neighbours: hill(2, [10, 11, 10], [0, 0, 0]),
    'last-seed': hill(1, [10, 11, 10], [0, 0, 0]),
    'never-potatoes': hill(3, [0, 0, 0, 0], [4, 3, 2, 1]),
    equal: hill(5, [7, 7, 7, 7, 7], [7, 7, 7, 7, 7]),
    zeros: hill(2, [0, 0, 0], [0, 0, 0]),
    'small-random-1': any(9, 3, 20),
    'small-random-2': any(14, 4, 9),
    alternating: hill(
      500,
      repeat(1000, (i) => 1000 + (i % 2)),
      repeat(1000, () => 0),
    ),
    scarce: any(1000, 40, 1e6),
    plenty: any(1000, 1000, 1e6),
    largest: hill(
      1000,
      repeat(1000, () => 1e6),
      repeat(1000, () => 0),
    ),
  }
}
