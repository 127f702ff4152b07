import { useTranslation } from 'react-i18next'
import type { Problem } from '#contracts/contest'
import { formatCpu, formatMemory } from '../../lib/format.ts'
import { CopyButton } from '../../ui/copy-button.tsx'
import { Html } from '../../ui/html.tsx'

export function Statement({ problem }: { readonly problem: Problem }) {
  const { t, i18n } = useTranslation()
  return (
    <>
      <h2 className="problem-title">{problem.title}</h2>
      {problem.limits && (
        <p className="small muted">
          {t('solve.limits', { time: formatCpu(problem.limits.cpuMs, i18n.language), memory: formatMemory(problem.limits.memoryBytes, i18n.language) })}
        </p>
      )}
      <Html html={problem.statementHtml} />
      {problem.samples?.map((sample, index) => (
        <SampleView key={index} index={index + 1} sample={sample} />
      ))}
    </>
  )
}

type Sample = NonNullable<Problem['samples']>[number]

function SampleView({ index, sample }: { readonly index: number; readonly sample: Sample }) {
  const { t } = useTranslation()
  return (
    <section className="sample" aria-label={t('solve.sample', { index })}>
      <h3>{t('solve.sample', { index })}</h3>
      <div className="sample-pair">
        <SampleText title={t('solve.input')} copy={t('solve.copyInput', { index })} text={sample.input} />
        <SampleText title={t('solve.output')} copy={t('solve.copyOutput', { index })} text={sample.output} />
      </div>
      {sample.noteHtml && <Html html={sample.noteHtml} />}
    </section>
  )
}

function SampleText({ title, copy, text }: { readonly title: string; readonly copy: string; readonly text: string }) {
  return (
    <div className="sample-text">
      <div className="row row-between">
        <span className="small muted">{title}</span>
        <CopyButton text={text} label={copy} />
      </div>
      <pre className="code-block">{text}</pre>
    </div>
  )
}
