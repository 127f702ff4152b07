import { useEffect, useRef, useState } from 'react'
import { drafts } from '../../lib/arena.ts'
import type { DraftName } from '../../lib/drafts.ts'

const saveAfterMs = 400

type DraftText = { readonly source: string; readonly epoch: number }

/**
 * The program of one language, kept as a draft in this browser shortly after the last keystroke. `epoch` grows when the text is replaced from outside
 * the editor (another language, a loaded file): only then may the editor's text be overwritten, since its own keystrokes run ahead of this state.
 * What was never written in, or was emptied, is `beginning`, and is not kept.
 */
export function useDraft({ userId, contestId, problemId, language }: DraftName, beginning: string) {
  const name = { userId, contestId, problemId, language }
  const kept = () => drafts.read(name) ?? beginning
  const [isKept, setKept] = useState(true)
  const [text, setText] = useState<DraftText>(() => ({ source: kept(), epoch: 0 }))
  const waiting = useRef<{ timer: number; save: () => void } | undefined>(undefined)
  const flush = () => {
    const due = waiting.current
    if (!due) return
    waiting.current = undefined
    clearTimeout(due.timer)
    due.save()
  }
  const keepSoon = (source: string) => {
    if (waiting.current) clearTimeout(waiting.current.timer)
    waiting.current = {
      timer: window.setTimeout(flush, saveAfterMs),
      save: () => setKept(drafts.write(name, source === beginning ? '' : source)),
    }
  }
  const replace = (source: string) => setText((before) => ({ source, epoch: before.epoch + 1 }))
  // the helpers read refs and the draft's name only
  useEffect(() => {
    replace(kept())
    // a phone may put the page away, or a pupil reload it, within those milliseconds
    window.addEventListener('pagehide', flush)
    return () => {
      window.removeEventListener('pagehide', flush)
      flush()
    }
  }, [userId, contestId, problemId, language])
  return {
    ...text,
    /** False: the browser has no room, and the draft lives as long as the page. */
    isKept,
    type(source: string) {
      setText((before) => ({ ...before, source }))
      keepSoon(source)
    },
    load(source: string) {
      replace(source)
      keepSoon(source)
    },
  }
}
