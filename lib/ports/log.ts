/** What adapters tell the operator. Shaped so that a pino logger is one. */
export type Log = {
  debug(fields: object, message: string): void
  info(fields: object, message: string): void
  warn(fields: object, message: string): void
  error(fields: object, message: string): void
  /** A log whose lines all carry `fields`. */
  child(fields: object): Log
}

/** Says nothing: for tests and one-shot tools. */
const nothing = () => undefined
export const silentLog: Log = { debug: nothing, info: nothing, warn: nothing, error: nothing, child: () => silentLog }
