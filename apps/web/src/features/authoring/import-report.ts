/** What is wrong with a package, from the answer that refuses it: a list where the server has one, else its one sentence. */
export function complaintsOf(details: Readonly<Record<string, unknown>>): readonly string[] {
  const { problems, problem } = details
  const list = Array.isArray(problems) ? problems.filter((each) => typeof each === 'string' && each.trim() !== '') : []
  const found = list.length > 0 ? list : [problem]
  return [...new Set(found.filter((each) => typeof each === 'string'))]
}
