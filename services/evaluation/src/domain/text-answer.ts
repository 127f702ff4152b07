/**
 * What is handed in for an output-only problem: the output of its one test, or of several, each below a line `=== NAME`. A test is found by its name, the last
 * part of it (`secret/03-big` is `03-big` too), or its index. What stands above the first such line belongs to nobody.
 */
export type TextAnswer = { of(test: { readonly index: number; readonly name?: string }): string | undefined }

const headline = /^===[ \t]+(\S.*?)[ \t]*\r?$/

export function readTextAnswer(text: string, testCount: number): TextAnswer {
  const sections = sectionsOf(text)
  if (sections.size === 0) return { of: () => (testCount === 1 ? text : undefined) }
  return {
    of({ index, name }) {
      const found = [name, name?.slice(name.lastIndexOf('/') + 1), String(index)].find((each) => each !== undefined && sections.has(each))
      return found === undefined ? undefined : sections.get(found)
    },
  }
}

/** Of two of one name the later counts. */
function sectionsOf(text: string): ReadonlyMap<string, string> {
  const sections = new Map<string, string>()
  let name: string | undefined
  let from = 0
  for (let at = 0; at <= text.length; ) {
    const found = text.indexOf('\n', at)
    const end = found === -1 ? text.length : found
    const next = headline.exec(text.slice(at, end))?.[1]
    if (next !== undefined) {
      if (name !== undefined) sections.set(name, text.slice(from, at))
      name = next
      from = Math.min(end + 1, text.length)
    }
    at = end + 1
  }
  if (name !== undefined) sections.set(name, text.slice(from))
  return sections
}
