import katex from 'katex'
import MarkdownIt from 'markdown-it'

/**
 * Statements as safe HTML, rendered once when a problem is saved (readers with cheap phones get HTML, not a renderer).
 *
 * What an author writes is hostile until shown otherwise: HTML in it is shown as text, links go to http, https and mailto only, images are named and
 * not loaded (a class may be offline, and a remote image tells its server who reads). Formulas are KaTeX without trusted commands. Work and output are
 * bounded: past a bound a formula is shown as its source. Deterministic: the same text gives the same HTML.
 */
const bounds = {
  /** Characters of one formula; the longest in real statements are below 300. */
  formula: 2_000,
  /** Characters of all formulas in one text: KaTeX takes about 0.05 ms a character. */
  formulas: 20_000,
  /** HTML of one formula and of all in one text: an alignment of 1,900 columns is 1.1 MB. */
  formulaHtml: 150_000,
  formulasHtml: 1_500_000,
  /** Lines looked ahead for the closing `$$`: keeps a text of unclosed ones linear. */
  blockLines: 100,
} as const

type Spent = { formulas: number; html: number }
type Environment = { spent?: Spent; urlOf?: (name: string) => string | undefined }

const allowedLink = /^(https?:\/\/|mailto:)/i
/** A file beside the statement: no scheme, no way up. */
const fileName = /^(?:\.\/)?(?:[\w-][\w.%-]{0,99}\/){0,3}[\w-][\w.%+-]{0,120}$/

const escapeHtml = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')

function formulaHtml(source: string, displayMode: boolean, env: Environment): string {
  env.spent ??= { formulas: 0, html: 0 }
  const asSource = `<code>${escapeHtml(source)}</code>`
  env.spent.formulas += source.length
  if (source.length > bounds.formula || env.spent.formulas > bounds.formulas || env.spent.html > bounds.formulasHtml) return asSource
  const html = katexHtml(source, displayMode)
  if (html === undefined) return asSource
  env.spent.html += html.length
  return html.length > bounds.formulaHtml || env.spent.html > bounds.formulasHtml ? asSource : html
}

/** @returns undefined where KaTeX itself gave up (nesting deeper than the stack). */
function katexHtml(source: string, displayMode: boolean): string | undefined {
  try {
    return katex.renderToString(source, {
      displayMode,
      throwOnError: false,
      trust: false,
      strict: 'ignore',
      maxExpand: 100,
      maxSize: 20,
      output: 'htmlAndMathml',
    })
  } catch {
    return undefined // shown as its source, which the author sees in the preview
  }
}

type Markdown = InstanceType<typeof MarkdownIt>
type InlineRule = Parameters<Markdown['inline']['ruler']['after']>[2]
type BlockRule = Parameters<Markdown['block']['ruler']['after']>[2]

const isSpace = (char: string | undefined) => char === undefined || char === ' ' || char === '\t' || char === '\n'

/** `$x$` (no white space inside the dollars, no digit after them, so that `$5 and $10` stays text) and `$$x$$` within a line of text. */
const inlineFormula: InlineRule = (state, silent) => {
  const { src, pos } = state
  if (src[pos] !== '$') return false
  const marker = src[pos + 1] === '$' ? '$$' : '$'
  const from = pos + marker.length
  const to = closingAt(src, from, marker)
  if (to === undefined || to >= state.posMax) return false
  if (!silent) {
    const token = state.push('formula', 'span', 0)
    token.content = src.slice(from, to)
    token.markup = marker
  }
  state.pos = to + marker.length
  return true
}

function fileUrl(name: string, env: unknown): string | undefined {
  return fileName.test(name) ? (env as Environment | undefined)?.urlOf?.(name) : undefined
}

function closingAt(src: string, from: number, marker: string): number | undefined {
  if (marker === '$' && isSpace(src[from])) return undefined
  const end = Math.min(src.length, from + bounds.formula)
  for (let at = from; at < end; at++) {
    if (src[at] === '\\') at++
    else if (src.startsWith(marker, at)) {
      if (at === from) return undefined
      if (marker === '$$') return at
      if (!isSpace(src[at - 1]) && !/\d/.test(src[at + 1] ?? '')) return at
    }
  }
  return undefined
}

/** `$$` at the beginning of a line to `$$` at the end of the same or a later one. */
const blockFormula: BlockRule = (state, startLine, endLine, silent) => {
  const lineText = (line: number) => state.src.slice((state.bMarks[line] ?? 0) + (state.tShift[line] ?? 0), state.eMarks[line])
  const first = lineText(startLine).trimEnd()
  if (!first.startsWith('$$')) return false
  const isOneLine = first.length > 4 && first.endsWith('$$')
  if (first.slice(2, isOneLine ? -2 : undefined).includes('$$')) return false
  let last = startLine
  if (!isOneLine) {
    do last++
    while (last < endLine && last - startLine <= bounds.blockLines && !lineText(last).trimEnd().endsWith('$$'))
    if (last >= endLine || last - startLine > bounds.blockLines) return false
  }
  if (silent) return true
  const lines = Array.from({ length: last - startLine + 1 }, (_, index) => lineText(startLine + index))
  const token = state.push('formula', 'div', 0)
  token.block = true
  token.content = lines.join('\n').trim().slice(2, -2)
  token.markup = '$$'
  token.map = [startLine, last + 1]
  state.line = last + 1
  return true
}

function makeRenderer(): Markdown {
  const markdown = new MarkdownIt({ html: false, linkify: false, typographer: false, breaks: false, maxNesting: 40 })
  markdown.validateLink = (url) => allowedLink.test(url.trim()) || fileName.test(url.trim())
  markdown.inline.ruler.after('escape', 'formula', inlineFormula)
  markdown.block.ruler.after('blockquote', 'formula', blockFormula, { alt: ['paragraph', 'reference', 'blockquote', 'list'] })
  markdown.renderer.rules.formula = (tokens, index, _options, env) => {
    const token = tokens[index]
    return token ? formulaHtml(token.content, token.markup === '$$', (env ?? {}) as Environment) : ''
  }
  markdown.renderer.rules.image = (tokens, index, _options, env) => {
    const token = tokens[index]
    const url = fileUrl(String(token?.attrGet('src') ?? ''), env)
    if (url === undefined) return `<em>[${escapeHtml(token?.content || 'image')}]</em>`
    return `<img src="${escapeHtml(url)}" alt="${escapeHtml(token?.content ?? '')}" loading="lazy">`
  }
  markdown.renderer.rules.link_open = (tokens, index, options, env) => {
    const token = tokens[index]
    const href = String(token?.attrGet('href') ?? '')
    // a file of the statement's own; one that is not there is no link
    if (token && !allowedLink.test(href)) token.attrs = [['href', fileUrl(href, env) ?? '#']]
    token?.attrSet('rel', 'noopener noreferrer nofollow')
    return markdown.renderer.renderToken(tokens, index, options)
  }
  return markdown
}
const markdown = makeRenderer()

/** Paragraphs, lists, tables, code, formulas. @param source at most 50,000 characters (the contracts' bound). */
export const renderMarkdown = (source: string, urlOf?: (name: string) => string | undefined): string => markdown.render(source, urlOf ? { urlOf } : {})
/** One line of text: emphasis, code, formulas, no blocks. For options. */
export const renderInline = (source: string): string => markdown.renderInline(source, {})
