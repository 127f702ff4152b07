/** How code looks: the page's own colours, which follow its theme. */
import { defaultHighlightStyle, HighlightStyle, syntaxHighlighting } from '@codemirror/language'
import { EditorView } from '@codemirror/view'

/** The default style's colours are fixed for light pages: each is given the page's own name for it. */
const colourNames: Readonly<Record<string, string>> = {
  '#404740': 'comment',
  '#708': 'keyword',
  '#219': 'number',
  '#164': 'string',
  '#a11': 'string',
  '#e40': 'string',
  '#00f': 'name',
  '#30a': 'name',
  '#085': 'keyword',
  '#167': 'name',
  '#256': 'name',
  '#00c': 'name',
  '#940': 'comment',
  '#f00': 'keyword',
}
const highlight = HighlightStyle.define(
  defaultHighlightStyle.specs.map((spec) => {
    const name = typeof spec.color === 'string' ? colourNames[spec.color] : undefined
    return name ? { ...spec, color: `var(--code-${name})` } : spec
  }),
)

const theme = EditorView.theme({
  '&': { backgroundColor: 'var(--surface)', color: 'var(--ink)', fontSize: 'var(--code-size, 15px)' },
  '&.cm-focused': { outline: '3px solid var(--focus)', outlineOffset: '-3px' },
  '.cm-content': { fontFamily: 'var(--mono)', caretColor: 'var(--ink)', minHeight: '18rem' },
  '.cm-gutter': { minHeight: '18rem' },
  '.cm-scroller': { fontFamily: 'var(--mono)', maxHeight: '60vh', overflow: 'auto', lineHeight: '1.5' },
  '.cm-gutters': { backgroundColor: 'var(--sunken)', color: 'var(--ink-soft)', border: 'none' },
  '.cm-activeLine, .cm-activeLineGutter': { backgroundColor: 'rgba(140, 110, 70, 0.09)' },
  '.cm-cursor': { borderLeftColor: 'var(--ink)' },
  '.cm-selectionBackground, &.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground': { backgroundColor: 'var(--gold-soft)' },
  '&.cm-focused .cm-matchingBracket': { backgroundColor: 'var(--gold-soft)' },
  '.cm-panels': { backgroundColor: 'var(--sunken)', color: 'var(--ink)' },
  '.cm-panels input, .cm-panels button': { font: 'inherit', color: 'inherit', backgroundColor: 'var(--surface)', border: '1px solid var(--line-strong)' },
})

export const codeLook = [syntaxHighlighting(highlight), theme]
