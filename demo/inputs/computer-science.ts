import type { Random } from './random.ts'
import { lines, repeat, type Tests } from './text.ts'

/** The inputs of the computer-science and mixed contests. */

export function rainGauge(random: Random): Tests {
  const month = (readings: readonly (string | number)[]) => lines(readings.length, readings)
  const reading = (most: number) => (random.int(0, most * 10) / 10).toFixed(1)
  return {
    'one-dry-day': month(['0.0']),
    'one-missing': month(['-1']),
    'one-wet-day': month(['150.0']),
    third: month(['0.1', '0.0', '0.0']),
    'missing-around': month(['-1', '7.3', '-1']),
    'all-dry': month(repeat(31, () => '0.0')),
    'rain-season': month(repeat(91, () => (random.next() < 0.2 ? -1 : reading(60)))),
    'rarely-read': month(repeat(365, () => (random.next() < 0.95 ? -1 : reading(30)))),
    largest: month(repeat(1000, () => reading(150))),
  }
}

export function momoFees(random: Random): Tests {
  const day = (bands: readonly (readonly [number, number])[], amounts: readonly number[]) =>
    lines([bands.length, amounts.length], ...bands.map((band) => [...band]), amounts)
  const any = (k: number, q: number, top: number, growing: boolean) => {
    const fees = random.ints(k, 0, 1e6)
    if (growing) fees.sort((a, b) => a - b)
    const limits = random.distinct(k, 1, top)
    return day(
      limits.map((limit, i) => [limit, fees[i] as number] as const),
      repeat(q, () => (random.next() < 0.3 ? random.pick(limits) + random.int(0, 1) : random.int(1, top + Math.floor(top / 10)))),
    )
  }
  return {
    'one-band': day([[100, 5]], [1]),
    'at-the-limit': day([[100, 5]], [100, 101, 100]),
    'all-refused': day([[1, 9]], [2, 2_000_000_000]),
    'limits-next-door': day(
      [
        [1, 10],
        [2, 0],
        [3, 30],
      ],
      [1, 2, 3, 4, 3, 2, 1],
    ),
    'special-offer': day(
      [
        [1000, 50],
        [5000, 20],
        [20_000, 0],
        [50_000, 300],
      ],
      [900, 1000, 1001, 5000, 5001, 20_000, 20_001, 50_000],
    ),
    growing: any(20, 200, 1000, true),
    random: any(50, 500, 1e6, false),
    dear: day(
      [[1_000_000_000, 1_000_000]],
      repeat(5000, () => random.int(1, 9)),
    ),
    largest: any(1000, 10_000, 1e9, false),
  }
}

