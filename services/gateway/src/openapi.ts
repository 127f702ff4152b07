import type { TSchema } from 'typebox'
import { routesOf } from '#contracts/all'
import { ErrorBody } from '#contracts/common'
import { type ErrorCode, errorTable, statusOf } from '#contracts/errors'
import type { RouteSpec } from '#contracts/route'

const tokenErrors: readonly ErrorCode[] = ['UNAUTHENTICATED', 'TOKEN_EXPIRED']

/** The OpenAPI 3.1 document of every public route: TypeBox schemas are JSON Schema already. Internal routes are not in it. */
export function openApiDocument(version: string): object {
  const paths: Record<string, Record<string, object>> = {}
  for (const [service, table] of Object.entries(routesOf)) {
    for (const [key, spec] of Object.entries(table as Record<string, RouteSpec>)) {
      if (spec.access === 'service') continue
      const [method, pattern] = key.split(' ') as [string, string]
      const path = pattern.replace(/:(\w+)/g, '{$1}')
      paths[path] = { ...paths[path], [method.toLowerCase()]: operationOf(service, key, spec) }
    }
  }
  return {
    openapi: '3.1.0',
    info: { title: 'Competa Arena', version, description: 'Contests in physics, mathematics and computer science. The WebSocket of live events is /api/ws.' },
    paths,
    components: { securitySchemes: { bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } }, schemas: { Error: ErrorBody } },
  }
}

function operationOf(service: string, key: string, spec: RouteSpec) {
  return {
    tags: [service],
    operationId: key.replace(/[^A-Za-z]+/g, '_'),
    summary: spec.summary,
    ...(spec.access === 'anyone'
      ? {}
      : { security: [{ bearer: [] }], description: `For: ${spec.access === 'teacher' ? 'teachers and admins' : `${spec.access}s`}` }),
    parameters: [...parametersOf('path', spec.params), ...parametersOf('query', spec.query), ...parametersOf('header', spec.headers)],
    ...bodyOf(spec),
    responses: responsesOf(spec),
  }
}

function parametersOf(place: 'path' | 'query' | 'header', schema: TSchema | undefined) {
  const { properties = {}, required = [] } = (schema ?? {}) as { properties?: Record<string, TSchema>; required?: string[] }
  return Object.entries(properties).map(([name, one]) => ({ name, in: place, required: place === 'path' || required.includes(name), schema: one }))
}

function bodyOf({ body, rawBody }: RouteSpec) {
  if (rawBody) {
    const types = [rawBody.contentType, ...(rawBody.others ?? [])]
    return { requestBody: { required: true, content: Object.fromEntries(types.map((type) => [type, { schema: { type: 'string', format: 'binary' } }])) } }
  }
  return body ? { requestBody: { required: true, content: { 'application/json': { schema: body } } } } : {}
}

function responsesOf(spec: RouteSpec) {
  const [status, schema] = spec.ok
  const ok = status === 204 ? { description: 'Done' } : { description: 'Done', content: { [spec.okContentType ?? 'application/json']: { schema } } }
  const codes: ErrorCode[] = [
    ...spec.errors,
    ...(spec.access === 'anyone' ? [] : tokenErrors),
    ...(spec.access === 'teacher' || spec.access === 'admin' ? (['FORBIDDEN'] as const) : []),
  ]
  if (spec.body || spec.query || spec.params) codes.push('VALIDATION_FAILED')
  const byStatus = Map.groupBy(codes, statusOf)
  const errors = [...byStatus].map(([each, list]) => [
    each,
    {
      description: list.map((code) => `${code}: ${errorTable[code][1]}`).join(' '),
      content: { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } },
    },
  ])
  return { [status]: ok, ...Object.fromEntries(errors) }
}
