import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from './button.tsx'

/** The clipboard API is missing on plain http (a class's own network): there the old way through a selection is taken. */
async function copyText(text: string): Promise<boolean> {
  if (navigator.clipboard) {
    try {
      await navigator.clipboard.writeText(text)
      return true
    } catch {
      // Refused by permission: the old way may still work.
    }
  }
  const area = document.createElement('textarea')
  area.value = text
  area.style.position = 'fixed'
  document.body.append(area)
  area.select()
  const copied = document.execCommand('copy')
  area.remove()
  return copied
}

export function CopyButton({ text, label }: { readonly text: string; readonly label: string }) {
  const { t } = useTranslation()
  const [done, setDone] = useState(false)
  const copy = async () => {
    if (!(await copyText(text))) return
    setDone(true)
    setTimeout(() => setDone(false), 2000)
  }
  return (
    <Button small tone="quiet" icon={done ? 'check' : 'copy'} label={done ? undefined : label} onPress={() => void copy()}>
      <span aria-live="polite">{done ? t('action.copied') : t('action.copy')}</span>
    </Button>
  )
}
