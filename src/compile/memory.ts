/** What a flow lets a call remember beside its values: it travels in every address, and addresses must stay short (facts: 2,000 characters). */
import { tell } from './context.ts'
import type { Context } from './context.ts'

/** Characters that are left for it in an address whose values, numbers and names are as long as they may be. */
const MOST = 96
/** Thirty bits travel as at most six characters and a separator. */
const BITS = 30
const CHARACTERS = 7
/** The place of a language, and what separates it. */
const LANGUAGE = 3

/** Refuses a flow whose calls could not be carried in an address. */
export function checkMemory(context: Context): void {
  const words = Math.ceil(context.heard.size / BITS) + Math.ceil(context.answered.size / BITS)
  let characters = words * CHARACTERS + context.values.size + (context.document.data.longest === undefined ? 0 : 2) + (context.spoken.used ? LANGUAGE : 0)
  for (const times of context.visits.values()) characters += times.toString(36).length + 1
  if (characters <= MOST) return
  tell(context, ['states'], {
    code: 'too-large', message: 'this flow asks for more to be remembered of a call than its addresses can carry',
    label: `${context.values.size} values, ${context.visits.size} states counted by \`visited\`, ${context.heard.size} with \`again\`, ${context.answered.size} asked for by \`answered\``,
    help: 'split the flow in two, or remember less',
  }, 'key')
}
