import { RANGES, readNumber } from '../read-option.ts'
import type { LineAnswer } from '../person.ts'
import { fromNow, type Outcome, type Perform, type Stage } from '../stage.ts'
import { round } from '../trace.ts'
import { show, type Action } from '../validate-action.ts'

const E164 = /^\+[1-9]\d{6,14}$/
const SIP = /^sips?:\S+$/i

/** Rings one or more numbers, and the talk if one answers (facts: connect). A `busy` or `failed` key is taken instead of `next`. */
export const connect: Perform = async (action, stage) => {
  const { readings, mailbox, audience, trace, complain } = stage
  const numbers = readNumbers(action['connect'], stage)
  const callerid = readCallerid(action['callerid'], stage)
  const ring = { ...RANGES.ring, otherwise: Number(readings.connectTimeout) }
  const timeout = readNumber(action, 'connect', 'timeout', ring, readings, complain)
  const timelimit = action['timelimit'] === undefined ? Infinity : readNumber(action, 'connect', 'timelimit', RANGES.timelimit, readings, complain)

  mailbox.begin()
  trace.add({ kind: 'ringing', numbers, callerid, timeout })
  if (numbers.length === 0) {
    trace.add({ kind: 'line', result: 'failed' })
    return outcome(action, 'failed')
  }
  audience.line({ kind: 'connect', numbers, callerid, timeout })

  const answer = await ringing(timeout, stage)
  if (answer === undefined) return outcome(action, 'failed')
  if (answer.result !== 'success') {
    trace.add({ kind: 'line', result: answer.result })
    const state = answer.result === 'busy' ? 'busy' : 'failed'
    for (const to of numbers) stage.legs.push({ to, from: callerid, state })
    return outcome(action, answer.result)
  }
  const number = numbers.includes(answer.number ?? '') ? (answer.number as string) : (numbers[0] as string)
  trace.add({ kind: 'line', result: 'success', number })
  stage.answer()
  const seconds = await talk(answer, timelimit, stage)
  for (const to of numbers) {
    stage.legs.push(to === number ? { to, from: callerid, state: 'success', duration: Math.round(seconds) } : { to, from: callerid, state: 'failed' })
  }
  return outcome(action, 'success')
}

function outcome(action: Action, result: string): Outcome {
  const branch = result === 'busy' ? 'busy' : result === 'success' ? undefined : 'failed'
  if (branch !== undefined && action[branch] !== undefined) return { result, purpose: branch, go: action[branch] }
  return { result, purpose: 'next', go: action['next'] }
}

/** What the line does in the end; nothing if the caller left. */
async function ringing(timeout: number, stage: Stage): Promise<Omit<LineAnswer, 'result'> & { readonly result: string } | undefined> {
  const givesUp = fromNow(stage, timeout)
  const noAnswer = { result: stage.readings.noAnswerWord }
  let until = givesUp
  let answer: LineAnswer | undefined
  for (;;) {
    const stir = await stage.mailbox.next(until)
    if (stir.kind === 'over') return undefined
    if (stir.kind === 'fault') return { result: 'failed' }
    if (stir.kind === 'time') return answer ?? noAnswer
    if (stir.kind === 'line') {
      const after = stir.answer.after ?? (stir.answer.result === 'failed' ? Infinity : 0)
      const at = fromNow(stage, after)
      if (at > givesUp) continue
      answer = stir.answer
      until = at
    }
  }
}

/** The talk; its length in seconds. */
async function talk(answer: Omit<LineAnswer, 'result'>, timelimit: number, stage: Stage): Promise<number> {
  const { clock, mailbox, trace } = stage
  const began = clock.now()
  const length = answer.talk ?? Infinity
  const end = (by: 'caller' | 'callee' | 'timelimit'): number => {
    const seconds = (clock.now() - began) / 1000
    trace.add({ kind: 'talk-end', seconds: round(seconds), by })
    return seconds
  }
  for (;;) {
    const stir = await mailbox.next(began + Math.min(length, timelimit) * 1000)
    if (stir.kind === 'over') return end('caller')
    if (stir.kind === 'callee-gone') return end('callee')
    if (stir.kind === 'time') {
      if (length > timelimit) return end('timelimit')
      if (answer.ends === 'caller') {
        mailbox.end('caller')
        return end('caller')
      }
      return end('callee')
    }
  }
}

function readNumbers(value: unknown, stage: Stage): string[] {
  const parts = typeof value === 'string' ? value.split(',').map((part) => part.trim()) : []
  if (typeof value !== 'string') stage.complain('number-invalid', `connect: ${show(value)} is no number`)
  return parts.filter((part) => {
    const valid = E164.test(part) || SIP.test(part)
    if (!valid) stage.complain('number-invalid', `connect: ${show(part)} cannot be rung`)
    return valid
  })
}

function readCallerid(value: unknown, stage: Stage): string {
  if (value === undefined) return stage.from
  if (typeof value === 'string' && E164.test(value)) return value
  stage.complain('number-invalid', `connect: the callerid ${show(value)} is no number; the caller's is shown instead`)
  return stage.from
}
