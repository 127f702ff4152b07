import { useTranslation } from 'react-i18next'
import { createStore } from '../lib/store.ts'
import { useStore } from '../lib/use-store.ts'
import { Button } from './button.tsx'

type Toast = { readonly id: number; readonly text: string }
const toasts = createStore<readonly Toast[]>([])
let next = 1
const shownMs = 8000

const drop = (id: number) => toasts.set(toasts.get().filter((toast) => toast.id !== id))

/** A short word in the corner; goes by itself. At most three at a time. */
export function toast(text: string): void {
  const id = next++
  toasts.set([...toasts.get().slice(-2), { id, text }])
  setTimeout(() => drop(id), shownMs)
}

export function Toasts() {
  const { t } = useTranslation()
  const shown = useStore(toasts)
  return (
    <section className="toasts" aria-live="polite" aria-label={t('shell.messages')}>
      {shown.map(({ id, text }) => (
        <div key={id} className="toast appear">
          <span className="grow">{text}</span>
          <Button tone="quiet" small onPress={() => drop(id)}>
            {t('action.dismiss')}
          </Button>
        </div>
      ))}
    </section>
  )
}
