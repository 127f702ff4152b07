/** Source in colours, made when it is looked at: the reader of each language is a chunk of its own, and no editor is loaded for it. */
import { highlightCode, tagHighlighter, tags } from '@lezer/highlight'

/** `look` undefined: as plain text. The looks are colours of ui/styles/tokens.css. */
export type Piece = { readonly text: string; readonly look?: string }

const looks = tagHighlighter([
  { tag: [tags.keyword, tags.operatorKeyword, tags.controlKeyword, tags.modifier], class: 'keyword' },
  { tag: [tags.string, tags.special(tags.string), tags.character], class: 'string' },
  { tag: [tags.number, tags.bool, tags.null], class: 'number' },
  { tag: [tags.comment, tags.meta], class: 'comment' },
  { tag: [tags.function(tags.variableName), tags.definition(tags.variableName), tags.typeName, tags.className], class: 'name' },
])

type Load = () => Promise<{ parse(source: string): Parameters<typeof highlightCode>[1] }>
const cpp: Load = async () => (await import('@codemirror/lang-cpp')).cppLanguage.parser
const python: Load = async () => (await import('@codemirror/lang-python')).pythonLanguage.parser
const parsers: Readonly<Record<string, Load>> = {
  ...{ c: cpp, cpp, cpp20: cpp, cpp23: cpp, python, pypy: python },
  java: async () => (await import('@codemirror/lang-java')).javaLanguage.parser,
  javascript: async () => (await import('@codemirror/lang-javascript')).javascriptLanguage.parser,
  typescript: async () => (await import('@codemirror/lang-javascript')).typescriptLanguage.parser,
  go: async () => (await import('@codemirror/lang-go')).goLanguage.parser,
  rust: async () => (await import('@codemirror/lang-rust')).rustLanguage.parser,
}

/** Rejects when the reader of the language cannot be fetched; a language without one is plain text. */
export async function piecesOf(source: string, language: string): Promise<readonly Piece[]> {
  const load = Object.hasOwn(parsers, language) ? parsers[language] : undefined
  if (!load) return [{ text: source }]
  const pieces: Piece[] = []
  const put = (text: string, look: string) => void pieces.push(look === '' ? { text } : { text, look })
  highlightCode(source, (await load()).parse(source), looks, put, () => put('\n', ''))
  return pieces
}
