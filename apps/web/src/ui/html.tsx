import { useEffect } from 'react'

/** Safe HTML as the server rendered it. The styles and fonts of formulas are fetched only where there are any. */
export function Html({ html, className = 'prose', as: Tag = 'div' }: { readonly html: string; readonly className?: string; readonly as?: 'div' | 'span' }) {
  useEffect(() => {
    if (html.includes('katex')) void import('katex/dist/katex.min.css')
  }, [html])
  // rendered on the server from Markdown with HTML escaped; the contract promises it safe
  return <Tag className={className} dangerouslySetInnerHTML={{ __html: html }} />
}
