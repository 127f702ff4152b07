/** The judge could not judge, through no fault of the program or the problem: retried, never a verdict. */
export class JudgeFault extends Error {
  override readonly name = 'JudgeFault'
  constructor(message: string, cause?: unknown) {
    super(message, { cause })
  }
}

/** The problem itself cannot be judged (data missing, language not offered): held for its setter, never a verdict, not retried. */
export class ProblemFault extends Error {
  override readonly name = 'ProblemFault'
}
