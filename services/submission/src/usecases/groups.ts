export type GroupRules<T> = {
  readonly largest: number
  /** While one group is under way, so many that wait are worth a second beside it; fewer wait for the first. */
  readonly worthSecond: number
  /** Must not reject. */
  readonly run: (group: readonly T[]) => Promise<void>
}

/**
 * What comes while a group is under way waits and goes together with the next one; two groups at once at most. A group begins a turn of the event loop after
 * the first of it came, so that what was read from other connections in the same turn is of it. Everything that is added is run, in the order it came.
 */
export function openGroups<T>({ largest, worthSecond, run }: GroupRules<T>): { add(one: T): void } {
  let waiting: T[] = []
  let underWay = 0
  const isWorth = (others: number) => waiting.length >= (others === 0 ? 1 : worthSecond)

  const work = async () => {
    while (isWorth(underWay - 1)) {
      const group = waiting.slice(0, largest)
      waiting = waiting.slice(largest)
      await run(group)
    }
    underWay -= 1
  }
  return {
    add(one) {
      waiting.push(one)
      if (underWay === 2 || !isWorth(underWay)) return
      underWay += 1
      setImmediate(() => void work())
    },
  }
}
