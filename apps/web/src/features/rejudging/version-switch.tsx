import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Contest } from '#contracts/contest'
import { api } from '../../lib/arena.ts'
import { keys } from '../../lib/query-keys.ts'
import { useAction } from '../../lib/use-action.ts'
import { Button } from '../../ui/button.tsx'
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx'
import { FormError, Note } from '../../ui/states.tsx'

type Entry = NonNullable<Contest['problems']>[number]
type Switched = { readonly problemId: string; readonly name: string; readonly version: number }
type Props = { readonly contest: Contest; readonly onRejudge: (problemId: string) => void }
const nameOf = ({ label, title }: Entry) => `${label}. ${title}`

/** Problems that have been mended since the contest took them: it keeps its own version until its staff switch it. */
export function VersionSwitch({ contest, onRejudge }: Props) {
  const { t } = useTranslation()
  const [asked, setAsked] = useState<Entry>()
  const [switched, setSwitched] = useState<Switched>()
  const mended = (contest.problems ?? []).filter(({ version, newestVersion }) => version !== undefined && (newestVersion ?? version) > version)
  return (
    <>
      {switched && (
        <Note tone="good" live>
          <p>{t('rejudging.switched', { problem: switched.name, version: switched.version })}</p>
          <p className="rejudging-then">
            <Button small tone="primary" onPress={() => onRejudge(switched.problemId)}>
              {t('rejudging.thenJudge', { problem: switched.name })}
            </Button>
          </p>
        </Note>
      )}
      {mended.map((entry) => (
        <Note key={entry.problemId} tone="gold" icon="wrench">
          <p>{t('rejudging.mended', { problem: nameOf(entry), version: entry.version, newest: entry.newestVersion })}</p>
          <p className="rejudging-then">
            <Button small onPress={() => setAsked(entry)}>
              {t('rejudging.switch', { newest: entry.newestVersion })}
            </Button>
          </p>
        </Note>
      ))}
      {asked && <AskToSwitch contest={contest} entry={asked} onSwitched={setSwitched} onClose={() => setAsked(undefined)} />}
    </>
  )
}

type AskProps = {
  readonly contest: Contest
  readonly entry: Entry
  readonly onSwitched: (switched: Switched) => void
  readonly onClose: () => void
}

function AskToSwitch({ contest, entry, onSwitched, onClose }: AskProps) {
  const { t } = useTranslation()
  const client = useQueryClient()
  const version = entry.newestVersion ?? 1
  const { problemId } = entry
  const change = useAction({
    mutationFn: () => api.call('POST /api/contests/:id/problems/:problemId/version', { params: { id: contest.id, problemId }, body: { version } }),
    onSuccess: (answer) => {
      client.setQueryData(keys.contest(contest.id), answer.contest)
      onSwitched({ problemId, name: nameOf(entry), version })
      onClose()
    },
  })
  return (
    <ConfirmDialog
      title={t('rejudging.switchTitle', { problem: nameOf(entry), newest: version })}
      confirm={t('rejudging.switch', { newest: version })}
      busy={change.isPending}
      onConfirm={() => change.mutate()}
      onCancel={onClose}
    >
      <p>{t('rejudging.switchWarning')}</p>
      <FormError error={change.error} />
    </ConfirmDialog>
  )
}
