import { useLayoutEffect, useRef, useState } from 'react'
import { mathNeedsStyles, withoutStyles } from '../lib/safe-styles.ts'
import { useDataSaver } from '../lib/use-data-saver.ts'

let styles: Promise<unknown> | undefined
let haveStylesCome = false
const fetchStyles = () => (styles ??= import('katex/dist/katex-swap.min.css').then(() => (haveStylesCome = true)))

/**
 * Safe HTML as the server rendered it. The styles and fonts of formulas are fetched only where there are any. Until the styles have come a formula is drawn as
 * the browser itself draws it, so that hardly anything moves then, and it is read in another font until the fonts have. Who saves data keeps the browser's own
 * formulas, where it can draw them.
 */
export function Html({ html, className = 'prose', as: Tag = 'div' }: { readonly html: string; readonly className?: string; readonly as?: 'div' | 'span' }) {
  const shown = useRef<HTMLElement>(null)
  const sparesData = useDataSaver()
  const needsStyles = html.includes('katex') && (!sparesData || mathNeedsStyles(html))
  const [isStyled, setStyled] = useState(haveStylesCome)
  // before the first paint: a formula without its heights would be seen to jump
  useLayoutEffect(() => {
    if (!needsStyles) return
    fetchStyles().then(
      () => setStyled(true),
      () => (styles = undefined), // the line broke: the next formula asks again, and until then the browser draws them
    )
    for (const each of shown.current?.querySelectorAll<HTMLElement>('[data-style]') ?? []) each.style.cssText = each.dataset.style ?? ''
  }, [html, needsStyles])
  // rendered on the server from Markdown with HTML escaped; the contract promises it safe
  const isPlain = !(needsStyles && isStyled)
  return <Tag ref={shown as never} className={isPlain ? `${className} plain-math` : className} dangerouslySetInnerHTML={{ __html: withoutStyles(html) }} />
}
