/**
 * A name, a school or what somebody types to find one, as plain words: lower case, no accents, letters and digits alone. What is typed is taken apart as
 * what is kept was, so a search needs neither the machine's language nor any escaping.
 */
export const wordsOf = (text: string): string[] =>
  text
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '')
