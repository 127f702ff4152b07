import { useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { api } from '../../lib/arena.ts'

const previewAfterMs = 500

/** `value`, once it has rested for `ms`. */
function useRested(value: string, ms: number): string {
  const [rested, setRested] = useState(value)
  useEffect(() => {
    const timer = setTimeout(() => setRested(value), ms)
    return () => clearTimeout(timer)
  }, [value, ms])
  return rested
}

/** The HTML of some Markdown as pupils will see it, rendered by the server once typing rests; the last one until then. */
export function usePreview(markdown: string) {
  const rested = useRested(markdown, previewAfterMs)
  const isEmpty = rested.trim() === ''
  const preview = useQuery({
    queryKey: ['preview', rested],
    queryFn: ({ signal }) => api.call('POST /api/problems/preview', { body: { statement: rested } }, { signal }),
    enabled: !isEmpty,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 30_000,
    placeholderData: (before) => before,
  })
  return { html: isEmpty ? undefined : preview.data?.html, isBusy: preview.isFetching, hasFailed: preview.isError }
}
