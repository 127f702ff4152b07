import { useQuery } from '@tanstack/react-query'

type Props = { readonly source: string; readonly language: string | undefined }

/** A program as it was handed in; in colours once they have come, and readable before. */
export function SourceCode({ source, language }: Props) {
  const coloured = useQuery({
    queryKey: ['highlight', language, source],
    queryFn: async () => (await import('./highlight.ts')).piecesOf(source, language ?? ''),
    enabled: language !== undefined,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 60_000,
  })
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reached by keyboard
    <pre className="code-block small source-code" tabIndex={0}>
      <code>
        {coloured.data?.map(({ text, look }, at) =>
          look ? (
            <span key={`${at}`} className={`code-${look}`}>
              {text}
            </span>
          ) : (
            text
          ),
        ) ?? source}
      </code>
    </pre>
  )
}
