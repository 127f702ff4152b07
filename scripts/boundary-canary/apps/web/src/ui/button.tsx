import { useLiveBoard } from '../features/board/use-live-board.ts' // planted
export const Button = () => <button type="button">{String(useLiveBoard)}</button>
