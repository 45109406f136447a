/** How many digits a regular expression can match, as far as that is plain. */

export interface Lengths {
  /** Infinity where no text of digits matches. */
  readonly least: number
  readonly most: number
}

interface Reading {
  readonly pattern: string
  at: number
}

class Unclear extends Error {}

/** The lengths of the digit strings that a whole expression matches; undefined for one that holds more than groups, classes, choices and repetitions. */
export function matchLengths(pattern: string): Lengths | undefined {
  const reading: Reading = { pattern, at: 0 }
  try {
    const lengths = choice(reading)
    return reading.at === pattern.length ? lengths : undefined
  } catch (error) {
    if (error instanceof Unclear) return undefined
    throw error
  }
}

function choice(reading: Reading): Lengths {
  let all = sequence(reading)
  while (reading.pattern[reading.at] === '|') {
    reading.at++
    const other = sequence(reading)
    all = { least: Math.min(all.least, other.least), most: Math.max(all.most, other.most) }
  }
  return all
}

function sequence(reading: Reading): Lengths {
  let least = 0
  let most = 0
  while (reading.at < reading.pattern.length && !'|)'.includes(reading.pattern[reading.at] as string)) {
    const one = repeated(reading, atom(reading))
    least += one.least
    most += one.most
  }
  // what can match nothing at all has no greatest length
  return least === Infinity ? { least, most: -Infinity } : { least, most }
}

const DIGIT: Lengths = { least: 1, most: 1 }
const NOTHING: Lengths = { least: 0, most: 0 }
const NEVER: Lengths = { least: Infinity, most: -Infinity }

function atom(reading: Reading): Lengths {
  const { pattern } = reading
  const char = pattern[reading.at++] as string
  if (char === '^' || char === '$') return NOTHING
  if (char === '.' || /[0-9*]/.test(char) && char !== '*') return DIGIT
  if (char === '[') return classOf(reading)
  if (char === '(') {
    if (pattern[reading.at] === '?') {
      if (pattern[reading.at + 1] !== ':') throw new Unclear()
      reading.at += 2
    }
    const inner = choice(reading)
    if (pattern[reading.at++] !== ')') throw new Unclear()
    return inner
  }
  if (char === '\\') {
    const escaped = pattern[reading.at++] ?? ''
    if (escaped === 'd' || escaped === '*' || escaped === 'w') return DIGIT
    if (/[\s\S]/.test(escaped) && /[DWsS.+#-]/.test(escaped)) return escaped === 'D' || escaped === 's' ? NEVER : escaped === 'S' ? DIGIT : NEVER
    throw new Unclear()
  }
  if (/[a-zA-Z #+-]/.test(char)) return NEVER
  throw new Unclear()
}

function classOf(reading: Reading): Lengths {
  const end = reading.pattern.indexOf(']', reading.at + 1)
  if (end < 0) throw new Unclear()
  const inside = reading.pattern.slice(reading.at, end)
  reading.at = end + 1
  if (inside.includes('[') || inside.startsWith('^')) return DIGIT
  return /[0-9*]|\\d|\\w/.test(inside) ? DIGIT : NEVER
}

function repeated(reading: Reading, one: Lengths): Lengths {
  const match = /^(?:([*+?])|\{(\d+)(?:(,)(\d*))?\})\??/.exec(reading.pattern.slice(reading.at))
  if (match === null) return one
  reading.at += match[0].length
  const [, sign, low, comma, high] = match
  const from = sign === '+' ? 1 : sign !== undefined ? 0 : Number(low)
  const to = sign === '?' ? 1 : sign !== undefined ? Infinity : comma === undefined ? from : high === '' ? Infinity : Number(high)
  if (one.least === Infinity) return from === 0 ? NOTHING : NEVER
  return { least: from * one.least, most: one.most === 0 ? 0 : to * one.most }
}
