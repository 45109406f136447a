/** Which numbers a menu may ring, write to or show: what stolen telephone systems are turned into money with is refused. */

/** Why a number is refused: an emergency line, a premium one, or one of a country that is not allowed. */
export type Refused = 'emergency' | 'premium' | 'elsewhere'

/**
 * Premium, shared-cost, mass-call and personal numbers by country, and networks that are no country's and cost as much:
 * satellites, +979, and the ranges that are rented out for fraud.
 */
const PREMIUM = new RegExp(`^\\+(?:${[
  '1(?:900|976)', '31(?:9)', '32(?:90|70)', '33(?:89)', '34(?:80[367]|905)', '351(?:60|76)', '353(?:15[2-9])', '358(?:600|700|606)', '370(?:90)', '371(?:90)', '372(?:90)',
  '39(?:89|16[46])', '41(?:90)', '420(?:90)', '43(?:9[0-3])', '44(?:9|87[0-3]|70|118)', '45(?:90)', '46(?:900|939|944|99)', '47(?:82)', '48(?:70)', '49(?:900|137)', '61(?:190)',
  '87[08]', '88[1-3]', '979',
].join('|')})\\d+$`)
/** Emergency lines as they would stand behind a country's code. `911` alone is a town's beginning in most of them. */
const EMERGENCY = /^0?(?:112|911|999|000|110|113|118|119|90000|11414)$/

/** Countries' codes that have one or two digits; all others have three. No code is the beginning of another. */
const SHORT = /^\+(?:[17]|2[07]|3[0-4]|36|39|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58])/

/** The code of a number's country, with its plus: `+46`. */
export function callingCode(number: string): string {
  return SHORT.exec(number)?.[0] ?? number.slice(0, 4)
}

/** The codes of the countries that these numbers belong to, each once: what may be rung where nobody said otherwise. */
export function countriesOf(numbers: Iterable<string>): string[] {
  return [...new Set([...numbers].filter(number => number.startsWith('+')).map(callingCode))].sort()
}

/** Why a number must not be rung; undefined where it may. `allow`: beginnings of numbers; none: every country's. SIP addresses are free. */
export function refusal(number: string, allow: readonly string[]): Refused | undefined {
  if (!number.startsWith('+')) return undefined
  return EMERGENCY.test(number.slice(callingCode(number).length)) ? 'emergency' : PREMIUM.test(number) ? 'premium' : isAllowed(number, allow) ? undefined : 'elsewhere'
}

/** Whether a number begins as one of these; anything where there are none, and what is no telephone number. */
export function isAllowed(number: string, allow: readonly string[]): boolean {
  return allow.length === 0 || !number.startsWith('+') || allow.some(prefix => number.startsWith(prefix))
}
