import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { renderInline, renderMarkdown } from './markdown.ts'

const bound = 50_000
const repeated = (text: string) => text.repeat(Math.ceil(bound / text.length)).slice(0, bound)
const nested = (open: string, close: string, depth: number) => `$${open.repeat(depth)}1${close.repeat(depth)}$`

/** Tags and attributes as a browser would find them: outside of text and attribute values. */
const tagsOf = (html: string) =>
  [...html.matchAll(/<([a-zA-Z][\w-]*)((?:\s+[\w:-]+(?:="[^"]*")?)*)\s*\/?>/g)].map(([, name = '', attributes = '']) => ({
    name: name.toLowerCase(),
    attributes,
  }))
function assertSafe(html: string) {
  for (const { name, attributes } of tagsOf(html)) {
    assert.ok(!['script', 'img', 'iframe', 'object', 'embed', 'link', 'meta', 'form', 'input', 'base', 'foreignobject', 'video', 'audio'].includes(name), name)
    for (const [, attribute = '', value = ''] of attributes.matchAll(/([\w:-]+)="([^"]*)"/g)) {
      assert.ok(!/^on/i.test(attribute), attribute)
      if (/^(href|src|xlink:href|action)$/i.test(attribute)) assert.match(value, /^(https?:\/\/|mailto:)/i)
      if (attribute === 'style') assert.ok(!/url\(|expression|javascript/i.test(value), value)
    }
  }
  // whatever is left of `<` begins a tag of ours
  assert.equal([...html.matchAll(/<(?!\/?[a-zA-Z][^<>]*>)/g)].length, 0, 'a stray <')
}

describe('statements', () => {
  it('become paragraphs, lists, tables, code and formulas', () => {
    assert.equal(renderMarkdown('*a* **b** `c`'), '<p><em>a</em> <strong>b</strong> <code>c</code></p>\n')
    assert.match(renderMarkdown('| a | b |\n|---|---|\n| 1 | $2$ |'), /<td><span class="katex">/)
    assert.match(renderMarkdown('$$\na\n= b\n- c\n$$'), /^<span class="katex-display">.*<mo>−<\/mo><mi>c<\/mi>/s)
    assert.match(renderMarkdown('so $$x^2$$ it is'), /<p>so <span class="katex-display">.* it is<\/p>/s)
    assert.match(renderMarkdown('- one\n- $$x$$\n'), /<li>\s*<span class="katex-display">/)
  })

  it('leave prices and escaped dollars alone', () => {
    assert.equal(renderMarkdown('It costs $5 and $10.'), '<p>It costs $5 and $10.</p>\n')
    assert.equal(renderMarkdown('\\$x\\$'), '<p>$x$</p>\n')
    assert.equal(renderMarkdown('a $ b $ c'), '<p>a $ b $ c</p>\n')
    assert.equal(renderMarkdown('`$x$`'), '<p><code>$x$</code></p>\n')
  })

  it('show HTML as text', () => {
    const html = renderMarkdown('<script>alert(1)</script><img src=x onerror=alert(1)>\n\n<div onclick="x">\n\n<!-- c -->')
    assertSafe(html)
    assert.match(html, /&lt;script&gt;/)
  })

  it('link to http, https and mailto only, without handing on who came', () => {
    for (const url of [
      'javascript:alert(1)',
      'JaVaScRiPt:alert(1)',
      'java&#115;cript:alert(1)',
      'java\tscript:x',
      'data:text/html,x',
      'vbscript:x',
      'file:///etc/passwd',
      '//evil.example',
      '/relative',
      '&#x6a;avascript:alert(1)',
    ])
      assert.ok(!renderMarkdown(`[x](${url}) <${url}> [y][r]\n\n[r]: ${url}\n`).includes('<a'), url)
    const link = '<p><a href="https://a.rw/?q=1&amp;r=2" rel="noopener noreferrer nofollow">x</a></p>\n'
    assert.equal(renderMarkdown('[x](https://a.rw/?q=1&r=2)'), link)
    assertSafe(renderMarkdown('[x](https://a.rw/"onmouseover="alert(1)) [y](http://a "t\\"onclick=\\"x")'))
  })

  it('name images and do not load them', () => {
    assert.equal(renderMarkdown('![A <b> map](https://tracker.example/x.png)'), '<p><em>[A &lt;b&gt; map]</em></p>\n')
  })

  it('let formulas do nothing but be formulas', () => {
    const hostile = [
      '\\href{javascript:alert(1)}{x}',
      '\\url{javascript:alert(1)}',
      '\\includegraphics{https://e/x.png}',
      '\\htmlClass{a}{x}',
      '\\htmlData{a=b}{x}',
      '\\htmlStyle{background:url(x)}{y}',
      '\\text{<img src=x onerror=alert(1)>}',
      '\\unknown<script>',
      '\\textcolor{url(x)}{y}',
      '"onclick="x',
      '\\def\\x{\\x\\x}\\x',
      '\\rule{9999999em}{9999999em}',
    ]
    for (const formula of hostile) {
      assertSafe(renderMarkdown(`$${formula}$`))
      assertSafe(renderMarkdown(`$$\n${formula}\n$$`))
    }
    assert.ok(!/(width|height):\s*\d{4,}/.test(renderMarkdown('$\\rule{99999em}{99999em}$')), 'nothing covers the page')
  })

  it('do not carry what one formula defines into the next', () => {
    assert.equal(renderMarkdown('$\\gdef\\secret{42}\\secret$') && renderMarkdown('$\\secret$').includes('42'), false)
  })

  const floods: Record<string, string> = {
    dollars: repeated('$'),
    openers: repeated('$a '),
    blocks: repeated('$$\n'),
    unclosed: repeated('$$a\n'),
    brackets: repeated('['),
    stars: repeated('*a **a '),
    images: repeated('![a]('),
    backticks: repeated('`a``'),
    quotes: repeated('>'),
    references: repeated('[a]: b\n'),
    list: repeated('- '),
    entities: repeated('&'),
    underscores: repeated('_a'),
    angles: repeated('<a '),
    links: repeated('[a](<b'),
    formulas: repeated('$\\frac{x}{y}$ '),
    table: `|${'a|'.repeat(500)}\n|${'-|'.repeat(500)}\n${'a|\n'.repeat(15_000)}`.slice(0, bound),
    matrices: `$$\\begin{matrix}${'&'.repeat(1_900)}\\end{matrix}$$\n\n`.repeat(25),
    fractions: nested('\\frac{', '}{1}', 200),
    powers: nested('a^{', '}', 400),
    fences: nested('\\left(', '\\right)', 120),
    roots: nested('\\sqrt{', '}', 270),
    braces: nested('{', '}', 990),
  }
  for (const [name, text] of Object.entries(floods)) {
    it(`are bounded in time and size: ${name}`, () => {
      const before = performance.now()
      const html = renderMarkdown(text)
      // generous: other work shares the machine; what this catches takes minutes
      assert.ok(performance.now() - before < 5_000)
      assert.ok(html.length < 2_500_000, `${html.length}`)
      assertSafe(html)
    })
  }

  it('are safe whatever is written', () => {
    const pieces = fc.constantFrom(
      '<',
      '>',
      '"',
      "'",
      '&',
      '$',
      '$$',
      '\\',
      '`',
      '[',
      ']',
      '(',
      ')',
      '!',
      '\n',
      ' ',
      'javascript:',
      'onerror=',
      'a',
      '{',
      '}',
      '\\text{',
      '\\href{',
      '*',
      '_',
      '|',
      '-',
      'https://x',
      '<img src=x>',
      '&#60;',
      '\\color{',
    )
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 30 }), (parts) => {
        assertSafe(renderMarkdown(parts.join('')))
        assertSafe(renderInline(parts.join('')))
      }),
      { numRuns: 300 },
    )
  })

  it('give one line for options', () => {
    assert.equal(renderInline('**9.8** <br>'), '<strong>9.8</strong> &lt;br&gt;')
  })
})
