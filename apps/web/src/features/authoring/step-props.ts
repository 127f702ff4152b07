import type { ContestForm } from './contest-form.ts'

/** What each step of the contest's form is given. */
export type StepProps = {
  readonly form: ContestForm
  readonly change: (part: Partial<ContestForm>) => void
  readonly hasStarted: boolean
  /** What is wrong with a field, in words. */
  readonly wrong: (field: keyof ContestForm) => string | undefined
}
