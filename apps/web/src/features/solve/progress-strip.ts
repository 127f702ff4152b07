/** The strip that fills while tests are run. Each test is a piece; of many, a piece stands for several. */
export type Segment = 'good' | 'bad' | 'half' | 'left' | 'done'

const mostSegments = 40

/** @param done tests that were run, whatever came of them */
export function segmentsOf(of: number, done: number): readonly Segment[] {
  const count = Math.min(Math.max(of, 1), mostSegments)
  const filled = of <= 0 ? 0 : Math.floor((Math.min(done, of) * count) / of)
  return Array.from({ length: count }, (_, at): Segment => (at < filled ? 'done' : 'left'))
}
