/** Completion as the server knows it: asked once for a word, and filtered here while that is typed on. */
import type { Completion, CompletionContext, CompletionResult, CompletionSource } from '@codemirror/autocomplete'
import type { OfferedShown } from '../api-shapes.ts'
import { offsetOf, positionAt } from './places.ts'
import { wordsToDom } from './words-to-dom.ts'

/** Behind these something can begin without a letter: a value behind `: `, a name in `{{`. */
const BEGINS = /(?::|-|,|\{|\[|\|)\s*$|["'/.]$/

export function completeFrom(lineBreak: string, complete: (text: string, offset: number, signal: AbortSignal) => Promise<OfferedShown>): CompletionSource {
  return async (context: CompletionContext): Promise<CompletionResult | null> => {
    const { state, pos } = context
    const before = state.doc.lineAt(pos).text.slice(0, pos - state.doc.lineAt(pos).from)
    if (!context.explicit && !/[\w.]$/.test(before) && !BEGINS.test(before)) return null
    const stop = new AbortController()
    context.addEventListener('abort', () => stop.abort())
    const { items } = await complete(state.sliceDoc(), offsetOf(state.doc, pos, lineBreak), stop.signal).catch(() => ({ items: [] }))
    const [first] = items
    if (first === undefined || context.aborted) return null
    const from = positionAt(state.doc, first.from, lineBreak)
    return {
      from, to: Math.max(pos, positionAt(state.doc, first.to, lineBreak)), validFor: /^[\w.+/-]*$/,
      options: items.map(({ label, kind, detail, words, insert }, at): Completion => ({
        label, type: kind, apply: insert.replace(/\r?\n/g, lineBreak), boost: -Math.min(90, at), ...(detail === undefined ? {} : { detail }), ...(words === undefined ? {} : { info: () => wordsToDom(words) }),
      })),
    }
  }
}
