export type Grade = { readonly verdict: 'AC' | 'WA'; readonly score: number }
export const right: Grade = { verdict: 'AC', score: 100 }
export const wrong: Grade = { verdict: 'WA', score: 0 }

/** All or nothing: exactly the right options, in any order. What is not an option of the problem (a version changed meanwhile) is wrong. */
export function gradeChoice(problem: { readonly correct: readonly string[] }, choices: readonly string[]): Grade {
  const chosen = new Set(choices)
  return chosen.size === new Set(problem.correct).size && problem.correct.every((option) => chosen.has(option)) ? right : wrong
}
