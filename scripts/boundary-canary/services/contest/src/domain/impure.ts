import { readFileSync } from 'node:fs' // planted
import fastify from 'fastify' // planted
import type { Db } from '#ports/db' // planted
import { store } from '../store.ts' // planted
import { instant } from '#kernel/time'
import { near } from './near.ts'

export const own = [readFileSync, fastify, store, instant, near] as (Db | unknown)[]
export const now = () => Date.now() // planted
export const today = () => new Date() // planted
export const shown = () => Date() // planted
export const chance = () => Math.random() // planted
export const home = () => process.env.HOME // planted
export const ask = () => fetch('http://127.0.0.1') // planted
export const later = () => setTimeout(ask, 1) // planted
export const spread = () => ({ process }) // planted
export const reached = () => globalThis.Date // planted
export const given = (at: number, job: { process: number }) => [new Date(at), job.process, { process: 1, fetch: 2 }]
