import type { Readings } from './readings.ts'
import { show, type Action, type ActionName, type Complain } from './validate-action.ts'

interface Range {
  readonly least: number
  readonly most: number
  readonly otherwise: number
}

/** Ranges in which an option is known to be safe; only that of ivr's timeout is documented. */
export const RANGES = {
  digits: { least: 1, most: 20, otherwise: 1 },
  repeat: { least: 1, most: 10, otherwise: 3 },
  timeout: { least: 1, most: 30, otherwise: 10 },
  timelimit: { least: 1, most: 3600, otherwise: 120 },
  ring: { least: 10, most: 60, otherwise: 60 },
} as const satisfies Record<string, Range>

/** A whole number, also written as text; out of range it is the default, or as the reading `outOfRange` says. */
export function readNumber(action: Action, name: ActionName, key: string, range: Range, readings: Readings, complain: Complain): number {
  const value = action[key]
  if (value === undefined) return range.otherwise
  const number = typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value
  if (typeof number === 'number' && Number.isSafeInteger(number)) {
    if (number >= range.least && number <= range.most) return number
    if (readings.outOfRange === 'as-given' && number >= 1) {
      complain('out-of-range', `${name}: ${key} is ${show(value)}, outside of ${range.least} to ${range.most}`)
      return number
    }
  }
  complain('out-of-range', `${name}: ${key} is ${show(value)}, not a whole number from ${range.least} to ${range.most}: taken as ${range.otherwise}`)
  return range.otherwise
}

/** The timeout of an ivr: 1 to 30, anything else is 10 (46elks, IVR); text is read as the reading `timeoutText` says. */
export function readIvrTimeout(action: Action, readings: Readings, complain: Complain): number {
  const { least, most, otherwise } = RANGES.timeout
  const value = action['timeout']
  if (value === undefined) return otherwise
  const number = typeof value === 'string' && /^\d+$/.test(value) && readings.timeoutText === 'read' ? Number(value) : value
  if (typeof number === 'number' && Number.isInteger(number) && number >= least && number <= most) return number
  complain('out-of-range', `ivr: timeout is ${show(value)}, not a whole number from ${least} to ${most}: taken as ${otherwise}`)
  return otherwise
}
