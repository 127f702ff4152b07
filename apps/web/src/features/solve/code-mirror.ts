/** The rich editor, a chunk of its own (and each language one more): only pages with a program to write pay for it. */
import { closeBrackets, closeBracketsKeymap } from '@codemirror/autocomplete'
import { defaultKeymap, history, historyKeymap, indentWithTab } from '@codemirror/commands'
import {
  bracketMatching,
  defaultHighlightStyle,
  HighlightStyle,
  indentOnInput,
  indentUnit,
  type LanguageSupport,
  syntaxHighlighting,
} from '@codemirror/language'
import { Compartment, EditorState } from '@codemirror/state'
import { EditorView, highlightActiveLine, highlightActiveLineGutter, keymap, lineNumbers } from '@codemirror/view'

export type EditorHandle = {
  readonly setDoc: (doc: string) => void
  readonly setLanguage: (id: string) => void
  readonly focus: () => void
  readonly destroy: () => void
}
export type EditorOptions = {
  readonly parent: HTMLElement
  readonly doc: string
  readonly cursor: number
  readonly label: string
  readonly onChange: (doc: string) => void
}

const cpp = async () => (await import('@codemirror/lang-cpp')).cpp()
const loaders: Readonly<Record<string, () => Promise<LanguageSupport>>> = {
  c: cpp,
  cpp,
  cpp20: cpp,
  cpp23: cpp,
  python: async () => (await import('@codemirror/lang-python')).python(),
  java: async () => (await import('@codemirror/lang-java')).java(),
  javascript: async () => (await import('@codemirror/lang-javascript')).javascript(),
  typescript: async () => (await import('@codemirror/lang-javascript')).javascript({ typescript: true }),
}

/** The default style's colours are fixed for light pages: each is given the page's own name for it, which follows the theme. */
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
  '&': { backgroundColor: 'var(--surface)', color: 'var(--ink)', fontSize: '0.92rem' },
  '&.cm-focused': { outline: '3px solid var(--focus)' },
  '.cm-content': { fontFamily: 'var(--mono)', caretColor: 'var(--ink)', minHeight: '18rem' },
  '.cm-gutter': { minHeight: '18rem' },
  '.cm-scroller': { fontFamily: 'var(--mono)', maxHeight: '60vh', overflow: 'auto' },
  '.cm-gutters': { backgroundColor: 'var(--sunken)', color: 'var(--ink-soft)', border: 'none' },
  '.cm-activeLine, .cm-activeLineGutter': { backgroundColor: 'rgba(140, 110, 70, 0.09)' },
  '&.cm-focused .cm-matchingBracket': { backgroundColor: 'var(--gold-soft)' },
})

export function mountEditor({ parent, doc, cursor, label, onChange }: EditorOptions): EditorHandle {
  const language = new Compartment()
  let wanted = ''
  const view = new EditorView({
    parent,
    state: EditorState.create({
      doc,
      selection: { anchor: Math.min(cursor, doc.length) },
      extensions: [
        lineNumbers(),
        history(),
        indentOnInput(),
        bracketMatching(),
        closeBrackets(),
        highlightActiveLine(),
        highlightActiveLineGutter(),
        indentUnit.of('    '),
        syntaxHighlighting(highlight),
        theme,
        language.of([]),
        keymap.of([...closeBracketsKeymap, ...defaultKeymap, ...historyKeymap, indentWithTab]),
        EditorView.contentAttributes.of({ 'aria-label': label }),
        EditorView.updateListener.of((update) => {
          if (update.docChanged) onChange(update.state.doc.toString())
        }),
      ],
    }),
  })
  return {
    setDoc(next) {
      const now = view.state.doc.toString()
      if (next !== now) view.dispatch({ changes: { from: 0, to: now.length, insert: next } })
    },
    setLanguage(id) {
      wanted = id
      const load = loaders[id]
      const apply = (support: LanguageSupport | []) => {
        if (wanted === id) view.dispatch({ effects: language.reconfigure(support) })
      }
      // A language whose colours cannot be fetched is written without them.
      if (load) load().then(apply, () => apply([]))
      else apply([])
    },
    focus: () => view.focus(),
    destroy: () => view.destroy(),
  }
}
