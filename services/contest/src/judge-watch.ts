import type { Deps } from '#kit/define-service'
import { openJudges } from '#kit/judges'
import { languagesNow } from './domain/languages.ts'

/** Which languages can be judged just now, by what the workers say of themselves. */
export function openJudgeWatch(deps: Pick<Deps, 'bus' | 'clock' | 'log'>) {
  const judges = openJudges(deps)
  return { now: () => languagesNow(judges.heard(), deps.clock.now()), start: judges.start, stop: judges.stop }
}
