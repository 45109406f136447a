/** The words of the sounds that a state plays, as far as the file tells them. */
import type { Action } from '../compile/action.ts'

/** The words of an action's sound; undefined where nobody wrote them. */
export function wordsOf(action: Action | undefined): string | undefined {
  if (action === undefined || !('sound' in action) || action.sound.kind === 'filled') return undefined
  const text = action.sound.text?.trim()
  return text === '' ? undefined : text
}
