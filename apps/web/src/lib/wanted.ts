/** The contest that somebody was on the way to when a subscription was asked for, so that every page of the purchase can lead back to it. */
import { storage } from './arena.ts'

const key = 'arena.wanted-contest'
export const rememberWanted = (contestId: string) => storage.set(key, contestId)
export const wantedContest = () => storage.get(key)
export const forgetWanted = () => storage.remove(key)
