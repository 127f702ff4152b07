import { useEffect, useRef } from 'react'

const isChoice = (target: EventTarget | null) => target instanceof HTMLInputElement && /^(?:radio|checkbox)$/.test(target.type)
const isTyped = (target: EventTarget | null) =>
  target instanceof HTMLElement && (target.isContentEditable || (/^(?:TEXTAREA|SELECT|INPUT)$/.test(target.tagName) && !isChoice(target)))

/**
 * Single keys of the page, where nobody is typing and no dialog is open. `onKey` answers whether the key meant something; `isInput`: a radio button or a box
 * has the focus, whose own keys are the arrows and the space.
 */
export function useKeys(onKey: (key: string, isInput: boolean) => boolean): void {
  const latest = useRef(onKey)
  latest.current = onKey
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || isTyped(event.target) || document.querySelector('dialog[open]')) return
      if (latest.current(event.key, isChoice(event.target))) event.preventDefault()
    }
    document.addEventListener('keydown', listen)
    return () => document.removeEventListener('keydown', listen)
  }, [])
}
