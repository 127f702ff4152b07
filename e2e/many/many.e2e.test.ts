/**
 * The many size: every service its own process behind nginx, with PostgreSQL, RabbitMQ, Redis and two workers, started once for the whole file. First the
 * files of the one size that mean the same here, as they are; then what only this size can show (resilience.ts).
 *
 * Not run here: `bad-input` (bytes that are no HTTP meet nginx first: services/gateway/test/nginx.int.test.ts), `hostile`, `judge-crash` and the judge's
 * corpus (the worker and its sandbox are the same process in both sizes), `start` (the one command), `crash` (its processes are those of the one size), and
 * the kills of `runs`.
 */
import { test } from 'node:test'
import { withoutMany } from '#testkit/arena-many'

if (withoutMany) test('the many size', { skip: withoutMany })
else {
  process.env.SIZE = 'many'
  for (const file of ['verdicts', 'live', 'permissions', 'runs', 'premium', 'accounts-mail', 'reminders']) await import(`../${file}.e2e.test.ts`)
  await import('./billing.ts')
  await import('./resilience.ts')
}
