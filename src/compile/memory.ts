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
/** A place to come back to: the index of one of at most 10,000 states, and a separator. */
const PLACE = 4

/** What the calls of a flow remember, those of the flows that it runs included. */
export interface Remembered {
  readonly values: number
  /** The most arrivals that tests ask for. */
  readonly visits: readonly number[]
  readonly heard: number
  readonly answered: number
  /** Flows that wait for another. */
  readonly deep: number
}

/** Refuses a flow whose calls could not be carried in an address. */
export function checkMemory(context: Context, { values, visits, heard, answered, deep }: Remembered): void {
  const words = Math.ceil(heard / BITS) + Math.ceil(answered / BITS)
  let characters = words * CHARACTERS + values + deep * PLACE + (context.document.data.longest === undefined ? 0 : 2) + (context.spoken.used ? LANGUAGE : 0)
  for (const times of visits) characters += times.toString(36).length + 1
  if (characters <= MOST) return
  const others = context.plans.size === 1 ? '' : `, ${deep} flows that wait for another; those of the ${context.plans.size - 1} flows that it uses are counted`
  tell(context, ['states'], {
    code: 'too-large', message: 'this flow asks for more to be remembered of a call than its addresses can carry',
    label: `${values} values, ${visits.length} states counted by \`visited\`, ${heard} with \`again\`, ${answered} asked for by \`answered\`${others}`,
    help: 'split the flow in two, or remember less',
  }, 'key')
}
