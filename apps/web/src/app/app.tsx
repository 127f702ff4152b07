import { QueryClientProvider } from '@tanstack/react-query'
import { useRef } from 'react'
import { useLocation } from 'wouter'
import { useUser } from '../lib/use-session.ts'
import { Toasts } from '../ui/toasts.tsx'
import { ErrorBoundary } from './error-boundary.tsx'
import { queryClient, useIdentityFollowed, useLiveCache } from './live-cache.ts'
import { Routes } from './routes.tsx'
import { Shell } from './shell.tsx'

/** Changes when another person takes the place of one who was here: what they had typed and not sent goes with their page. */
function usePerson(): string | undefined {
  const id = useUser()?.id
  const last = useRef(id)
  if (id !== undefined) last.current = id
  return last.current
}

function Inside() {
  const first = useRef<string | undefined>(undefined)
  const person = usePerson()
  // the first one to be known is who has been here all the time
  first.current ??= person
  useIdentityFollowed()
  useLiveCache()
  const [path] = useLocation()
  const page = (
    <ErrorBoundary path={path}>
      <Routes key={person === first.current ? '' : person} />
    </ErrorBoundary>
  )
  // a projector shows the board and nothing else: no menu, no messages to whoever is logged in
  if (path.endsWith('/projector')) return page
  return (
    <>
      <Shell>{page}</Shell>
      <Toasts />
    </>
  )
}

export function App() {
  return (
    <QueryClientProvider client={queryClient}>
      <Inside />
    </QueryClientProvider>
  )
}
