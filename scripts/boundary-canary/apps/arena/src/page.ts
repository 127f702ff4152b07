import { allServices } from './all-services.ts'
import { View } from '../../web/src/features/board/view.tsx' // planted
export const kept = [allServices, View]
