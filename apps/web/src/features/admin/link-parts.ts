export type TextPart = { readonly text: string; readonly isLink: boolean }

/** Plain text cut where web addresses begin and end. What ends a sentence ends no address. Joined again, the parts are the text. */
export function linkParts(text: string): readonly TextPart[] {
  const parts: TextPart[] = []
  let at = 0
  for (const match of text.matchAll(/https?:\/\/[^\s<>"']*[^\s<>"'.,;:!?)]/g)) {
    if (match.index > at) parts.push({ text: text.slice(at, match.index), isLink: false })
    parts.push({ text: match[0], isLink: true })
    at = match.index + match[0].length
  }
  if (at < text.length) parts.push({ text: text.slice(at), isLink: false })
  return parts
}
