/** Stands in for react-i18next (vite.config.ts and tsconfig.json say so), as Preact does for React. */
import { spoken, type TFunction, t as tNow } from './translate.ts'
import { useStore } from './use-store.ts'

/** `t` speaks the language this was drawn in and changes with it; `i18n.t` the one of the moment it is called. */
export function useTranslation(): { readonly t: TFunction; readonly i18n: { readonly language: string; readonly t: TFunction } } {
  const { language, t } = useStore(spoken)
  return { t, i18n: { language, t: tNow } }
}
