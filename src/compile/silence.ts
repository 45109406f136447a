import type { Context } from './context.ts'
import type { Sound } from './sound.ts'

/** The silent sound that tonval brings along. */
export function silence(context: Context): Sound & { kind: 'file' } {
  return { kind: 'file', hash: context.surroundings.silence.hash, name: 'silence.wav' }
}
