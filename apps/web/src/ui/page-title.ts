import { useEffect } from 'react'

/** The tab's title while the page is shown; a part within a page gives it back when it goes. */
export function usePageTitle(title: string | undefined): void {
  useEffect(() => {
    const before = document.title
    document.title = title ? `${title} · Competa Arena` : 'Competa Arena'
    return () => {
      document.title = before
    }
  }, [title])
}
