import { type ReactNode, useEffect, useRef, useState } from 'react'
import { useLocation } from 'wouter'

type Props = {
  readonly label: string
  readonly face: ReactNode
  readonly className?: string
  readonly children: (close: () => void) => ReactNode
  readonly onOpen?: () => void
}

/** A button that opens a panel below it; closes on Escape, on a press elsewhere and on going to another page. */
export function Menu({ label, face, className = '', children, onOpen }: Props) {
  const [isOpen, setOpen] = useState(false)
  const root = useRef<HTMLDivElement>(null)
  const button = useRef<HTMLButtonElement>(null)
  const [path] = useLocation()
  const shownOn = useRef(path)
  if (shownOn.current !== path) {
    shownOn.current = path
    if (isOpen) setOpen(false)
  }
  useEffect(() => {
    if (!isOpen) return
    const onPointer = (event: PointerEvent) => {
      if (!root.current?.contains(event.target as Node)) setOpen(false)
    }
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== 'Escape') return
      setOpen(false)
      button.current?.focus()
    }
    document.addEventListener('pointerdown', onPointer)
    document.addEventListener('keydown', onKey)
    return () => {
      document.removeEventListener('pointerdown', onPointer)
      document.removeEventListener('keydown', onKey)
    }
  }, [isOpen])
  return (
    <div className={`menu ${className}`} ref={root}>
      <button
        type="button"
        ref={button}
        className="button button-quiet button-icon"
        aria-label={label}
        aria-expanded={isOpen}
        onClick={() => {
          if (!isOpen) onOpen?.()
          setOpen(!isOpen)
        }}
      >
        {face}
      </button>
      {isOpen && (
        // biome-ignore lint/a11y/noStaticElementInteractions lint/a11y/useKeyWithClickEvents: only notices a link that was followed, also to the page at hand
        <div onClick={(event) => (event.target as Element).closest('a') && setOpen(false)}>{children(() => setOpen(false))}</div>
      )}
    </div>
  )
}
