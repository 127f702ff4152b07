import { createContext, useContext } from 'react'
import type { GoTo } from './code-editor.tsx'

/** The program at hand, for messages that name its lines: how many it has, and the way to one. Absent where no program is being written. */
export const PlacesContext = createContext<{ readonly lines: number; readonly goTo: GoTo } | undefined>(undefined)
export const usePlaces = () => useContext(PlacesContext)
