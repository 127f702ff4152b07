/**
 * What a Java source says of its own file: the compiler wants it named after its public type, the run needs the class with `main`. A scanner of
 * tokens, no parser: comments, strings, characters, text blocks and unicode escapes are understood, braces are counted, and what it does not
 * understand is left for the compiler to refuse. It never fails: for a text that is no Java it returns names that are harmless.
 *
 * A `package` statement (which editors put there unasked) is blanked out, since there is one file and one folder; lines and columns stay.
 */
export type JavaSource =
  | {
      /** Plain: Latin letters, digits, underscores. */
      readonly fileName: string
      /** A Java identifier; nothing else ever. */
      readonly entryClass: string
      readonly source: string
    }
  /** Why it cannot be compiled here, in words for its author. */
  | { readonly refusal: string }

const plainName = /^[A-Za-z_][A-Za-z0-9_]{0,79}$/

export function readJavaSource(source: string): JavaSource {
  const { text, offsets } = decodeUnicodeEscapes(source)
  const { types, packageSpan } = scan(text)
  const [first] = types
  if (first === undefined) return { refusal: 'The source declares no class.' }
  const named = types.find((type) => type.isPublic)
  if (named !== undefined && !plainName.test(named.name))
    return { refusal: `The judge names the file after the public class ${shortened(named.name)}: use at most 80 Latin letters, digits and underscores.` }
  const entry = named?.hasMain ? named : (types.find((type) => type.hasMain) ?? named ?? first)
  return {
    fileName: `${named?.name ?? 'Main'}.java`,
    entryClass: entry.name,
    source: packageSpan === undefined ? source : blanked(source, offsets[packageSpan.from] ?? 0, offsets[packageSpan.to] ?? 0),
  }
}

type TopLevelType = { readonly name: string; readonly isPublic: boolean; hasMain: boolean }
type Span = { readonly from: number; readonly to: number }

const token =
  /\s+|\/\/[^\n\r]*|\/\*[\s\S]*?(?:\*\/|$)|"""(?:\\[\s\S]|[^\\])*?(?:"""|$)|"(?:\\.|[^"\\\n\r])*"?|'(?:\\.|[^'\\\n\r])*'?|[\p{L}\p{Nl}\p{Sc}\p{Pc}][\p{L}\p{Nl}\p{Sc}\p{Pc}\p{Nd}\p{Mn}\p{Mc}]*|\d[\w.]*|[\s\S]/uy
const identifier = /^[\p{L}\p{Nl}\p{Sc}\p{Pc}]/u
const typeWords = new Set(['class', 'interface', 'enum', 'record'])

type Token = { readonly said: string; readonly at: number }
/** All but white space and comments. */
const tokensOf = (text: string): readonly Token[] =>
  [...text.matchAll(new RegExp(token, 'guy'))].map(({ index, 0: said }) => ({ said, at: index })).filter(({ said }) => !/^\s|^\/[/*]/.test(said))

function scan(text: string): { readonly types: readonly TopLevelType[]; readonly packageSpan: Span | undefined } {
  const tokens = tokensOf(text)
  const types: TopLevelType[] = []
  let braces = 0
  let parentheses = 0
  /** Tokens since the last `;`, `{` or `}`: the modifiers of what is being declared. */
  let words: string[] = []
  for (const { said } of tokens) {
    const here = types.at(-1)
    if (braces === 0 && parentheses === 0 && isTypeName(said, words)) types.push({ name: said, isPublic: words.includes('public'), hasMain: false })
    if (said === '(') parentheses++
    if (said === ')') parentheses = Math.max(0, parentheses - 1)
    if (braces === 1 && here !== undefined && said === ')' && parentheses === 0 && isMain(words)) here.hasMain = true
    if (said === '{') braces++
    if (said === '}') braces = Math.max(0, braces - 1)
    words = parentheses === 0 && /^[;{}]$/.test(said) ? [] : [...words.slice(-longestDeclaration), said]
  }
  return { types, packageSpan: packageStatement(tokens) }
}

/** `class Name`; a package that is named `record` has a dot or nothing before and behind it. */
const isTypeName = (said: string, before: readonly string[]) => identifier.test(said) && typeWords.has(before.at(-1) ?? '') && before.at(-2) !== '.'

/** It can only come first, behind annotations at most. */
function packageStatement(tokens: readonly Token[]): Span | undefined {
  const end = tokens.findIndex(({ said }) => /^[;{}]$/.test(said))
  const start = tokens.slice(0, Math.max(0, end)).find(({ said }) => said === 'package')
  const semicolon = tokens[end]
  return start === undefined || semicolon?.said !== ';' ? undefined : { from: start.at, to: semicolon.at + 1 }
}

/** Words kept of one declaration: more than any that somebody would write. */
const longestDeclaration = 200

/** `… static … void main ( … String …`, at its closing parenthesis. */
function isMain(words: readonly string[]): boolean {
  const at = words.lastIndexOf('(')
  return words[at - 1] === 'main' && words[at - 2] === 'void' && words.slice(0, at).includes('static') && words.slice(at).includes('String')
}

/** `\u0041` is `A` before anything else is read (an even number of backslashes before it is none). `offsets[i]`: where `text[i]` was. */
function decodeUnicodeEscapes(source: string): { readonly text: string; readonly offsets: readonly number[] } {
  let text = ''
  const offsets: number[] = []
  for (const { index, 0: part } of source.matchAll(/\\u+[0-9A-Fa-f]{4}|\\[\s\S]|[^\\]+|\\/g)) {
    if (/^\\u+[0-9A-Fa-f]{4}$/.test(part)) {
      text += String.fromCharCode(Number.parseInt(part.slice(-4), 16))
      offsets.push(index)
    } else {
      text += part
      for (let i = 0; i < part.length; i++) offsets.push(index + i)
    }
  }
  offsets.push(source.length)
  return { text, offsets }
}

const blanked = (source: string, from: number, to: number) => source.slice(0, from) + source.slice(from, to).replace(/[^\n\r]/g, ' ') + source.slice(to)
const shortened = (name: string) => (name.length > 60 ? `${name.slice(0, 60)}…` : name)
