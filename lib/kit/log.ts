import { destination, pino } from 'pino'
import type { Log } from '#ports/log'
import { scopeFields } from './scope.ts'

export type { Log } from '#ports/log'
export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent'

/**
 * Structured log, one JSON object a line; never a password, token, source or answer. Each line says which request, submission and trace it belongs to,
 * as far as that is known (scope.ts).
 * Writes to `file` (created, appended), else to stderr; synchronous, so that what precedes a crash is there.
 */
export function openLog(level: LogLevel, file?: string): Log {
  const target = destination({ dest: file ?? 2, sync: true, mkdir: true })
  const redact = ['*.password', '*.token', '*.source', '*.refreshToken', 'headers.authorization', 'headers.cookie']
  return pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime, redact, mixin: scopeFields }, target)
}