export function numberPlates(random: Random): Tests {
  const letter = () => random.pick([...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'])
  const plate = () => `R${letter()}${letter()}${String(random.int(1, 999)).padStart(3, '0')}${letter()}`
  const list = (queries: readonly string[]) => lines(queries.length, ...queries)
  const any = (count: number, most: number) => list(repeat(count, () => `${plate()} ${random.int(0, most)}`))
  return {
    stays: list(['RZZ999Z 0', 'RAA001A 0']),
    'last-letter': list(['RAA999A 1', 'RAA999Y 1', 'RAA001A 998', 'RAA002A 998']),
    'third-letter': list(['RAA999Z 1', 'RAY999Z 1', 'RAA001A 25974']),
    'second-letter': list(['RAZ999Z 1', 'RYZ999Z 1', 'RAA001A 675324']),
    'the-end': list(['RZZ998Z 1', 'RZZ998Z 2', 'RAA001A 17558423', 'RAA001A 17558424', 'RAA001A 1000000000000']),
    'small-digits': list(['RBC006D 1', 'RBC009D 1', 'RBC098D 1', 'RBC099D 1']),
    next: any(100, 1),
    near: any(300, 5000),
    far: any(1000, 18_000_000),
    'much-too-far': any(50, 1e12),
  }
}

export function clinicQueue(random: Random): Tests {
  type Patient = readonly [number, number]
  const day = (nurses: number, patients: readonly Patient[]) => lines([patients.length, nurses], ...patients.map((p) => [...p]))
  const any = (n: number, nurses: number, until: number, longest: number) => {
    const arrivals = random.ints(n, 0, until).sort((a, b) => a - b)
    return day(
      nurses,
      arrivals.map((at) => [at, random.int(1, longest)] as const),
    )
  }
  return {
    'one-patient': day(1, [[0, 1]]),
    'free-again': day(1, [
      [0, 10],
      [10, 5],
      [15, 5],
    ]),
    'one-minute-early': day(1, [
      [0, 10],
      [9, 5],
    ]),
    'long-first': day(2, [
      [0, 100],
      [0, 1],
      [1, 1],
      [2, 1],
      [3, 1],
    ]),
    'all-at-once': day(
      3,
      repeat(10, (i) => [60, i + 1] as const),
    ),
    'more-nurses': day(
      1000,
      repeat(20, (i) => [i, 500] as const),
    ),
    'one-nurse': any(60, 1, 200, 10),
    'small-random': any(50, 3, 120, 9),
    busy: any(2000, 12, 5000, 60),
    sleepy: day(2, [
      [0, 5],
      [500_000_000, 7],
      [1_000_000_000, 1_000_000],
    ]),
    largest: any(10_000, 40, 900_000, 9000),
    overtime: day(
      1,
      repeat(2000, () => [1_000_000_000, 1_000_000] as const),
    ),
  }
}

export function kivuIslands(random: Random): Tests {
  const map = (rows: readonly string[]) => lines([rows.length, (rows[0] ?? '').length], ...rows)
  const draw = (r: number, c: number, isLand: (y: number, x: number) => boolean) => map(repeat(r, (y) => repeat(c, (x) => (isLand(y, x) ? '#' : '.')).join('')))
  const inside = (y: number, x: number, size: number) => y > 0 && x > 0 && y < size - 1 && x < size - 1
  return {
    'one-square-of-land': map(['#']),
    'one-square-of-water': map(['.']),
    'one-row': map(['.##.#']),
    'smallest-island': map(['...', '.#.', '...']),
    corners: map(['.....', '.#.#.', '..#..', '.#.#.', '.....']),
    lagoon: map(['.......', '.#####.', '.#...#.', '.#.#.#.', '.#...#.', '.#####.', '.......']),
    'all-land': draw(150, 150, () => true),
    'all-water': draw(20, 30, () => false),
    'one-huge-island': draw(150, 150, (y, x) => inside(y, x, 150)),
    'bridge-to-the-shore': map(['......', '.###..', '.###..', '..#...', '..#...']),
    stripes: draw(60, 60, (y, x) => y % 2 === 1 && x > 0 && x < 59),
    snake: draw(149, 149, (y, x) => inside(y, x, 149) && (y % 2 === 1 || x === (y % 4 === 0 ? 1 : 147))),
    random: draw(40, 70, () => random.next() < 0.4),
    largest: draw(150, 150, (y, x) => random.next() < (inside(y, x, 150) ? 0.55 : 0.1)),
  }
}

export function rainTank(random: Random): Tests {
  const season = (v: number, u: number, rain: readonly number[]) => lines([rain.length, v, u], rain)
  return {
    'exactly-enough': season(10, 10, [10]),
    'one-short': season(10, 10, [9]),
    'never-rain': season(1, 1, [0, 0, 0]),
    'brim-full': season(100, 30, [100, 30, 31, 29]),
    flood: season(1, 1, [1_000_000_000, 1_000_000_000]),
    'last-drop': season(50, 20, [40, 0, 0]),
    'random-1': season(500, 60, random.ints(40, 0, 130)),
    'random-2': season(2000, 100, random.ints(300, 0, 190)),
    'dry-season': season(
      30_000,
      900,
      repeat(365, (day) => (day > 150 && day < 260 ? 0 : random.int(0, 2500))),
    ),
    largest: season(1_000_000, 50_000, random.ints(6000, 0, 99_999)),
    'beyond-32-bits': season(
      1_000_000_000,
      1,
      repeat(600, () => 1_000_000_000),
    ),
  }
}

export function imigongoTiles(random: Random): Tests {
  const walls = (rows: readonly (readonly [number, number])[]) => lines(rows.length, ...rows.map((row) => [...row]))
  const common = (most: number, factor: number) => repeat(200, () => [random.int(1, most) * factor, random.int(1, most) * factor] as const)
  return {
    smallest: walls([[1, 1]]),
    lines: walls([
      [1, 1_000_000_000],
      [1_000_000_000, 1],
      [1_000_000_000, 1_000_000_000],
    ]),
    'neither-divides': walls([
      [6, 4],
      [4, 6],
      [10, 15],
      [21, 14],
      [9, 12],
    ]),
    'next-to-each-other': walls([
      [1_000_000_000, 999_999_999],
      [65_537, 65_536],
    ]),
    primes: walls([
      [999_999_937, 999_999_929],
      [999_999_937, 999_999_937],
    ]),
    fibonacci: walls([
      [701_408_733, 433_494_437],
      [987, 610],
    ]),
    'common-factor': walls(common(1000, 1_000_000)),
    small: walls(common(50, 1)),
    largest: walls(repeat(1000, () => [random.int(1, 1e9), random.int(1, 1e9)] as const)),
  }
}
