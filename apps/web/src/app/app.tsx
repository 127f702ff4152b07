import { QueryClientProvider } from '@tanstack/react-query'
import { useLocation } from 'wouter'
import { Toasts } from '../ui/toasts.tsx'
import { ErrorBoundary } from './error-boundary.tsx'
import { queryClient, useIdentityFollowed, useLiveCache } from './live-cache.ts'
import { Routes } from './routes.tsx'
import { Shell } from './shell.tsx'

function Inside() {
  useIdentityFollowed()
  useLiveCache()
  const [path] = useLocation()
  return (
    <>
      <Shell>
        <ErrorBoundary path={path}>
          <Routes />
        </ErrorBoundary>
      </Shell>
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
