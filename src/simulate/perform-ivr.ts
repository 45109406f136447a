/** An ivr of the carrier: rounds of a prompt and a wait, until there is an input or the repeats are used up (facts: ivr). */
import type { Action } from '../compile/action.ts'
import type { Performed } from './performed.ts'
import type { Act } from './script.ts'

/** Does an ivr whose prompt has this length, in seconds. Too few digits when the time is over are lost: the cautious reading. */
export function performIvr(action: Action & { do: 'ivr' }, acts: readonly Act[], promptSeconds: number): Performed {
  const { digits, timeout, repeat } = action
  const lines: string[] = []
  let time = 0
  let round = 1
  let promptEnd = promptSeconds
  let input = ''
  let lastKey = 0
  let broken = false
  /** The prompt is over, and the wait has begun. */
  let listening = false

  const deadline = (): number => (input === '' ? promptEnd : Math.max(promptEnd, lastKey)) + timeout
  /** Lets time pass; false where the last round is over before. */
  const pass = (until: number): boolean => {
    while (deadline() <= until) {
      time = deadline()
      if (round === repeat) return false
      round++
      input = ''
      promptEnd = time + promptSeconds
      listening = false
    }
    if (until > time && until >= promptEnd) listening = true
    time = until
    return true
  }
  /** A prompt that broke is reported as an error: only so can a script reach the edge `failed`. */
  const nothing = (used: number): Performed => {
    pass(Infinity)
    return { event: { kind: 'failed', why: broken ? 'other' : 'noinput' }, result: `failed (${broken ? 'error' : 'noinput'})`, seconds: time, lines, used }
  }
  const key = (pressed: string): string | undefined => {
    promptEnd = Math.min(promptEnd, time)
    lastKey = time
    if (pressed === '#') return input
    input += pressed
    return input.length >= digits ? input : undefined
  }

  for (const [index, act] of acts.entries()) {
    const used = index + 1
    if (act.act === 'press') {
      lines.push(`caller: ${act.keys}`)
      for (const pressed of act.keys) {
        const complete = key(pressed)
        if (complete !== undefined) return { event: { kind: 'digits', digits: complete }, result: complete, seconds: time, lines, used }
      }
    } else if (act.act === 'wait') {
      if (!pass(time + act.seconds)) return nothing(used)
    } else if (act.act === 'silence') return nothing(used)
    else if (act.act === 'sound-failed') {
      if (!listening) {
        broken = true
        promptEnd = time
      }
    } else if (act.act === 'hang-up') return { event: undefined, result: '', seconds: time, lines: [...lines, 'caller: hangs up'], used }
    else return nothing(index)
  }
  return nothing(acts.length)
}
