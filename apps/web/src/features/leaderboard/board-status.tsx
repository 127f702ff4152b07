import { useTranslation } from 'react-i18next'
import { useNow } from '../../lib/use-now.ts'

/** Whether the board moves by itself, and how old it is. */
export function BoardStatus({ isLive, isOnline, updatedAt }: { readonly isLive: boolean; readonly isOnline: boolean; readonly updatedAt: number }) {
  const { t } = useTranslation()
  const seconds = Math.max(0, Math.round((useNow() - updatedAt) / 1000))
  const age = seconds < 60 ? t('ranking.updatedSeconds', { count: seconds }) : t('ranking.updatedMinutes', { count: Math.floor(seconds / 60) })
  return (
    <span className="row board-status">
      <span className="badge">
        <span className={`dot ${isLive ? 'dot-ready' : 'dot-waiting'}`} />
        {isLive ? t('board.live') : isOnline ? t('board.polled') : t('ranking.offlineShort')}
      </span>
      {updatedAt > 0 && <span className="small muted number">{age}</span>}
    </span>
  )
}
