/** Regular expressions on a linear-time engine (RE2): no pattern of an author can stop the server. */
import { RE2JS } from 're2js'

const compiled = new Map<string, RE2JS>()
/** Patterns come from flows only; more than this many at once means flows that are long gone. */
const MOST = 10_000

/** What is wrong with a pattern, in the engine's words; undefined where nothing is. */
export function regexProblem(pattern: string): string | undefined {
  if (pattern.length > 1000) return 'it is longer than 1,000 characters'
  try {
    compile(pattern)
    return undefined
  } catch (error) {
    return (error as Error).message.replace(/^error parsing regexp: /, '')
  }
}

/** Whether the whole text matches; a pattern that does not compile matches nothing. */
export function matchesWhole(pattern: string, text: string): boolean {
  if (!compiled.has(pattern) && regexProblem(pattern) !== undefined) return false
  return compile(pattern).matches(text)
}

function compile(pattern: string): RE2JS {
  let regex = compiled.get(pattern)
  if (regex === undefined) {
    regex = RE2JS.compile(pattern)
    if (compiled.size >= MOST) compiled.clear()
    compiled.set(pattern, regex)
  }
  return regex
}
