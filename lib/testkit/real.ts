/** The real clock and ids, for tests that need no others. */
export { systemClock, systemIds } from '#adapters/clock-system'
