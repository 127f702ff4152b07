/**
 * How the page looks to this reader beside light and dark, kept in this browser as words on the root (`data-look`), which public/theme.js sets before the
 * first paint. The styles of each word are in ui/styles/look.css; a word that is not known means nothing.
 */
export type TextSize = 'normal' | 'large' | 'larger'
export type Look = {
  /** Black on white, and lines that are seen. */
  readonly contrast: boolean
  /** For who reads with dyslexia: an open font, more room between letters, words and lines. */
  readonly readable: boolean
  readonly size: TextSize
  /** Nothing moves, whatever the system says. */
  readonly still: boolean
}
export const plainLook: Look = { contrast: false, readable: false, size: 'normal', still: false }

export function lookOf(words: string | undefined): Look {
  const has = new Set(words?.split(' '))
  return {
    contrast: has.has('contrast'),
    readable: has.has('readable'),
    size: has.has('larger') ? 'larger' : has.has('large') ? 'large' : 'normal',
    still: has.has('still'),
  }
}

export const wordsOf = ({ contrast, readable, size, still }: Look): string =>
  [contrast && 'contrast', readable && 'readable', size !== 'normal' && size, still && 'still'].filter(Boolean).join(' ')
