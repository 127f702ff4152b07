import type { Service } from '#kit/define-service'
import { billingService } from '#services/billing/src/service'
import { contestService } from '#services/contest/src/service'
import { evaluationService } from '#services/evaluation/src/service'
import { gatewayService, type Neighbours } from '#services/gateway/src/service'
import { leaderboardService } from '#services/leaderboard/src/service'
import { notificationsService } from '#services/notifications/src/service'
import { submissionService } from '#services/submission/src/service'
import { userService } from '#services/user/src/service'

/** In the order they start; they stop in reverse. */
export const allServices = (neighbours: Neighbours): readonly Service[] => [
  userService,
  contestService,
  submissionService,
  leaderboardService,
  notificationsService,
  billingService,
  evaluationService,
  gatewayService(neighbours),
]
