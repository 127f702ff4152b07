/** Places that a compiler, an interpreter or a stack trace names, so that a press leads to the line. Judges' messages are text of many tools: what is not surely a place stays text. */

export type LogPiece = { readonly text: string; readonly line?: number; readonly column?: number }

/**
 * `prog.cpp:3:5`, `Main.java:3`, `main.ts(3,5)`, `./main.go:3:5`, `--> main.rs:3:5`; Python's `File "main.py", line 3`. Only in the handed-in file: a place in a
 * header or a library is no place of the pupil's.
 */
const place =
  /(?:(?:\.?\/)?(?:[\w-]+\/)*([\w-]+\.(?:c|cpp|cc|cxx|py|java|js|cjs|mjs|ts|go|rs))(?::(\d+)(?::(\d+))?|\((\d+),(\d+)\)))|(?:File "(?:[^"\n]*\/)?([\w-]+\.py)", line (\d+))/g

/** @param sourceLines of the program: a line beyond them is not its own. */
export function logPieces(log: string, sourceLines: number): readonly LogPiece[] {
  const pieces: LogPiece[] = []
  let done = 0
  for (const match of log.matchAll(place)) {
    const line = Number(match[2] ?? match[4] ?? match[7])
    const column = match[3] ?? match[5]
    const isForeign = /^\/(?:usr|opt|lib)\b/.test(match[0]) || /File "\/(?:usr|opt|lib)\b/.test(match[0])
    if (isForeign || !(line >= 1 && line <= sourceLines)) continue
    if (match.index > done) pieces.push({ text: log.slice(done, match.index) })
    pieces.push({ text: match[0], line, ...(column !== undefined && { column: Number(column) }) })
    done = match.index + match[0].length
  }
  if (done < log.length) pieces.push({ text: log.slice(done) })
  return pieces
}
