/**
 * How many containers of each image wait warm: one of each, so that nobody's first program pays for a start, and as many more as programs are
 * judged at once, given out by what was used of late: a second one first to each image in use, so that while one is at work another waits, and none need be
 * made beside the work. So their number is bounded by images + slots, whatever happens.
 */
export type Uses = ReadonlyMap<string, number>

/** After this time a use counts half. */
const halfLifeMs = 10 * 60_000
/** Less is as good as never. */
const leastUse = 0.1
/** More than anybody's uses come to. */
const beforeAnyThird = 1e12

/** Uses as they count `elapsedMs` later. */
export const fadedUses = (uses: Uses, elapsedMs: number): Uses => new Map([...uses].map(([image, use]) => [image, use * 0.5 ** (elapsedMs / halfLifeMs)]))

/** @param extra how many beyond one of each. Those beyond a second go, one after another, to the image with the most uses for each container it would then have. */
export function planWarm(images: readonly string[], uses: Uses, extra: number): ReadonlyMap<string, number> {
  const plan = new Map(images.map((image) => [image, 1]))
  const claimOf = (image: string) => {
    const use = uses.get(image) ?? 0
    const has = plan.get(image) ?? 0
    return use < leastUse ? 0 : has === 1 ? use * beforeAnyThird : use / (has + 1)
  }
  for (let given = 0; given < extra; given++) {
    const next = images.reduce<string | undefined>((best, image) => (claimOf(image) > (best === undefined ? 0 : claimOf(best)) ? image : best), undefined)
    if (next === undefined) break
    plan.set(next, (plan.get(next) ?? 0) + 1)
  }
  return plan
}
