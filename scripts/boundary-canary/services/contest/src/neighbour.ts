import { something } from '#services/user/src/store' // planted
import type { Row } from '../../user/src/store.ts' // planted
import pg from 'pg' // planted
import { openPool } from '#adapters/db-postgres' // planted
import { aContest } from '#testkit/builders' // planted
import { ok } from '#kernel/result'
import { own } from './domain/impure.ts'
export { other } from '#services/submission/src/domain/decide' // planted
export * from '../../leaderboard/src/store.ts' // planted
export const late = () => import('../../user/src/service.ts') // planted
export const hidden = (name: string) => import(name) // planted
export type Foreign = import('../../user/src/service.ts').User // planted
export const kept = [something, pg, openPool, aContest, ok, own] satisfies (Row | unknown)[]
