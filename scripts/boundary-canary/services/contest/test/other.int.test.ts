import { aContest } from '#testkit/builders'
import { internals } from '#services/user/src/store' // planted
export const kept = [aContest, internals]
