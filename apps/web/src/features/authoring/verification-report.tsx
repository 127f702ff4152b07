import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { Problem } from '#contracts/contest'
import type { Verification, VerificationState, VerifiedSolution } from '#contracts/verification'
import { api } from '../../lib/arena.ts'
import { formatCpu } from '../../lib/format.ts'
import { useAction } from '../../lib/use-action.ts'
import { Button } from '../../ui/button.tsx'
import { FormError, Note, type NoteTone, Shown } from '../../ui/states.tsx'
import { VerdictBadge } from '../../ui/verdict-badge.tsx'

const tones: Readonly<Record<VerificationState, NoteTone>> = { none: 'gold', running: 'info', verified: 'good', failed: 'bad' }
const lookMs = 2_000

/** What the package's own solutions got, against what it says of them. It looks again while they are being run. */
export function VerificationReport({ problem }: { readonly problem: Problem }) {
  const { t } = useTranslation()
  const client = useQueryClient()
  const key = ['verification', problem.id, problem.version]
  const read = useQuery({
    queryKey: key,
    queryFn: async ({ signal }) => {
      const answer = await api.call('GET /api/problems/:id', { params: { id: problem.id }, query: {} }, { signal })
      return answer.problem.authoring?.verification ?? null
    },
    refetchInterval: ({ state }) => (state.data?.state === 'running' ? lookMs : false),
  })
  const again = useAction({
    mutationFn: () => api.call('POST /api/problems/:id/verify', { params: { id: problem.id } }),
    onSuccess: ({ verification }) => client.setQueryData(key, verification),
  })
  return (
    <section className="card stack" aria-label={t('import.verification.title')}>
      <h2>{t('import.verification.title')}</h2>
      <Shown read={read} lines={3}>
        {(found) =>
          found && (
            <>
              <Note tone={tones[found.state]} live>
                <p>{t(`import.verification.state.${found.state}`)}</p>
                {found.at !== undefined && found.version !== problem.version && <p>{t('import.verification.older', { version: found.version })}</p>}
              </Note>
              <Complaints found={found} />
              {found.solutions.length > 0 && <Solutions found={found} />}
              {found.state !== 'running' && (
                <div>
                  <Button busy={again.isPending} onPress={() => again.mutate()}>
                    {found.at === undefined ? t('import.verification.begin') : t('import.verification.again')}
                  </Button>
                </div>
              )}
            </>
          )
        }
      </Shown>
      <FormError error={again.error} />
    </section>
  )
}

function Complaints({ found: { problems } }: { readonly found: Verification }) {
  const { t } = useTranslation()
  if (problems.length === 0) return null
  return (
    <ul>
      {problems.map(({ path, kind, expected, got }) => (
        <li key={`${path} ${kind}`}>
          <code>{path}</code>: {t(`import.verification.problem.${kind}`, { expected, got })}
        </li>
      ))}
    </ul>
  )
}

function Solutions({ found: { solutions, slowestAcceptedMs, fastestTimeLimitMs } }: { readonly found: Verification }) {
  const { t, i18n } = useTranslation()
  const time = (ms: number) => formatCpu(ms, i18n.language)
  return (
    <>
      <div className="table-wrap">
        <table className="table">
          <thead>
            <tr>
              <th scope="col">{t('import.verification.solution')}</th>
              <th scope="col">{t('import.verification.got')}</th>
              <th scope="col">{t('import.verification.time')}</th>
            </tr>
          </thead>
          <tbody>
            {solutions.map((solution) => (
              <tr key={solution.path}>
                <td>
                  <code>{solution.path}</code>
                </td>
                <td>
                  <Got solution={solution} />
                </td>
                <td className="number">{solution.cpuMs !== undefined && `${time(solution.cpuMs)} / ${time(solution.limitMs ?? 0)}`}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {slowestAcceptedMs !== undefined && <p className="small muted">{t('import.verification.slowest', { time: time(slowestAcceptedMs) })}</p>}
      {fastestTimeLimitMs !== undefined && <p className="small muted">{t('import.verification.fastest', { time: time(fastestTimeLimitMs) })}</p>}
    </>
  )
}

function Got({ solution: { state, verdict } }: { readonly solution: VerifiedSolution }) {
  const { t } = useTranslation()
  return verdict === undefined ? <span className="badge">{t(`import.verification.solutionState.${state}`)}</span> : <VerdictBadge verdict={verdict} />
}
