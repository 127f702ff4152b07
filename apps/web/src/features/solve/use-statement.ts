import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { Problem } from '#contracts/contest'
import { api, storage } from '../../lib/arena.ts'
import { keys } from '../../lib/query-keys.ts'

const languageKey = 'arena.statement-language'

/**
 * The statement in the language that is wanted, where it has several. The arena's own choice, by the reader's language, is shown until another has come; what
 * is judged and tried (samples, limits, options) is always the problem's at hand.
 */
export function useStatement(problem: Problem) {
  const [chosen, setChosen] = useState(() => storage.get(languageKey))
  const languages = problem.statementLanguages ?? []
  const wanted = chosen !== undefined && chosen !== problem.language && languages.includes(chosen) ? chosen : undefined
  const other = useQuery({
    queryKey: [...keys.problem(problem.id), 'in', wanted] as const,
    queryFn: async ({ signal }) =>
      (await api.call('GET /api/problems/:id', { params: { id: problem.id }, query: { ...(wanted !== undefined && { language: wanted }) } }, { signal }))
        .problem,
    enabled: wanted !== undefined,
    staleTime: 10 * 60_000,
  })
  const shown = wanted !== undefined && other.data ? other.data : problem
  return {
    title: shown.title,
    html: shown.statementHtml,
    /** Of what is shown; undefined where its author did not say. */
    language: shown.language,
    languages,
    error: wanted === undefined ? null : other.error,
    choose(language: string) {
      storage.set(languageKey, language)
      setChosen(language)
    },
  }
}
