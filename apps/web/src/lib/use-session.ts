import type { User } from '#contracts/user'
import { session } from './arena.ts'
import { useStore } from './use-store.ts'

export const useSession = () => useStore(session)

export function useUser(): User | undefined {
  const now = useSession()
  return now.status === 'signed-in' ? now.user : undefined
}

export const isStaff = (user: User | undefined) => user?.role === 'teacher' || user?.role === 'admin'
