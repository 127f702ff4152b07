/** The judge could not judge, through no fault of the program or the problem: retried, never a verdict. */
export class JudgeFault extends Error {
  override readonly name = 'JudgeFault'
  constructor(message: string, cause?: unknown) {
    super(message, { cause })
  }
}

/** What a job needs is not to be had for now, since the service that holds it is away: the job waits, however long that takes. */
export class NeighbourAway extends JudgeFault {}

/** The problem itself cannot be judged (data missing, language not offered): held for its setter, never a verdict, not retried. */
export class ProblemFault extends Error {
  override readonly name = 'ProblemFault'
}
