import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { Submission } from '#contracts/submission'
import { contestsQuery, languagesQuery, titlesQuery } from '../../lib/queries.ts'
import { Button } from '../../ui/button.tsx'
import { SelectField, TextField } from '../../ui/field.tsx'
import { type HistoryFilter, isNarrowed, kinds, searchOf, verdicts } from './history-filter.ts'

type Props = { readonly filter: HistoryFilter; readonly submissions: readonly Submission[]; readonly onChange: (filter: HistoryFilter) => void }
type Choice = { readonly value: string; readonly label: string }

/** Each choice narrows the list at once and stands in the address. */
export function HistoryFilters({ filter, submissions, onChange }: Props) {
  const { t } = useTranslation()
  const choices = useChoices(filter, submissions)
  const pick = (name: keyof HistoryFilter) => (value: string) => onChange({ ...filter, [name]: value } as HistoryFilter)
  const verdictChoices = verdicts.map((value) => ({ value: value as string, label: t(`verdict.${value}`) }))
  const kindChoices = kinds.map((value) => ({ value: value as string, label: t(`kind.${value}`) }))
  const select = (name: keyof HistoryFilter, labels: readonly [label: string, any: string], options: readonly Choice[]) => (
    <SelectField label={labels[0]} value={filter[name] ?? ''} options={[{ value: '', label: labels[1] }, ...options]} onPick={pick(name)} />
  )
  return (
    <details className="history-filters" open={isNarrowed(filter) || undefined}>
      <summary>
        {t('history.filters')} {isNarrowed(filter) && <span className="badge">{Object.keys(searchOf(filter)).length}</span>}
      </summary>
      <div className="form-row">
        {select('contest', [t('history.contest'), t('history.anyContest')], choices.contests)}
        {select('problem', [t('history.problem'), t('history.anyProblem')], choices.problems)}
        {select('verdict', [t('history.verdict'), t('history.anyVerdict')], verdictChoices)}
        {select('language', [t('history.language'), t('history.anyLanguage')], choices.languages)}
        {select('kind', [t('history.kind'), t('history.anyKind')], kindChoices)}
        <TextField label={t('history.from')} type="date" value={filter.from ?? ''} onText={pick('from')} />
        <TextField label={t('history.until')} type="date" value={filter.until ?? ''} onText={pick('until')} />
      </div>
      {isNarrowed(filter) && (
        <Button small icon="cross" onPress={() => onChange({})}>
          {t('history.clear')}
        </Button>
      )}
    </details>
  )
}

/** Contests one has joined, problems as far as they are on the page, languages there are; what is chosen is always among them. */
function useChoices(filter: HistoryFilter, submissions: readonly Submission[]) {
  const { t } = useTranslation()
  const contests = useQuery(contestsQuery)
  const languages = useQuery(languagesQuery)
  const ids = [...new Set([...(filter.problem ? [filter.problem] : []), ...submissions.map(({ problemId }) => problemId)])].slice(0, 100)
  const titles = useQuery(titlesQuery(ids))
  const joined = contests.data?.filter((contest) => contest.registered || contest.id === filter.contest) ?? []
  const named = titles.data?.map(({ id, title }) => ({ value: id, label: title })) ?? []
  return {
    contests: withChosen(
      [{ value: 'practice', label: t('history.practice') }, ...joined.map(({ id, title }) => ({ value: id, label: title }))],
      filter.contest,
    ),
    problems: withChosen(
      named.sort((a, b) => a.label.localeCompare(b.label)),
      filter.problem,
    ),
    languages: withChosen(languages.data?.languages.map(({ id, name }) => ({ value: id, label: name })) ?? [], filter.language),
  }
}

const withChosen = (choices: readonly Choice[], chosen: string | undefined): readonly Choice[] =>
  chosen === undefined || choices.some(({ value }) => value === chosen) ? choices : [...choices, { value: chosen, label: chosen.slice(0, 8) }]
