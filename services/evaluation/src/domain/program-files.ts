import type { LanguageSpec } from '#contracts/languages'
import { readJavaSource } from './java-source.ts'

/** One that lies in a box, under a plain name. */
export type SourceFile = { readonly name: string; readonly content: Uint8Array }

/** What a program is made of, as it will lie in its box. */
export type ProgramFiles = {
  readonly files: readonly SourceFile[]
  /** The file with `main`. */
  readonly fileName: string
  /** Java: the class with `main`. */
  readonly entryClass: string
  /** What the compiler is given. */
  readonly compiled: readonly string[]
  /** Where compiling only checks (`onlyChecks`): the file whose author is told. */
  readonly checked: string
}
type Refusal = { readonly refusal: string }

/** A participant's program: one file. */
export function aloneIn(language: LanguageSpec, source: string): ProgramFiles | Refusal {
  const named = nameEntry(language, source)
  if ('refusal' in named) return named
  return { files: [fileOf(named.fileName, named.source)], ...named, compiled: [named.fileName], checked: named.fileName }
}

/** An author's program: the first file has `main` and is named as its language wants, the others lie beside it. */
export function withOthers(language: LanguageSpec, [first, ...others]: readonly SourceFile[]): ProgramFiles | Refusal {
  const named = nameEntry(language, textOf(first?.content ?? new Uint8Array()))
  if ('refusal' in named) return named
  return { ...together(language, named, others), checked: named.fileName }
}

/** A participant's file with the grader of its language, whose first file has `main`. */
export function withGrader(language: LanguageSpec, source: string, [first, ...others]: readonly SourceFile[]): ProgramFiles | Refusal {
  const named = nameEntry(language, textOf(first?.content ?? new Uint8Array()))
  if ('refusal' in named) return named
  const solution = solutionName(language)
  const own = others.filter(({ name }) => name !== solution) // an author's example of a solution is no part of the grader
  return { ...together(language, named, [fileOf(solution, source), ...own]), checked: solution }
}

/** `solution.cpp`, `solution.py`; Java names files after classes: `Solution.java`. */
function solutionName({ sourceFile, naming }: Pick<LanguageSpec, 'sourceFile' | 'naming'>): string {
  const ending = sourceFile.slice(sourceFile.lastIndexOf('.'))
  return `${naming === 'java' ? 'Solution' : 'solution'}${ending}`
}

type Entry = { readonly fileName: string; readonly source: string; readonly entryClass: string }
const nameEntry = (language: LanguageSpec, source: string): Entry | Refusal =>
  language.naming === 'java' ? readJavaSource(source) : { fileName: language.sourceFile, source, entryClass: '' }

function together({ compiledTogether = [] }: LanguageSpec, { fileName, source, entryClass }: Entry, others: readonly SourceFile[]) {
  const beside = others.filter(({ name }) => name !== fileName)
  const compiled = beside.map(({ name }) => name).filter((name) => compiledTogether.some((ending) => name.endsWith(ending)))
  return { files: [fileOf(fileName, source), ...beside], fileName, entryClass, compiled: [fileName, ...compiled] }
}

const fileOf = (name: string, source: string): SourceFile => ({ name, content: Buffer.from(source, 'utf8') })
const textOf = (content: Uint8Array) => new TextDecoder('utf-8').decode(content)
