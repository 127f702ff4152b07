import type { contestRoutes } from '#contracts/contest'
import { ok } from '#kernel/result'
import type { Deps, Handlers, HttpContext } from '#kit/define-service'
import { renderMarkdown } from './domain/markdown.ts'
import { acceptedLanguages } from './domain/package-stored.ts'
import type { Entitlements } from './entitlement.ts'
import type { openJudgeWatch } from './judge-watch.ts'
import { exportPackage } from './usecases/export-package.ts'
import { importPackage } from './usecases/import-package.ts'
import { readContest, readContests } from './usecases/read-contests.ts'
import { readJudging, readProblem, readProblems, readStatementFile, readTest, readTestData, readTitles } from './usecases/read-problem.ts'
import { register } from './usecases/register.ts'
import { answerSample, readSamples } from './usecases/samples.ts'
import { changeContest, copyContest, createContest, removeContest } from './usecases/save-contest.ts'
import { changeProblem, createProblem, removeProblem } from './usecases/save-problem.ts'
import { switchVersion } from './usecases/switch-version.ts'
import { verifyProblem } from './usecases/verify-problem.ts'

/** The one asked for, else those the reader's browser names. */
const languagesOf = (query: { readonly language?: string }, { headers }: HttpContext): string[] =>
  query.language === undefined ? acceptedLanguages(headers['accept-language']) : [query.language]

/** Contract → use case. */
export const routes = (deps: Deps & { readonly entitlements: Entitlements }, judge: ReturnType<typeof openJudgeWatch>): Handlers<typeof contestRoutes> => ({
  'GET /api/contests': ({ query, caller }) => readContests(deps, query, caller),
  'GET /api/contests/:id': ({ params, query, http, caller }) => readContest(deps, { id: params.id, languages: languagesOf(query, http) }, caller),
  'POST /api/contests': ({ body, caller }) => createContest(deps, body, caller),
  'PATCH /api/contests/:id': ({ params, body, caller }) => changeContest(deps, params.id, body, caller),
  'DELETE /api/contests/:id': ({ params, caller }) => removeContest(deps, params.id, caller),
  'POST /api/contests/:id/copy': ({ params, caller }) => copyContest(deps, params.id, caller),
  'POST /api/contests/:id/problems/:problemId/version': ({ params, body, caller }) => switchVersion(deps, { ...params, ...body }, caller),
  'POST /api/contests/:id/register': ({ params, caller }) => register(deps, params.id, caller),
  'GET /api/problems': ({ query, caller }) => readProblems(deps, query, caller),
  'POST /api/problems': ({ body, caller }) => createProblem(deps, body, caller),
  'POST /api/problems/preview': async ({ body }) => ok({ html: renderMarkdown(body.statement) }),
  'POST /api/problems/import': ({ http, caller }) => importPackage(deps, http.rawBody, caller),
  'POST /api/problems/:id/verify': ({ params, caller }) => verifyProblem(deps, params.id, caller),
  'GET /api/problems/:id': ({ params, query, http, caller }) => readProblem(deps, { id: params.id, languages: languagesOf(query, http) }, caller),
  'GET /api/problems/:id/export': ({ params, query, http, caller }) => exportPackage(deps, { id: params.id, ...query, setHeader: http.setHeader }, caller),
  'GET /api/problems/:id/files/:name': ({ params, query, http, caller }) =>
    readStatementFile(deps, { ...params, key: query.key, setHeader: http.setHeader }, caller),
  'GET /api/problems/:id/tests/:index': ({ params, caller }) => readTest(deps, params, caller),
  'PATCH /api/problems/:id': ({ params, body, caller }) => changeProblem(deps, params.id, body, caller),
  'DELETE /api/problems/:id': ({ params, caller }) => removeProblem(deps, params.id, caller),
  'GET /api/problem-titles': ({ query, caller }) => readTitles(deps, query.ids, caller),
  'GET /api/samples': ({ query }) => readSamples(deps, query),
  'POST /api/samples/:id/check': ({ params, body, http }) => answerSample(deps, { id: params.id, answer: body.answer, ip: http.ip }),
  'GET /api/languages': async () => ok(judge.now()),
  'GET /internal/problems/:id/versions/:version/judging': ({ params }) => readJudging(deps, params),
  'GET /internal/test-data/:digest': ({ params }) => readTestData(deps, params.digest),
})
