/** Colours and indentation by language of the judge, each a chunk of its own. */
import type { LanguageSupport } from '@codemirror/language'

type Load = () => Promise<LanguageSupport>
const cpp: Load = async () => (await import('@codemirror/lang-cpp')).cpp()
const python: Load = async () => (await import('@codemirror/lang-python')).python()

const loaders: Readonly<Record<string, Load>> = {
  c: cpp,
  cpp,
  cpp20: cpp,
  cpp23: cpp,
  python,
  pypy: python,
  java: async () => (await import('@codemirror/lang-java')).java(),
  javascript: async () => (await import('@codemirror/lang-javascript')).javascript(),
  typescript: async () => (await import('@codemirror/lang-javascript')).javascript({ typescript: true }),
  go: async () => (await import('@codemirror/lang-go')).go(),
  rust: async () => (await import('@codemirror/lang-rust')).rust(),
}

/** undefined: written without colours. */
export const loaderOf = (language: string): Load | undefined => (Object.hasOwn(loaders, language) ? loaders[language] : undefined)
