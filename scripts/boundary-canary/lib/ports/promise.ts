import type { Pool } from 'pg' // planted
import type { Route } from '#contracts/route' // planted
export type Kept = Pool | Route
