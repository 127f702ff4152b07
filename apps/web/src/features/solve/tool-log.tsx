import { Fragment } from 'react'
import { useTranslation } from 'react-i18next'
import { logPieces } from './compile-places.ts'
import { usePlaces } from './places.ts'

/** What a compiler or an interpreter said; where it names a line of the program at hand, a press leads there. */
export function ToolLog({ text, className = '' }: { readonly text: string; readonly className?: string }) {
  const { t } = useTranslation()
  const places = usePlaces()
  return (
    <pre className={`code-block small ${className}`}>
      {logPieces(text, places?.lines ?? 0).map(({ text: piece, line, column }, at) =>
        line === undefined ? (
          <Fragment key={at}>{piece}</Fragment>
        ) : (
          <button key={at} type="button" className="log-place" title={t('room.goToLine', { line })} onClick={() => places?.goTo(line, column ?? 1)}>
            {piece}
          </button>
        ),
      )}
    </pre>
  )
}
