/** What somebody outside gives a call to begin with, held against the inputs of its flow. */
import { addressProblem } from '../compile/address.ts'
import type { Flow } from '../compile/flow.ts'
import { isNumber } from '../compile/number-problem.ts'
import type { InputType } from '../validate/document.ts'
import { isCarrierSound } from './fill-address.ts'

const TYPES: Readonly<Record<InputType, { readonly what: string; readonly isOne: (text: string) => boolean }>> = {
  text: { what: 'a text', isOne: () => true },
  number: { what: 'a telephone number with a plus sign and the country, or several with commas', isOne: text => text.split(',').every(one => isNumber(one.trim())) },
  seconds: { what: 'a whole number of seconds', isOne: text => /^[1-9][0-9]{0,3}$/.test(text) },
  prompt: { what: 'an address, or a sound of the carrier such as sound/beep', isOne: text => isCarrierSound(text) || addressProblem(text) === undefined },
}

/** What speaks against it, in words; undefined where nothing does. Values that are no inputs are texts. */
export function givenProblem({ name, inputs }: Pick<Flow, 'name' | 'inputs'>, given: Readonly<Record<string, string>>): string | undefined {
  const declared = Object.entries(inputs)
  const missing = declared.filter(([input, type]) => type !== 'text' && !Object.hasOwn(given, input))
  if (missing.length > 0) return `no call begins in \`${name}\` without its inputs: give ${missing.map(([input, type]) => `\`${input}\` (${TYPES[type].what})`).join(' and ')}`
  const wrong = declared.find(([input, type]) => Object.hasOwn(given, input) && !TYPES[type].isOne(given[input] as string))
  return wrong === undefined ? undefined : `\`${wrong[0]}\` is ${TYPES[wrong[1]].what}, and \`${(given[wrong[0]] as string).slice(0, 100)}\` is none`
}
