import type { contestRoutes } from '#contracts/contest'
import { ok } from '#kernel/result'
import type { Deps, Handlers } from '#kit/define-service'
import { renderMarkdown } from './domain/markdown.ts'
import type { Entitlements } from './entitlement.ts'
import type { openJudgeWatch } from './judge-watch.ts'
import { importPackage } from './usecases/import-package.ts'
import { readContest, readContests } from './usecases/read-contests.ts'
import { readJudging, readProblem, readProblems, readTest, readTestData } from './usecases/read-problem.ts'
import { register } from './usecases/register.ts'
import { changeContest, copyContest, createContest, removeContest } from './usecases/save-contest.ts'
import { changeProblem, createProblem, removeProblem } from './usecases/save-problem.ts'

/** Contract → use case. */
export const routes = (deps: Deps & { readonly entitlements: Entitlements }, judge: ReturnType<typeof openJudgeWatch>): Handlers<typeof contestRoutes> => ({
  'GET /api/contests': ({ query, caller }) => readContests(deps, query, caller),
  'GET /api/contests/:id': ({ params, caller }) => readContest(deps, params.id, caller),
  'POST /api/contests': ({ body, caller }) => createContest(deps, body, caller),
  'PATCH /api/contests/:id': ({ params, body, caller }) => changeContest(deps, params.id, body, caller),
  'DELETE /api/contests/:id': ({ params, caller }) => removeContest(deps, params.id, caller),
  'POST /api/contests/:id/copy': ({ params, caller }) => copyContest(deps, params.id, caller),
  'POST /api/contests/:id/register': ({ params, caller }) => register(deps, params.id, caller),
  'GET /api/problems': ({ query, caller }) => readProblems(deps, query, caller),
  'POST /api/problems': ({ body, caller }) => createProblem(deps, body, caller),
  'POST /api/problems/preview': async ({ body }) => ok({ html: renderMarkdown(body.statement) }),
  'POST /api/problems/import': ({ http, caller }) => importPackage(deps, http.rawBody, caller),
  'GET /api/problems/:id': ({ params, caller }) => readProblem(deps, params.id, caller),
  'GET /api/problems/:id/tests/:index': ({ params, caller }) => readTest(deps, params, caller),
  'PATCH /api/problems/:id': ({ params, body, caller }) => changeProblem(deps, params.id, body, caller),
  'DELETE /api/problems/:id': ({ params, caller }) => removeProblem(deps, params.id, caller),
  'GET /api/languages': async () => ok(judge.now()),
  'GET /internal/problems/:id/versions/:version/judging': ({ params }) => readJudging(deps, params),
  'GET /internal/test-data/:digest': ({ params }) => readTestData(deps, params.digest),
})
