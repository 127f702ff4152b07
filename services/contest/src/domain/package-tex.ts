import { accents, around, display, headings, mono, ownArguments, sectionOf, silent, taking, transparent, verbatim, words } from './package-tex-words.ts'

/**
 * LaTeX of problem statements as the arena's Markdown: what the package formats ask for (sections, lists, tables, pictures, quotes, fonts, formulas) and what
 * Polygon's style adds. One pass over the text with a bounded depth; a command that is not known leaves its argument. Formulas stay as they are, for KaTeX.
 */
export type FromTex = { readonly statement: string; readonly title: string | undefined; readonly unknown: readonly string[] }

const maxDepth = 40
/** Characters: a statement has 50,000, and its markup not much more. */
const maxSource = 300_000
type Reader = { readonly source: string; at: number; title: string | undefined; readonly unknown: Set<string> }

export function fromTex(text: string): FromTex {
  const plain = /^[ \t]*%%[ \t]*plainproblemname:[ \t]*([^\n]{1,200})$/m.exec(text.slice(0, maxSource))?.[1]?.trim()
  const begin = text.indexOf('\\begin{document}')
  const body = (begin < 0 ? text : text.slice(begin + '\\begin{document}'.length)).slice(0, maxSource)
  const reader: Reader = { source: body, at: 0, title: undefined, unknown: new Set() }
  const read = readUntil(reader, 0)
  const statement = read
    .replaceAll(/[ \t]+$/gm, '')
    .replaceAll(/\n{3,}/g, '\n\n')
    .trim()
  return { statement, title: plain ?? reader.title, unknown: [...reader.unknown].sort() }
}

/** To the closing brace, the end of the environment, or the end of the text; it is past it then. */
function readUntil(reader: Reader, depth: number, environment?: string): string {
  const out: string[] = []
  const { source } = reader
  // `{\bf x}`: the font holds to the end of the group
  let font = ''
  const isGroup = environment === undefined && depth > 0
  while (reader.at < source.length) {
    const char = source[reader.at] as string
    if (char === '}') {
      reader.at++
      if (environment === undefined) break
    } else if (char === '{') {
      reader.at++
      out.push(depth < maxDepth ? readUntil(reader, depth + 1) : '')
    } else if (char === '\\') {
      if (isEnd(reader, environment)) break
      const said = readCommand(reader, depth)
      out.push(said.text)
      font ||= (isGroup && said.font) || ''
    } else if (char === '$') out.push(readFormula(reader))
    else if (char === '%') skipComment(reader)
    else out.push(readText(reader))
  }
  const inside = out.join('')
  return font === '' ? inside : wrapped(inside, font)
}

/** Past the end of the environment, where that is next. */
function isEnd(reader: Reader, environment: string | undefined): boolean {
  const end = `\\end{${environment}}`
  if (environment === undefined || !reader.source.startsWith(end, reader.at)) return false
  reader.at += end.length
  return true
}

function skipComment(reader: Reader): void {
  const end = reader.source.indexOf('\n', reader.at)
  reader.at = end < 0 ? reader.source.length : end + 1
}

