import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Rejudging } from '#contracts/rejudging'
import { api } from '../../lib/arena.ts'
import { keys } from '../../lib/query-keys.ts'
import { useAction } from '../../lib/use-action.ts'
import { Button } from '../../ui/button.tsx'
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx'
import { FormError } from '../../ui/states.tsx'
import { toast } from '../../ui/toasts.tsx'
import { movedQuery, rejudgingKeys } from './reads.ts'

type Ending = 'apply' | 'discard'

/** Lets it count, or forgets it; either is asked for once more, in plain words. */
export function EndRejudging({ rejudging }: { readonly rejudging: Rejudging }) {
  const { t } = useTranslation()
  const [asked, setAsked] = useState<Ending>()
  if (rejudging.state !== 'judging' && rejudging.state !== 'ready') return null
  return (
    <div className="row">
      {rejudging.state === 'ready' && (
        <Button tone="primary" icon="check" onPress={() => setAsked('apply')}>
          {t('rejudging.apply')}
        </Button>
      )}
      <Button tone="danger" onPress={() => setAsked('discard')}>
        {rejudging.state === 'judging' ? t('rejudging.stop') : t('rejudging.discard')}
      </Button>
      {asked && <AskToEnd rejudging={rejudging} ending={asked} onClose={() => setAsked(undefined)} />}
    </div>
  )
}

type AskProps = { readonly rejudging: Rejudging; readonly ending: Ending; readonly onClose: () => void }

function AskToEnd({ rejudging, ending, onClose }: AskProps) {
  const { t } = useTranslation()
  const client = useQueryClient()
  const isApply = ending === 'apply'
  const { contestId } = rejudging.filter
  const moved = useQuery({ ...movedQuery(rejudging.id, contestId ?? ''), enabled: isApply && contestId !== undefined })
  const end = useAction({
    mutationFn: () => {
      const to = { params: { id: rejudging.id }, body: {} }
      return isApply ? api.call('POST /api/rejudgings/:id/apply', to) : api.call('POST /api/rejudgings/:id/discard', to)
    },
    onSuccess: (answer) => {
      client.setQueryData(rejudgingKeys.one(rejudging.id), answer.rejudging)
      for (const queryKey of [rejudgingKeys.all, ['submissions'], ['submission'], ...(contestId ? [keys.board(contestId).slice(0, 2)] : [])]) {
        void client.invalidateQueries({ queryKey })
      }
      toast(t(isApply ? 'rejudging.appliedNow' : 'rejudging.discardedNow'))
      onClose()
    },
  })
  return (
    <ConfirmDialog
      title={t(isApply ? 'rejudging.applyTitle' : 'rejudging.discardTitle')}
      confirm={t(isApply ? 'rejudging.apply' : 'rejudging.discard')}
      danger={!isApply}
      busy={end.isPending}
      onConfirm={() => end.mutate()}
      onCancel={onClose}
    >
      {isApply ? (
        <>
          <p>
            {t('rejudging.applyCount', { count: rejudging.changed })} {moved.data && t('rejudging.applyMoves', { count: moved.data.moved })}
          </p>
          <p>{t('rejudging.applyTells')}</p>
        </>
      ) : (
        <p>{t('rejudging.discardTells')}</p>
      )}
      <FormError error={end.error} />
    </ConfirmDialog>
  )
}
