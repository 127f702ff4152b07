import { useEffect, useState } from 'react'

/** The token of a mailed link, which stands behind the `#`: that part never reaches a server or its log. Undefined where it does not look like one. */
export const tokenOf = (hash: string): string | undefined => /^#(?:token=)?([A-Za-z0-9_-]{43})$/.exec(hash)?.[1]

/** Takes the token out of the address bar, so that it stays in no history and no photograph of a screen; a second link opened in this tab counts too. */
export function useFragmentToken(): string | undefined {
  const [token, setToken] = useState(() => tokenOf(location.hash))
  useEffect(() => {
    const take = () => {
      const next = tokenOf(location.hash)
      if (next) setToken(next)
      if (location.hash) history.replaceState(history.state, '', location.pathname + location.search)
    }
    take()
    window.addEventListener('hashchange', take)
    return () => window.removeEventListener('hashchange', take)
  }, [])
  return token
}
