/** What the shell around a Kattis validator told: `code N`, then of each file `name bytes`, a line end and the content. @returns undefined for anything else. */
export function readFeedback(told: Uint8Array): { readonly exitCode: number; readonly files: ReadonlyMap<string, Uint8Array> } | undefined {
  const first = lineAt(told, 0)
  const code = /^code (\d{1,3})$/.exec(first?.text ?? '')?.[1]
  if (first === undefined || code === undefined) return undefined
  const files = new Map<string, Uint8Array>()
  for (let at = first.end; at < told.length; ) {
    const line = lineAt(told, at)
    const [, name, size] = /^([a-z_.]+) +(\d{1,8})$/.exec(line?.text ?? '') ?? []
    if (line === undefined || name === undefined) return undefined
    const end = line.end + Number(size)
    if (end > told.length || files.has(name)) return undefined
    files.set(name, told.subarray(line.end, end))
    at = end
  }
  return { exitCode: Number(code), files }
}

const longestLine = 100
function lineAt(told: Uint8Array, from: number): { readonly text: string; readonly end: number } | undefined {
  const end = told.subarray(from, from + longestLine).indexOf(10)
  return end === -1 ? undefined : { text: Buffer.from(told.subarray(from, from + end)).toString('latin1'), end: from + end + 1 }
}
