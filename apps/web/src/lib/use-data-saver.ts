import { dataSaver } from './data-saver.ts'
import { useStore } from './use-store.ts'

/** Whether to spare bytes: no live pushes of boards, no editor, no fonts, nothing that moves. Changes at once when the switch is pressed. */
export const useDataSaver = (): boolean => useStore(dataSaver)
