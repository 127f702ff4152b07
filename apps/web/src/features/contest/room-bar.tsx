import { useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Link, useLocation } from 'wouter'
import type { Contest } from '#contracts/contest'
import { keys } from '../../lib/query-keys.ts'
import { useUser } from '../../lib/use-session.ts'
import { Countdown } from '../../ui/countdown.tsx'
import { Icon } from '../../ui/icons.tsx'
import { nextMoment } from './phase.ts'
import type { Standing } from './standing.ts'
import { useStanding } from './use-standing.ts'

/** Time left and where one stands: in sight on every page of the contest, however far down. On the board one's own row is, and says it sooner. */
export function RoomBar({ contest }: { readonly contest: Contest }) {
  const { t } = useTranslation()
  const client = useQueryClient()
  const user = useUser()
  const [path] = useLocation()
  const hasPlace = user !== undefined && contest.registered && contest.phase !== 'scheduled' && !path.endsWith('/leaderboard')
  const standing = useStanding(contest.id, hasPlace ? user.id : undefined)
  const next = nextMoment(contest)
  if (!next && !hasPlace) return null
  const refresh = () => void client.invalidateQueries({ queryKey: keys.contest(contest.id) })
  return (
    <section className="room-bar" aria-label={t('room.bar')}>
      {next && (
        <span className="room-clock">
          <Icon name="clock" />
          <Countdown until={next.at} label={t(`countdown.${next.what}`)} onOver={refresh} />
        </span>
      )}
      {standing ? <Place contest={contest} standing={standing} /> : hasPlace && <span className="room-place">…</span>}
    </section>
  )
}

function Place({ contest, standing: { row, total, isFrozen } }: { readonly contest: Contest; readonly standing: Standing }) {
  const { t } = useTranslation()
  return (
    <Link href={`/contests/${contest.id}/leaderboard`} className="room-place">
      {row ? (
        <>
          <strong className="number">{t('room.rank', { rank: row.rank })}</strong>
          <span className="room-of number">{t('room.of', { total })}</span>
          <span className="number">{contest.format === 'icpc' ? t('room.solved', { count: row.score }) : t('contest.points', { count: row.score })}</span>
          {row.penalty > 0 && <span className="room-penalty number">{t('room.penalty', { minutes: row.penalty })}</span>}
        </>
      ) : (
        <span className="muted">{t('room.notRanked')}</span>
      )}
      {isFrozen && (
        <span className="badge tone-wait" title={t('board.frozen')}>
          <Icon name="snow" size={14} />
          {t('room.frozen')}
        </span>
      )}
    </Link>
  )
}
