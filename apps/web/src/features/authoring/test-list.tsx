import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Problem } from '#contracts/contest'
import { api } from '../../lib/arena.ts'
import { formatMemory } from '../../lib/format.ts'
import { Button } from '../../ui/button.tsx'
import { Shown } from '../../ui/states.tsx'

/** The tests a problem has; their contents are fetched one at a time. */
export function TestList({ problem }: { readonly problem: Problem }) {
  const { t, i18n } = useTranslation()
  const [opened, setOpened] = useState<number>()
  const tests = problem.authoring?.tests ?? []
  return (
    <section className="card" aria-label={t('problem.currentTests')}>
      <h2>{t('problem.currentTests')}</h2>
      <ol className="plain-list stack">
        {tests.map((test) => (
          <li key={test.index}>
            <div className="row row-between">
              <span>
                {test.index}. {test.name} {test.sample && <span className="badge tone-teal">{t('problem.isSample')}</span>}{' '}
                <span className="small muted number">
                  {formatMemory(test.inputBytes, i18n.language)} → {formatMemory(test.outputBytes, i18n.language)}
                </span>
              </span>
              <Button small expanded={opened === test.index} onPress={() => setOpened(opened === test.index ? undefined : test.index)}>
                {opened === test.index ? t('submission.hide') : t('problem.showTest')}
              </Button>
            </div>
            {opened === test.index && <TestData problemId={problem.id} index={test.index} version={problem.version} />}
          </li>
        ))}
      </ol>
    </section>
  )
}

function TestData({ problemId, index, version }: { readonly problemId: string; readonly index: number; readonly version: number }) {
  const { t } = useTranslation()
  const read = useQuery({
    queryKey: ['test-data', problemId, version, index],
    queryFn: ({ signal }) => api.call('GET /api/problems/:id/tests/:index', { params: { id: problemId, index } }, { signal }),
    staleTime: Number.POSITIVE_INFINITY,
  })
  return (
    <Shown read={read} lines={2}>
      {(data) => (
        <div className="test-row">
          <pre className="code-block small grow">{data.input}</pre>
          <pre className="code-block small grow">{data.output}</pre>
          {data.cut && <p className="hint">{t('problem.testCut')}</p>}
        </div>
      )}
    </Shown>
  )
}
