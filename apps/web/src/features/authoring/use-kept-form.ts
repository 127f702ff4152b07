import { useEffect, useState } from 'react'
import { storage } from '../../lib/arena.ts'
import { useUser } from '../../lib/use-session.ts'
import { createKeptForms } from './kept-form.ts'

export const keptForms = createKeptForms(storage, () => Date.now())
const same = (a: object, b: object) => JSON.stringify(a) === JSON.stringify(b)

export type KeptForm<Form> = {
  readonly form: Form
  readonly setForm: (change: (before: Form) => Form) => void
  /** What the server has. */
  readonly before: Form
  readonly isDirty: boolean
  /** Something typed earlier was found here. */
  readonly wasRestored: boolean
  /** It is too long to be kept through a crash. */
  readonly isTooLong: boolean
  /** Back to what the server has. */
  readonly discard: () => void
  /** It was saved; now the server has this. */
  readonly settle: (saved: Form) => void
}

/** A form whose changes are kept in this browser until they are saved or thrown away. Leaving asks only where they could not be kept. */
export function useKeptForm<Form extends object>(what: string, start: Form): KeptForm<Form> {
  const userId = useUser()?.id ?? ''
  const [before, setBefore] = useState(start)
  const [form, setForm] = useState(() => keptForms.read({ userId, what }, start) ?? start)
  const [wasRestored, setRestored] = useState(() => !same(form, start))
  const [isTooLong, setTooLong] = useState(false)
  const isDirty = !same(form, before)
  useEffect(() => {
    const name = { userId, what }
    if (isDirty) setTooLong(!keptForms.write(name, form))
    else keptForms.remove(name)
  }, [form, isDirty, userId, what])
  useEffect(() => {
    if (!(isDirty && isTooLong)) return
    const ask = (event: BeforeUnloadEvent) => event.preventDefault()
    window.addEventListener('beforeunload', ask)
    return () => window.removeEventListener('beforeunload', ask)
  }, [isDirty, isTooLong])
  return {
    form,
    setForm,
    before,
    isDirty,
    wasRestored,
    isTooLong,
    discard() {
      setForm(before)
      setRestored(false)
    },
    settle(saved) {
      keptForms.remove({ userId, what })
      setBefore(saved)
      setForm(saved)
      setRestored(false)
    },
  }
}
