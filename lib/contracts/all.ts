import { billingRoutes } from './billing.ts'
import { contestRoutes } from './contest.ts'
import { gatewayRoutes } from './gateway.ts'
import { leaderboardRoutes } from './leaderboard.ts'
import { notificationsRoutes } from './notifications.ts'
import { rejudgingRoutes } from './rejudging.ts'
import { runRoutes } from './runs.ts'
import { submissionRoutes } from './submission.ts'
import { userRoutes } from './user.ts'

/** Which service answers what: the gateway's routing table, the peers' types, the OpenAPI document. */
export const routesOf = {
  user: userRoutes,
  contest: contestRoutes,
  submission: { ...submissionRoutes, ...runRoutes, ...rejudgingRoutes },
  leaderboard: leaderboardRoutes,
  notifications: notificationsRoutes,
  billing: billingRoutes,
  gateway: gatewayRoutes,
} as const

export const allRoutes = {
  ...userRoutes,
  ...contestRoutes,
  ...submissionRoutes,
  ...runRoutes,
  ...rejudgingRoutes,
  ...leaderboardRoutes,
  ...notificationsRoutes,
  ...billingRoutes,
  ...gatewayRoutes,
}
export type AllRoutes = typeof allRoutes

export const serviceNames = ['user', 'contest', 'submission', 'evaluation', 'leaderboard', 'notifications', 'billing', 'gateway'] as const
export type ServiceName = (typeof serviceNames)[number]
