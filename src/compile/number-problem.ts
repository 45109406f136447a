/** What is wrong with a text that should be a telephone number, and how it was probably meant. */
import type { Problem } from '../problem/problem.ts'
import type { Context } from './context.ts'
import { isE164 } from './e164.ts'

/** E.164 with its plus, or a SIP address. */
export function isNumber(text: string): boolean {
  return isE164(text) || /^sips?:[^\s,"<>]{1,200}$/.test(text)
}

/** The beginning of numbers: `+4670*`. */
export function isPrefix(text: string): boolean {
  return /^\+[0-9]{1,15}\*$/.test(text)
}

type Wrong = Pick<Problem, 'code' | 'message' | 'effect' | 'help'> & {
  /** The number as it was probably meant; `sure` where nothing had to be supposed. */
  readonly meant?: string
  readonly sure?: boolean
}

/** What is wrong with a number that is to be rung or compared; undefined for a number or a SIP address. */
export function numberProblem(context: Context, number: string, effect = 'the call would fail here'): Wrong | undefined {
  if (isNumber(number)) return undefined
  const digits = number.replace(/[\s()/.-]/g, '')
  if (/^\+?(112|911|999|000|110|118|119|90000|114\s?14)$/.test(digits)) {
    return { code: 'emergency-number', message: `\`${number}\` is an emergency number: a menu never connects to one`, effect: 'callers in need must dial it themselves', help: 'play a message that says so' }
  }
  if (/^\d+([.,]\d+)?E\+?\d+$/i.test(digits)) {
    return { code: 'bad-number', message: `\`${number}\` is a number that a spreadsheet has shortened`, effect, help: 'format the column as text, and enter the number anew' }
  }
  const guess = digits.startsWith('00') ? `+${digits.slice(2)}` : isSwedish(context) && digits.startsWith('0') ? `+46${digits.slice(1)}` : digits.startsWith('+') ? digits : `+${digits}`
  const help = isNumber(guess) ? `write "${guess}"` : 'write it with a plus sign and the country, as in "+46701234567"'
  // with and without its plus sign a number is the same only where nothing had to be supposed of its country
  return { code: 'bad-number', message: `\`${number}\` is no telephone number that the carrier rings`, effect, help, ...(isNumber(guess) ? { meant: guess, sure: !/^[1-9]/.test(digits) } : {}) }
}

/** Whether a number that begins with 0 is one of Sweden's. */
function isSwedish({ document: { data } }: Context): boolean {
  if (data.country !== undefined) return data.country === 'SE'
  return data.language === 'sv' || data.numbers?.some(number => number.startsWith('+46')) === true
}