/** Ordinary text, with what Markdown would take for its own made plain. */
function readText(reader: Reader): string {
  const { source, at } = reader
  if (source.startsWith('---', at)) return step(reader, 3, '—')
  if (source.startsWith('--', at)) return step(reader, 2, '–')
  if (source.startsWith('``', at)) return step(reader, 2, '“')
  if (source.startsWith("''", at)) return step(reader, 2, '”')
  if (source.startsWith('<<', at)) return step(reader, 2, '«')
  if (source.startsWith('>>', at)) return step(reader, 2, '»')
  const char = source[at] as string
  if (char === '~') return step(reader, 1, ' ')
  if (char === '&') return step(reader, 1, ' ')
  if (char === '`') return step(reader, 1, '‘')
  if (char === '*' || char === '_' || char === '[' || char === ']' || char === '#') return step(reader, 1, `\\${char}`)
  if (char === '\n') {
    // indented text would be code
    const blank = /\n[ \t]*/y
    blank.lastIndex = at
    return step(reader, blank.exec(source)?.[0].length ?? 1, '\n')
  }
  const run = /[^\\{}$%~`'\-<>&*_[\]#\n]+/y
  run.lastIndex = at
  const found = run.exec(source)?.[0] ?? char
  return step(reader, found.length, found)
}
const step = (reader: Reader, length: number, text: string): string => {
  reader.at += length
  return text
}

/** `$…$`, `$$…$$`: as it is, without the white space inside that Markdown does not know. */
function readFormula(reader: Reader): string {
  const marker = reader.source.startsWith('$$', reader.at) ? '$$' : '$'
  const from = reader.at + marker.length
  let at = from
  while (at < reader.source.length && !reader.source.startsWith(marker, at)) at += reader.source[at] === '\\' ? 2 : 1
  reader.at = Math.min(reader.source.length, at + marker.length)
  return formula(reader.source.slice(from, at), marker === '$$')
}
function formula(source: string, isDisplay: boolean): string {
  const inside = source.replaceAll(/\s+/g, ' ').trim()
  if (inside === '') return ''
  return isDisplay ? `\n\n$$ ${inside} $$\n\n` : `$${inside}$`
}

const wrapped = (text: string, mark: string): string => {
  const inside = text.trim()
  if (inside === '') return text
  if (mark === '`') return inlineCode(inside)
  return inside.includes('\n\n') ? text : `${/^\s/.test(text) ? ' ' : ''}${mark}${inside}${mark}${/\s$/.test(text) ? ' ' : ''}`
}
/** Formulas in it stay formulas: Markdown's code shows them as written. */
function inlineCode(text: string): string {
  if (text.includes('$')) return text
  const plain = text
    .replaceAll(/\\([*_[\]#$])/g, '$1')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('‘', "'")
    .replaceAll('\n', ' ')
  return plain.includes('`') ? `\`\` ${plain} \`\`` : `\`${plain}\``
}

const markOf = (name: string): string | undefined => (Object.hasOwn(around, name) ? around[name] : mono.has(name) ? '`' : undefined)
type Said = { readonly text: string; readonly font?: string }
const say = (text: string): Said => ({ text })
function readCommand(reader: Reader, depth: number): Said {
  const pattern = /\\([A-Za-z]+)\*?[ \t]*|\\([\s\S])/y
  pattern.lastIndex = reader.at
  const match = pattern.exec(reader.source)
  if (!match) return say(step(reader, 1, ''))
  reader.at += match[0].length
  const name = match[1] ?? match[2] ?? ''
  if (name === '(' || name === '[') return say(readDelimited(reader, name === '(' ? '\\)' : '\\]', name === '['))
  if (name === 'begin') return say(readEnvironment(reader, depth))
  if (name === 'end') {
    rawArgument(reader)
    return say('')
  }
  if (name === 'verb' || (name === 'lstinline' && reader.source[reader.at] !== '{')) return say(readVerb(reader))
  if (Object.hasOwn(accents, name) && (match[1] === undefined || reader.source[reader.at] === '{')) return say(accented(reader, depth, accents[name] ?? ''))
  if (Object.hasOwn(words, name)) return say(words[name] ?? '')
  const mark = markOf(name)
  if (mark !== undefined) return reader.source[reader.at] === '{' ? say(wrapped(argument(reader, depth), mark)) : { text: '', font: mark }
  if (Object.hasOwn(headings, name)) return say(headings[name] ? `\n\n## ${headings[name]}\n\n` : '\n\n')
  return say(readNamed(reader, depth, name))
}

function readNamed(reader: Reader, depth: number, name: string): string {
  switch (name) {
    case 'section':
    case 'subsection':
    case 'subsubsection':
    case 'paragraph':
      return `\n\n${name === 'section' ? '##' : '###'} ${argument(reader, depth).replaceAll('\n', ' ').trim()}\n\n`
    case 'item':
      return '\n- '
    case 'problemname': {
      const title = argument(reader, depth).trim().replaceAll(/\\(.)/g, '$1')
      if (title !== '') reader.title ??= title.slice(0, 200)
      return ''
    }
    case 'illustration': {
      argument(reader, depth)
      const file = rawArgument(reader)
      return picture(file, argument(reader, depth))
    }
    case 'includegraphics':
      optional(reader)
      return picture(rawArgument(reader), '')
    case 'caption':
      return `\n\n*${argument(reader, depth).trim()}*\n\n`
    case 'href': {
      const url = rawArgument(reader)
      return `[${argument(reader, depth)}](${url})`
    }
    case 'url': {
      const url = rawArgument(reader)
      return `[${url.replaceAll('_', '\\_')}](${url})`
    }
    case 'footnote':
      return ` (${argument(reader, depth).trim()})`
    case 'epigraph':
      return `\n\n> ${argument(reader, depth).trim()}\n>\n> ${argument(reader, depth).trim()}\n\n`
    case 'textcolor':
    case 'color':
      argument(reader, depth)
      return ''
    case 'multicolumn':
      argument(reader, depth)
      argument(reader, depth)
      return argument(reader, depth)
    default:
      break
  }
  if (silent.has(name)) {
    optional(reader)
    for (let left = taking[name] ?? 0; left > 0; left--) rawArgument(reader)
    return ''
  }
  if (!transparent.has(name)) reader.unknown.add(`\\${name.slice(0, 30)}`)
  return ''
}

const picture = (file: string, caption: string) => (file === '' ? '' : `\n\n![${caption.trim().replaceAll('\n', ' ')}](${file.replaceAll(/[()\s]/g, '')})\n\n`)

function readDelimited(reader: Reader, end: string, isDisplay: boolean): string {
  const to = reader.source.indexOf(end, reader.at)
  const inside = reader.source.slice(reader.at, to < 0 ? undefined : to)
  reader.at = to < 0 ? reader.source.length : to + end.length
  return formula(inside, isDisplay)
}
function readVerb(reader: Reader): string {
  const mark = reader.source[reader.at] ?? ''
  const to = reader.source.indexOf(mark === '{' ? '}' : mark, reader.at + 1)
  const inside = reader.source.slice(reader.at + 1, to < 0 ? undefined : to)
  reader.at = to < 0 ? reader.source.length : to + 1
  return inlineCode(inside.replaceAll('$', ''))
}
function accented(reader: Reader, depth: number, mark: string): string {
  const letter = reader.source[reader.at] === '{' ? argument(reader, depth) : step(reader, 1, reader.source[reader.at] ?? '')
  return `${letter.slice(0, 1)}${mark}`.normalize('NFC') + letter.slice(1)
}

/** The next `{…}`, read as text; without braces nothing. */
function argument(reader: Reader, depth: number): string {
  skipBlanks(reader)
  optional(reader)
  if (reader.source[reader.at] !== '{') return ''
  reader.at++
  return depth < maxDepth ? readUntil(reader, depth + 1) : ''
}
/** The next `{…}` as it is written: a file, an address, a number. */
function rawArgument(reader: Reader): string {
  skipBlanks(reader)
  optional(reader)
  const found = /\{([^{}\n]{0,500})\}/y
  found.lastIndex = reader.at
  const match = found.exec(reader.source)
  if (match) reader.at += match[0].length
  return match?.[1]?.trim() ?? ''
}
function optional(reader: Reader): void {
  const found = /\[[^\]\n]{0,200}\]/y
  found.lastIndex = reader.at
  reader.at += found.exec(reader.source)?.[0].length ?? 0
}
function skipBlanks(reader: Reader): void {
  const blank = /[ \t]*\n?[ \t]*/y
  blank.lastIndex = reader.at
  const length = blank.exec(reader.source)?.[0].length ?? 0
  if (reader.source[reader.at + length] === '{') reader.at += length
}

function readEnvironment(reader: Reader, depth: number): string {
  const name = rawArgument(reader)
  if (verbatim.has(name)) {
    optional(reader)
    return `\n\n\`\`\`\n${readRaw(reader, name).replaceAll('```', "'''").replace(/^\n/, '')}\n\`\`\`\n\n`
  }
  if (display.has(name)) {
    const inside = readRaw(reader, name)
    const isAligned = /^(align|eqnarray|gather|multline)/.test(name)
    return formula(isAligned ? `\\begin{aligned}${inside}\\end{aligned}` : inside, true)
  }
  optional(reader)
  const given = Array.from({ length: ownArguments[name] ?? 0 }, () => rawArgument(reader))
  if (name === 'problem' && given[0]) reader.title ??= given[0].slice(0, 200)
  if (name === 'tabular' || name === 'tabularx' || name === 'array') return table(readRaw(reader, name), reader, depth)
  if (name === 'example' || name === 'examples') {
    readRaw(reader, name)
    return ''
  }
  const inside = depth < maxDepth ? readUntil(reader, depth + 1, name) : readRaw(reader, name)
  if (name === 'itemize' || name === 'enumerate' || name === 'description') return list(inside, name)
  if (name === 'quote' || name === 'quotation') return `\n\n> ${inside.trim().replaceAll('\n', '\n> ')}\n\n`
  return Object.hasOwn(sectionOf, name) ? `\n\n## ${sectionOf[name]}\n\n${inside}\n\n` : `\n\n${inside}\n\n`
}
function readRaw(reader: Reader, name: string): string {
  const end = `\\end{${name}}`
  const to = reader.source.indexOf(end, reader.at)
  const inside = reader.source.slice(reader.at, to < 0 ? undefined : to)
  reader.at = to < 0 ? reader.source.length : to + end.length
  return inside
}

/** Items on lines of their own; what goes on below is indented, so that a list in a list stays in its item. */
function list(inside: string, name: string): string {
  const items = inside.split(/^- ?/m).slice(1)
  const mark = (at: number) => (name === 'enumerate' ? `${at + 1}. ` : '- ')
  const lines = items.map((item, at) => {
    const indent = ' '.repeat(mark(at).length)
    return (
      mark(at) +
      item
        .trim()
        .replaceAll(/\n{2,}(?=\s*(?:[-\d]))/g, '\n')
        .replaceAll(/\n(?!\n)/g, `\n${indent}`)
    )
  })
  return `\n\n${lines.join('\n')}\n\n`
}

/** A table of Markdown; its first row is its head. */
function table(source: string, reader: Reader, depth: number): string {
  const rows = source
    .split(/\\\\(?:\[[^\]\n]{0,20}\])?/)
    .map((row) => row.replaceAll(/\\(hline|toprule|midrule|bottomrule)\b|\\cline\{[^{}\n]{0,20}\}/g, '').trim())
    .filter((row) => row !== '')
    .slice(0, 200)
  const cells = rows.map((row) =>
    row.split(/(?<!\\)&/).map((cell) => {
      const inner: Reader = { source: cell, at: 0, title: undefined, unknown: reader.unknown }
      return depth < maxDepth
        ? readUntil(inner, depth + 1, 'cell')
            .replaceAll(/\s+/g, ' ')
            .replaceAll('|', '\\|')
            .trim()
        : ''
    }),
  )
  const width = Math.min(30, Math.max(1, ...cells.map((row) => row.length)))
  const line = (row: readonly string[]) => `| ${Array.from({ length: width }, (_, at) => row[at] ?? '').join(' | ')} |`
  const [head = [], ...body] = cells
  return `\n\n${[line(head), line(Array.from({ length: width }, () => '---')), ...body.map(line)].join('\n')}\n\n`
}
