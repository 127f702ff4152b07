import { useId } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '../../ui/button.tsx'
import { CheckField } from '../../ui/field.tsx'
import { type Filter, isFiltering } from './find-rows.ts'

type Props = {
  readonly filter: Filter
  readonly onFilter: (next: Filter) => void
  /** All there are; undefined where the board is not held whole, and schools are found by their words. */
  readonly schools: readonly string[] | undefined
  /** Undefined: nothing is looked for, or not found yet. */
  readonly found: number | undefined
  readonly onMe: (() => void) | undefined
  readonly unfrozen: boolean
  readonly onUnfrozen: ((is: boolean) => void) | undefined
}

export function BoardFilter({ filter, onFilter, schools, found, onMe, unfrozen, onUnfrozen }: Props) {
  const { t } = useTranslation()
  const id = useId()
  return (
    <search className="board-filter">
      <div className="board-find">
        <label htmlFor={`${id}-text`}>{t('ranking.find')}</label>
        <input
          id={`${id}-text`}
          className="input"
          type="search"
          value={filter.text}
          maxLength={100}
          placeholder={t('ranking.findHint')}
          onChange={(event) => onFilter({ ...filter, text: event.currentTarget.value })}
        />
      </div>
      <div className="board-find">
        <label htmlFor={`${id}-school`}>{t('ranking.school')}</label>
        {schools ? (
          <select id={`${id}-school`} className="input" value={filter.school} onChange={(event) => onFilter({ ...filter, school: event.currentTarget.value })}>
            <option value="">{t('ranking.allSchools')}</option>
            {[...new Set([...schools, ...(filter.school ? [filter.school] : [])])].map((school) => (
              <option key={school} value={school}>
                {school}
              </option>
            ))}
          </select>
        ) : (
          <input
            id={`${id}-school`}
            className="input"
            type="search"
            value={filter.school}
            maxLength={100}
            onChange={(event) => onFilter({ ...filter, school: event.currentTarget.value })}
          />
        )}
      </div>
      <div className="board-checks">
        <CheckField label={t('ranking.onlyStarred')} checked={filter.onlyStarred} onCheck={(onlyStarred) => onFilter({ ...filter, onlyStarred })} />
        {onUnfrozen && <CheckField label={t('board.unfrozen')} checked={unfrozen} onCheck={onUnfrozen} />}
      </div>
      <div className="row board-go">
        {isFiltering(filter) && (
          <Button small onPress={() => onFilter({ text: '', school: '', onlyStarred: false })}>
            {t('ranking.showAll')}
          </Button>
        )}
        {onMe && (
          <Button small icon="person" onPress={onMe}>
            {t('ranking.toMe')}
          </Button>
        )}
        <span className="small muted" role="status">
          {found === undefined ? '' : t('ranking.found', { count: found })}
        </span>
      </div>
    </search>
  )
}
