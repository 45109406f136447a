/** What is met against what a script expects, both in the script's own words. */
import type { Action } from '../compile/action.ts'
import type { Conversation } from './conversation.ts'
import { isHeard, soundWord } from './heard.ts'
import type { Meet, Options, Written } from './script.ts'

export interface Difference {
  readonly expected: string
  readonly met: string
}

/** What comes next, in the words of a script. */
export function describe(call: Conversation): string {
  const { coming } = call
  if (coming.kind === 'over' && coming.asks !== undefined) return `nothing: \`${coming.asks}\` asks another program, and the script does not say what that replies`
  if (coming.kind === 'over') return coming.handover === undefined ? '`end`' : `\`handover: ${coming.handover}\``
  if (coming.hidden && coming.action.do === 'hangup') return '`end`'
  const record = recordOf(call)
  return `\`${record === undefined ? inWords(coming.action) : `record: ${promptOf(call) ?? '{}'}`}\`${spokenIn(coming.action)}`
}

/** The language of a prompt that has several: under its name alone it may be what was expected. */
function spokenIn(action: Action): string {
  const language = 'sound' in action && (action.sound.kind === 'file' || action.sound.kind === 'given') ? action.sound.language : undefined
  return language === undefined ? '' : ` in \`${language}\``
}

function inWords(action: Action): string {
  switch (action.do) {
    case 'ivr': case 'play': return `${action.do}: ${soundWord(action.sound)}`
    case 'connect': return `connect: "${action.to}"`
    case 'hangup': return `hangup: ${action.cause}`
    case 'record': return 'record: {}'
  }
}

/** The record that the coming action belongs to: its prompt and its beep go out before it. */
function recordOf(call: Conversation): (Action & { do: 'record' }) | undefined {
  const { coming } = call
  if (coming.kind === 'over') return undefined
  const last = call.following.at(-1) ?? coming.action
  return last.do === 'record' ? last : undefined
}

/** What is heard before a record: the beep alone is no prompt. */
function promptSound(call: Conversation) {
  const { coming } = call
  if (coming.kind === 'over' || coming.action.do !== 'play') return undefined
  const { sound } = coming.action
  const isBeep = sound.kind === 'given' && sound.address === 'sound/beep' && call.following.length === 1
  return isBeep ? undefined : sound
}

function promptOf(call: Conversation): string | undefined {
  const sound = promptSound(call)
  return sound === undefined ? undefined : soundWord(sound)
}

/** Undefined where the coming thing is what the step expects. */
export function compare(step: Meet & Written, call: Conversation): Difference | undefined {
  const { coming } = call
  const other: Difference = { expected: `\`${step.text}\``, met: describe(call) }
  if (step.meet === 'end') return coming.kind === 'over' && coming.handover === undefined && coming.asks === undefined ? undefined : other
  if (step.meet === 'handover') return coming.kind === 'over' && coming.handover === step.address ? undefined : other
  if (coming.kind === 'over' || step.meet === 'state' || step.meet === 'sends') return other
  const record = recordOf(call)
  if (step.meet === 'record') {
    if (record === undefined) return other
    const sound = promptSound(call)
    if (step.heard !== undefined && (sound === undefined || !isHeard(step.heard, sound))) return other
    return options(step.options, { timelimit: record.timelimit ?? 120, silence: record.silence ?? true }, other)
  }
  const { action } = coming
  if (record !== undefined || action.do !== step.meet) return other
  if (step.meet === 'hangup') return action.do === 'hangup' && action.cause === step.cause ? undefined : other
  if (step.meet === 'connect' && action.do === 'connect') {
    if (step.numbers !== undefined && step.numbers.join(',') !== action.to) return other
    const { timeout, callerid, timelimit, recordcall = false } = action
    return options(step.options, { timeout, callerid, timelimit, recordcall }, other)
  }
  if (action.do !== 'ivr' && action.do !== 'play') return other
  if ('heard' in step && step.heard !== undefined && !isHeard(step.heard, action.sound)) return other
  const { digits, timeout, repeat } = action.do === 'ivr' ? action : { digits: undefined, timeout: undefined, repeat: undefined }
  return options('options' in step ? step.options : {}, action.do === 'ivr' ? { digits, timeout, repeat } : { skippable: action.skippable ?? true }, other)
}

function options(expected: Options, met: Readonly<Record<string, Options[string] | undefined>>, other: Difference): Difference | undefined {
  const wrong = Object.keys(expected).filter(key => expected[key] !== met[key])
  if (wrong.length === 0) return undefined
  return { expected: other.expected, met: `${other.met} with ${wrong.map(key => `\`${key}: ${met[key] ?? '(none)'}\``).join(' and ')}` }
}
