import pg from 'pg'
import { errorTable } from '#contracts/errors' // planted
import { submit } from '#services/submission/src/usecases/submit' // planted
export const kept = [pg, errorTable, submit]
