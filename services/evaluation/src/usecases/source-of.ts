import type { LanguageSpec } from '#contracts/languages'
import { ProblemFault } from '../domain/faults.ts'
import { type ProgramFiles, withGrader } from '../domain/program-files.ts'
import type { Holding, ProgramJudging } from './judging-data.ts'

type Asked = { readonly judging: Pick<ProgramJudging, 'mode' | 'graders'> | undefined; readonly language: LanguageSpec; readonly text: string }

/** What is built of what was handed in: the one file, or with the grader that calls it. @throws ProblemFault when there is none in its language. */
export async function sourceOf(
  { judging, language, text }: Asked,
  { files }: Pick<Holding, 'files'>,
): Promise<string | ProgramFiles | { readonly refusal: string }> {
  if (judging?.mode !== 'function') return text
  const grader = judging.graders?.[language.id]
  if (grader === undefined) throw new ProblemFault(`the problem has no grader in ${language.name}`)
  return withGrader(language, text, await files(grader))
}
