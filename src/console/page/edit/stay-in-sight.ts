/** The line that somebody writes in stays in sight when what is told below it takes room. */
import { EditorView } from '@codemirror/view'

/** Pixels below the line: a wave under it is seen, too. */
const BELOW = 12

/** Ends when the function that it returns is called. */
export function staysInSight(view: EditorView): () => void {
  let tall = view.scrollDOM.clientHeight
  const seen = new ResizeObserver(() => {
    const before = tall
    tall = view.scrollDOM.clientHeight
    if (tall >= before || !view.hasFocus) return
    const { head } = view.state.selection.main
    const at = view.coordsAtPos(head)
    const { top } = view.scrollDOM.getBoundingClientRect()
    // whoever had moved elsewhere stays there
    if (at !== null && at.bottom > top + tall - BELOW && at.top < top + before) view.dispatch({ effects: EditorView.scrollIntoView(head, { y: 'nearest', yMargin: BELOW }) })
  })
  seen.observe(view.scrollDOM)
  return () => seen.disconnect()
}
