/** Speech that gets ready beside the calls: whoever spreads calls over servers waits for it a little, callers never. */
import type { Voice } from '../compile/recipe.ts'
import type { Studio } from '../prompts/studio.ts'

/** Milliseconds after which a server counts as ready whatever its engine does. */
const PATIENCE = 10_000

export interface Practice {
  /** Gets the voices of the flows that are served ready; those that are cost nothing. */
  warm(voices: readonly Voice[]): void
  /** Whether those that were asked for first are ready, or not going to be. */
  readonly isOver: () => boolean
}

export function createPractice(studio: Pick<Studio, 'warm'>, patience = PATIENCE): Practice {
  let first: Promise<void> | undefined
  let isOver = true
  return {
    warm(voices) {
      const warm = studio.warm(voices)
      if (first !== undefined || voices.length === 0) return
      isOver = false
      const late = setTimeout(() => { isOver = true }, patience)
      late.unref()
      first = warm.finally(() => {
        clearTimeout(late)
        isOver = true
      })
    },
    isOver: () => isOver,
  }
}
