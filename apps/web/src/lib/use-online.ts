import { reachable } from './arena.ts'
import { useStore } from './use-store.ts'

/**
 * Whether the arena answered when last asked. Not `navigator.onLine`: a school's own network has no internet, and the browser may call that offline.
 */
export const useOnline = (): boolean => useStore(reachable)
