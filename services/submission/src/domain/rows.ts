import type { ProblemKind, Verdict } from '#contracts/common'
import type { EvaluationOutcome } from '#contracts/evaluation'
import type { Points } from '#contracts/judging'
import type { Answer, TestResult } from '#contracts/submission'
import type { Instant } from '#kernel/time'

export type SubmissionRow = {
  readonly id: string
  readonly userId: string
  readonly contestId: string | undefined
  readonly problemId: string
  readonly problemVersion: number
  readonly kind: ProblemKind
  readonly label: string | undefined
  readonly language: string | undefined
  readonly source: string | undefined
  readonly answer: Answer | undefined
  readonly submittedAt: Instant
  readonly attempt: number
  readonly status: 'queued' | 'judged' | 'fault'
  readonly fault: { readonly whose: 'ours' | 'setter'; readonly reason: string } | undefined
}

export type Judged = Extract<EvaluationOutcome, { type: 'judged' }>
export type JudgementRow = {
  readonly verdict: Verdict
  readonly score: number
  readonly points?: Points | undefined
  readonly cpuMs: number
  readonly memoryBytes: number
  readonly tests: TestResult[]
  readonly compileLog: string | undefined
  readonly stages: Judged['stages']
  readonly judgedAt: Instant
}
