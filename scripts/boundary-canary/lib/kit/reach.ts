import Fastify from 'fastify'
import pg from 'pg' // planted
import { openPool } from '#adapters/db-postgres' // planted
import { service } from '#services/user/src/service' // planted
export const kept = [Fastify, pg, openPool, service]
