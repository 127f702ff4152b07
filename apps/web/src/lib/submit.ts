import { ApiError } from './api-client.ts'
import type { NewItem, Outbox } from './outbox.ts'

/** For who needs to know: hands in, and throws as a lost line does when no clear answer came. It goes out by itself all the same, and again is once. */
export async function handInClearly(outbox: Pick<Outbox, 'handIn'>, made: NewItem): Promise<{ readonly id: string }> {
  const answer = await outbox.handIn(made)
  if (answer === undefined) throw new ApiError('NETWORK', 'No clear answer came; it waits to be sent.')
  return answer
}
