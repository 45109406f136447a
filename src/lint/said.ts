/** The words of the sounds that a state plays, as far as the file tells them. */
import type { Action } from '../compile/action.ts'
import { languagesOf } from '../compile/languages.ts'
import { soundsWithin } from '../compile/sound.ts'
import type { FlowData } from '../validate/document.ts'

/** What callers may be told at one place. */
export interface Said {
  readonly text: string
  readonly language: string
  /** ` in \`en\``, where other languages say it otherwise. */
  readonly where: string
}

/** What an action's sound says: in each of its languages, and whichever sound is picked; nothing where nobody wrote the words. */
export function saidBy(action: Action | undefined, data: FlowData): readonly Said[] {
  if (action === undefined || !('sound' in action)) return []
  return soundsWithin(action.sound).flatMap((sound): Said[] => {
    const { text = '', language } = sound.kind === 'filled' ? {} : 'language' in sound ? sound : { text: sound.text }
    return text.trim() === '' ? [] : [{ text: text.trim(), language: language ?? languagesOf(data)[0], where: language === undefined ? '' : ` in \`${language}\`` }]
  })
}
