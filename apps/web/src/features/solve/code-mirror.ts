/** The rich editor, a chunk of its own (and each language and key binding one more): only pages with a program to write pay for it. */
import { closeBrackets, closeBracketsKeymap } from '@codemirror/autocomplete'
import { defaultKeymap, history, historyKeymap, indentWithTab } from '@codemirror/commands'
import { bracketMatching, indentOnInput, indentUnit } from '@codemirror/language'
import { search, searchKeymap } from '@codemirror/search'
import { Compartment, EditorState, type Extension } from '@codemirror/state'
import { EditorView, highlightActiveLine, highlightActiveLineGutter, keymap, lineNumbers } from '@codemirror/view'
import { loaderOf } from './code-languages.ts'
import { codeLook } from './code-theme.ts'
import type { EditorSettings } from './editor-settings.ts'

export type EditorHandle = {
  readonly setDoc: (doc: string) => void
  readonly setLanguage: (id: string) => void
  readonly setSettings: (settings: EditorSettings) => void
  /** Lines and columns from 1; beyond the end is the end. Focuses. */
  readonly goTo: (line: number, column: number) => void
  readonly focus: () => void
  readonly destroy: () => void
}
export type EditorOptions = {
  readonly parent: HTMLElement
  readonly doc: string
  readonly cursor: number
  readonly label: string
  readonly settings: EditorSettings
  readonly onChange: (doc: string) => void
}

/** Its styles are adopted sheets, since the content policy refuses style elements: on a browser without them the plain text area stands in. */
export const mayMount = () => 'adoptedStyleSheets' in Document.prototype

const writing = ({ tabSize, isTabIndent, isWrapped }: EditorSettings): Extension => [
  EditorState.tabSize.of(tabSize),
  indentUnit.of(isTabIndent ? '\t' : ' '.repeat(tabSize)),
  isWrapped ? EditorView.lineWrapping : [],
]

/** Fetched when chosen. They must stand before all other keys. */
async function keysOf(keys: EditorSettings['keys']): Promise<Extension> {
  if (keys === 'vim') return (await import('@replit/codemirror-vim')).vim({ status: true })
  if (keys === 'emacs') return (await import('@replit/codemirror-emacs')).emacs()
  return []
}

/**
 * Typing over a selection is done here: left to the browser, Chromium keeps the look of what was there by a style attribute, which the content policy refuses
 * and reports.
 */
const typeOver = EditorView.domEventHandlers({
  beforeinput(event, view) {
    const { data, inputType } = event
    const { main } = view.state.selection
    if (inputType !== 'insertText' || data === null || main.empty || view.composing) return false
    event.preventDefault()
    const typed = () => view.state.update(view.state.replaceSelection(data), { userEvent: 'input.type', scrollIntoView: true })
    const handlers = view.state.facet(EditorView.inputHandler)
    if (!handlers.some((handle) => handle(view, main.from, main.to, data, typed))) view.dispatch(typed())
    return true
  },
})

const usual: Extension = [
  lineNumbers(),
  history(),
  indentOnInput(),
  bracketMatching(),
  closeBrackets(),
  highlightActiveLine(),
  highlightActiveLineGutter(),
  search({ top: true }),
  typeOver,
]
const usualKeys = keymap.of([...closeBracketsKeymap, ...defaultKeymap, ...searchKeymap, ...historyKeymap, indentWithTab])

const about = (label: string, onChange: (doc: string) => void): Extension => [
  // what can be written in can be focused in any case; said all the same, for those who only look for the attribute
  EditorView.contentAttributes.of({ 'aria-label': label, tabindex: '0' }),
  EditorView.updateListener.of((update) => {
    if (update.docChanged) onChange(update.state.doc.toString())
  }),
]

export function mountEditor({ parent, doc, cursor, label, settings, onChange }: EditorOptions): EditorHandle {
  const [language, writes, keys] = [new Compartment(), new Compartment(), new Compartment()]
  const wanted: { language: string; keys: EditorSettings['keys'] } = { language: '', keys: 'default' }
  const view = new EditorView({
    parent,
    state: EditorState.create({
      doc,
      selection: { anchor: Math.min(cursor, doc.length) },
      extensions: [keys.of([]), usual, writes.of(writing(settings)), codeLook, language.of([]), usualKeys, about(label, onChange)],
    }),
  })
  /** What cannot be fetched leaves the editor as it is. */
  const turn = <T>(isWanted: () => boolean, load: Promise<T>, apply: (loaded: T) => void) => {
    load.then(
      (loaded) => {
        if (isWanted()) apply(loaded)
      },
      () => undefined,
    )
  }
  const setKeys = (name: EditorSettings['keys']) => {
    if (wanted.keys === name) return
    wanted.keys = name
    turn(
      () => wanted.keys === name,
      keysOf(name),
      (extension) => view.dispatch({ effects: keys.reconfigure(extension) }),
    )
  }
  setKeys(settings.keys)
  return {
    setDoc(next) {
      const now = view.state.doc.toString()
      if (next !== now) view.dispatch({ changes: { from: 0, to: now.length, insert: next } })
    },
    setLanguage(id) {
      wanted.language = id
      view.dispatch({ effects: language.reconfigure([]) })
      const load = loaderOf(id)
      if (!load) return
      turn(
        () => wanted.language === id,
        load(),
        (support) => view.dispatch({ effects: language.reconfigure(support) }),
      )
    },
    setSettings(next) {
      view.dispatch({ effects: writes.reconfigure(writing(next)) })
      setKeys(next.keys)
    },
    goTo(line, column) {
      const { from, to } = view.state.doc.line(Math.max(1, Math.min(line, view.state.doc.lines)))
      view.dispatch({ selection: { anchor: Math.min(to, from + Math.max(0, column - 1)) }, effects: EditorView.scrollIntoView(from, { y: 'center' }) })
      view.focus()
    },
    focus: () => view.focus(),
    destroy: () => view.destroy(),
  }
}
