import { randomUUID } from 'node:crypto' // planted
import Type from 'typebox' // planted
import type { Db } from '#ports/db' // planted
export const kept = [randomUUID, Type] as (Db | unknown)[]
