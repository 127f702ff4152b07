/** A problem that says by a tag (`language-rw`) in which language it is written is for who reads that; one that says nothing is for everybody. */
export function isInLanguage(tags: readonly string[], language: string): boolean {
  const said = tags.filter((tag) => tag.startsWith('language-'))
  return said.length === 0 || said.includes(`language-${language}`)
}
/** Tags that are the arena's own words are nothing to read. */
export const shownTags = (tags: readonly string[]) => tags.filter((tag) => tag !== 'sample' && !tag.startsWith('language-'))
