/** The editor itself: loaded when somebody begins to write, not with the page. */
import { autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap } from '@codemirror/autocomplete'
import { defaultKeymap, history, historyKeymap, indentWithTab } from '@codemirror/commands'
import { yaml } from '@codemirror/lang-yaml'
import { bracketMatching, indentOnInput, indentUnit } from '@codemirror/language'
import { lintGutter, lintKeymap, setDiagnostics } from '@codemirror/lint'
import type { Diagnostic } from '@codemirror/lint'
import { highlightSelectionMatches, search, searchKeymap } from '@codemirror/search'
import { EditorState } from '@codemirror/state'
import { crosshairCursor, drawSelection, dropCursor, EditorView, highlightActiveLine, highlightActiveLineGutter, highlightSpecialChars, hoverTooltip, keymap, lineNumbers } from '@codemirror/view'
import type { ExplainedShown, JsonProblem, OfferedShown } from '../api-shapes.ts'
import { completeFrom } from './complete-from.ts'
import { breakOf, offsetOf, positionAt, positionOf } from './places.ts'
import { staysInSight } from './stay-in-sight.ts'
import { theme } from './theme.ts'
import { wordsToDom } from './words-to-dom.ts'

export interface CodeEditorOptions {
  readonly text: string
  readonly label: string
  readonly hint: string
  /** Of the page's policy: without it no style may be written. */
  readonly nonce: string
  readonly fixWords: (problem: JsonProblem) => string
  /** The editor's own words, in the language of the page. */
  readonly phrases: Readonly<Record<string, string>>
  readonly complete: (text: string, offset: number, signal: AbortSignal) => Promise<OfferedShown>
  readonly explain: (text: string, offset: number) => Promise<ExplainedShown>
  readonly changed: (text: string) => void
  /** Told of the line where the cursor stands, from 1. */
  readonly moved: (line: number) => void
  readonly save: () => void
}

export interface CodeEditor {
  /** Brings the editor to a text, touching only what differs: the cursor stays, and it can be undone. */
  setText(text: string): void
  showProblems(problems: readonly JsonProblem[]): void
  /** Mends a problem. */
  fix(problem: JsonProblem): void
  /** Puts the cursor at a line and a column, from 1. */
  go(line: number, column: number): void
  /** Brings a line into sight, and leaves the cursor where it is. */
  show(line: number): void
  remove(): void
}

export function openCodeEditor(host: HTMLElement, options: CodeEditorOptions): CodeEditor {
  const lineBreak = breakOf(options.text)
  const textOf = (state: EditorState): string => state.sliceDoc()
  const view = new EditorView({
    parent: host,
    state: EditorState.create({
      doc: options.text,
      extensions: [
        EditorState.lineSeparator.of(lineBreak), EditorView.cspNonce.of(options.nonce), EditorState.phrases.of({ ...options.phrases }), EditorState.tabSize.of(2), indentUnit.of('  '),
        lineNumbers(), highlightActiveLineGutter(), highlightSpecialChars(), history(), drawSelection(), dropCursor(), EditorState.allowMultipleSelections.of(true), crosshairCursor(),
        indentOnInput(), bracketMatching(), closeBrackets(), highlightActiveLine(), highlightSelectionMatches(), search({ top: false }), lintGutter(), yaml(), theme,
        EditorView.lineWrapping, EditorView.contentAttributes.of({ 'aria-label': options.label, 'aria-description': options.hint, spellcheck: 'false', autocapitalize: 'off' }),
        autocompletion({ override: [completeFrom(lineBreak, options.complete)], icons: false, maxRenderedOptions: 60 }),
        hoverTooltip(async (from, position) => {
          const { doc } = from.state
          const { hover } = await options.explain(textOf(from.state), offsetOf(doc, position, lineBreak)).catch(() => ({ hover: null }))
          if (hover === null) return null
          return { pos: positionAt(doc, hover.from, lineBreak), end: positionAt(doc, hover.to, lineBreak), above: true, create: () => ({ dom: wordsToDom(hover.words) }) }
        }, { hideOnChange: true, hoverTime: 450 }),
        keymap.of([
          { key: 'Mod-s', preventDefault: true, run: () => { options.save(); return true } },
          ...completionKeymap, ...closeBracketsKeymap, ...lintKeymap, ...searchKeymap, ...historyKeymap, ...defaultKeymap, indentWithTab,
        ]),
        EditorView.updateListener.of(update => {
          if (update.docChanged) options.changed(textOf(update.state))
          if (update.docChanged || update.selectionSet) options.moved(update.state.doc.lineAt(update.state.selection.main.head).number)
        }),
      ],
    }),
  })

  const letGo = staysInSight(view)
  const insertable = (text: string): string => text.replace(/\r?\n/g, lineBreak)

  function fix({ fix: mend }: JsonProblem): void {
    const { doc } = view.state
    view.dispatch({ changes: (mend?.edits ?? []).map(({ range, text }) => ({ from: positionOf(doc, range.start), to: positionOf(doc, range.end), insert: insertable(text) })), userEvent: 'input.fix' })
    view.focus()
  }

  function diagnosticOf(problem: JsonProblem): Diagnostic {
    const { doc } = view.state
    const from = positionOf(doc, problem.range.start)
    const to = Math.max(from, positionOf(doc, problem.range.end))
    // a problem of nothing is shown at the letter before it
    const shown = from === to ? { from: Math.max(doc.lineAt(from).from, from - 1), to } : { from, to }
    return {
      ...shown, severity: problem.severity, source: problem.code, message: problem.help === undefined ? problem.message : `${problem.message}\n${problem.help}`,
      ...(problem.fix === undefined ? {} : { actions: [{ name: options.fixWords(problem), apply: () => fix(problem) }] }),
    }
  }

  return {
    fix,
    setText(text) {
      const before = textOf(view.state)
      if (before === text) return
      const { doc } = view.state
      const next = view.state.toText(text)
      const [a, b] = [doc.toString(), next.toString()]
      let start = 0
      while (start < Math.min(a.length, b.length) && a[start] === b[start]) start++
      let tail = 0
      while (tail < Math.min(a.length, b.length) - start && a[a.length - 1 - tail] === b[b.length - 1 - tail]) tail++
      view.dispatch({ changes: { from: start, to: a.length - tail, insert: next.slice(start, b.length - tail) } })
    },
    showProblems(problems) {
      view.dispatch(setDiagnostics(view.state, problems.map(diagnosticOf)))
    },
    go(line, column) {
      const at = positionOf(view.state.doc, { line, column })
      view.dispatch({ selection: { anchor: at }, effects: EditorView.scrollIntoView(at, { y: 'center' }) })
      view.focus()
    },
    show(line) {
      view.dispatch({ effects: EditorView.scrollIntoView(positionOf(view.state.doc, { line, column: 1 }), { y: 'start', yMargin: 40 }) })
    },
    remove() {
      letGo()
      view.destroy()
    },
  }
}
