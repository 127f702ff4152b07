import { useLayoutEffect, useRef } from 'react'
import { mathNeedsStyles, withoutStyles } from '../lib/safe-styles.ts'
import { useDataSaver } from '../lib/use-data-saver.ts'

/**
 * Safe HTML as the server rendered it. The styles and fonts of formulas are fetched only where there are any, and a formula is read in
 * another font until they have come. Who saves data gets formulas as the browser itself draws them, where it can.
 */
export function Html({ html, className = 'prose', as: Tag = 'div' }: { readonly html: string; readonly className?: string; readonly as?: 'div' | 'span' }) {
  const shown = useRef<HTMLElement>(null)
  const isPlain = useDataSaver() && !mathNeedsStyles(html)
  // before the first paint: a formula without its heights would be seen to jump
  useLayoutEffect(() => {
    if (isPlain || !html.includes('katex')) return
    void import('katex/dist/katex-swap.min.css')
    for (const each of shown.current?.querySelectorAll<HTMLElement>('[data-style]') ?? []) each.style.cssText = each.dataset.style ?? ''
  }, [html, isPlain])
  // rendered on the server from Markdown with HTML escaped; the contract promises it safe
  return <Tag ref={shown as never} className={isPlain ? `${className} plain-math` : className} dangerouslySetInnerHTML={{ __html: withoutStyles(html) }} />
}
