import { useLayoutEffect, useRef } from 'react'
import { mathNeedsStyles, withoutStyles } from '../lib/safe-styles.ts'
import { useDataSaver } from '../lib/use-data-saver.ts'

/**
 * Safe HTML as the server rendered it. The styles and fonts of formulas are fetched only where there are any. Until they have come a formula is laid out by the
 * few rules that matter (`.drawn-math`), in another font, so that hardly anything moves then. Who saves data gets formulas as the browser itself draws them,
 * where it can.
 */
export function Html({ html, className = 'prose', as: Tag = 'div' }: { readonly html: string; readonly className?: string; readonly as?: 'div' | 'span' }) {
  const shown = useRef<HTMLElement>(null)
  const isPlain = useDataSaver() && !mathNeedsStyles(html)
  const isDrawn = !isPlain && html.includes('katex')
  // before the first paint: a formula without its heights would be seen to jump
  useLayoutEffect(() => {
    if (!isDrawn) return
    import('katex/dist/katex-swap.min.css').catch(() => undefined) // a line that broke: it stays in that other font
    for (const each of shown.current?.querySelectorAll<HTMLElement>('[data-style]') ?? []) each.style.cssText = each.dataset.style ?? ''
  }, [html, isDrawn])
  // rendered on the server from Markdown with HTML escaped; the contract promises it safe
  const classes = isPlain ? `${className} plain-math` : isDrawn ? `${className} drawn-math` : className
  return <Tag ref={shown as never} className={classes} dangerouslySetInnerHTML={{ __html: withoutStyles(html) }} />
}
