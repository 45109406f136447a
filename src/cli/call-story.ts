/** A call on record in sentences: what the caller heard and pressed, where that led, and why the call ended where it did. */
import type { CallShown, StepShown, TraceShown } from '../console/shapes/calls.ts'
import type { CallEnd, HeardSound } from '../store/call-record.ts'
import { printable } from '../problem/cells.ts'

/** The sentences, one for each request and one for the end, then what was sent and recorded. */
export function callStory(call: TraceShown): string[] {
  const clock = clockOf(call.timezone)
  const lines: string[] = []
  let version: string | undefined
  call.trace.forEach((step, index) => {
    const before = call.trace[index - 1]
    const changed = version !== undefined && version !== step.version ? ` From here on it was on version ${step.version}.` : ''
    version = step.version
    const told = index === 0 && step.from === '' ? begins(call, step) : `they ${[...(index === 0 ? [] : did(step, before)), ...led(step, index === 0)].join(' and ')}`
    lines.push(`At ${clock.time(step.at)}${index === 0 ? ` on ${clock.day(step.at)}` : ''} ${told}.${hears(step)}${why(step)}${changed}`)
  })
  lines.push(ends(call, clock.time))
  for (const { kind, to, item, state, why: reason } of call.sends) lines.push(`It sends ${SENDS[kind] ?? kind} to ${to} (\`${item}\`): ${STATES[state] ?? state}${reason === undefined ? '' : `, ${reason}`}.`)
  for (const { item, seconds, state } of call.recordings) lines.push(`A recording of ${counted(seconds, 'second')}${item === '' ? '' : ` (\`${item}\`)`} ${RECORDINGS[state] ?? `is ${state}`}.`)
  return lines.map(printable)
}

const SENDS: Readonly<Record<string, string>> = { sms: 'an SMS', email: 'an e-mail', post: 'a POST', call: 'a call' }
const STATES: Readonly<Record<string, string>> = { waiting: 'it waits', sending: 'it is being sent', doubt: 'nobody knows whether it came', skipped: 'kept back by `once_per`', dropped: 'given up' }
const RECORDINGS: Readonly<Record<string, string>> = { here: 'is here', coming: 'is still with the carrier', lost: 'is lost', deleted: 'was deleted when it was old enough' }

function begins(call: CallShown, step: StepShown): string {
  const [caller, called] = [call.caller === 'hidden' ? 'a hidden number' : call.caller === '' ? 'somebody' : call.caller, call.called === '' ? 'us' : call.called]
  const where = step.to === 'end' ? `\`${call.flow}\` had nothing to say` : `reached \`${step.to}\` of \`${call.flow}\`${passed(step)}`
  if (call.direction === 'outgoing') return `we called ${called} from ${caller}, and they ${where}${does(step)}`
  return `${caller} called ${called} and ${where}${does(step)}`
}

/** What happened in the state before, as what they did. */
function did({ from, event, pressed, keys }: StepShown, before: StepShown | undefined): string[] {
  const wrong = pressed === undefined ? (keys === undefined ? 'pressed what' : `pressed ${counted(keys, 'key')}, which`) : `pressed ${pressed}, which`
  switch (event) {
    case 'sorry': return [`${wrong} \`${from}\` does not take,`]
    case 'nomatch': return [`${wrong} \`${from}\` does not take, for the last time,`]
    case 'silent': return ['pressed no key']
    case 'noinput': return [`pressed no key in \`${from}\``]
    case '***': return ['pressed keys that are not recorded']
    case 'longest': return [`had been in the call for as long as \`longest\` allows`]
    case 'error': return ['met a fault of ours, which the log tells of,']
    default:
  }
  if (before?.met === 'connect') return [line(event, before.numbers ?? [])]
  if (before?.met === 'record') return [event === 'success' ? 'left a message' : 'left no message']
  if (before?.met === 'ivr') return [event === 'failed' ? `could not be asked in \`${from}\` (the carrier reports \`failed\`)` : /^[0-9*#]+$/.test(event) ? `pressed ${event}` : `entered what \`${from}\` takes (\`${event}\`)`]
  if (event === 'failed') return [`could not hear \`${from}\` (the carrier reports \`failed\`)`]
  return from === '' ? [] : [`were through with \`${from}\``]
}

function line(event: string, numbers: readonly string[]): string {
  const who = numbers.length === 0 ? 'whoever was rung' : numbers.join(', ')
  if (event === 'success') return `talked with ${numbers.length > 1 ? `one of ${who}` : who}`
  return event === 'busy' ? `found ${who} busy` : `got no answer from ${who}`
}

/** Where that led. */
function led(step: StepShown, isFirst: boolean): string[] {
  if (step.event === 'sorry' || step.event === 'silent') return ['were asked again']
  if (step.event === 'again') return [`\`${step.to}\` rang ${step.numbers?.join(', ') ?? 'another number'} next`]
  const { to } = step
  if (step.met === 'handover') return [`were handed over to ${to}${passed(step)}`]
  if (to === 'end') return [`came to the end of the flow${passed(step)}`]
  return [`${isFirst ? 'came to' : 'reached'} \`${to}\`${passed(step)}${does(step)}`]
}

function passed({ via = [] }: StepShown): string {
  return via.length === 0 ? '' : ` by way of ${via.map(name => `\`${name}\``).join(', ')}`
}

function does({ met, numbers = [] }: StepShown): string {
  if (met === 'connect') return `, where ${numbers.length === 0 ? 'a number' : numbers.join(', ')} rang`
  if (met === 'record') return ', where they were recorded'
  return met === 'hangup' ? ', which hangs up' : ''
}

function hears({ heard }: StepShown): string {
  const words = heard.filter(({ name }) => name !== 'sound/beep').map(soundWords)
  return words.length === 0 ? '' : ` They heard ${words.length === 1 ? words[0] : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`}.`
}

function soundWords({ name, text }: HeardSound): string {
  return text === undefined ? name : `“${text}”`
}

function why({ holiday, reason, broke, event }: StepShown): string {
  return [
    holiday === undefined ? '' : ` It was a holiday: ${holiday}.`, reason === undefined ? '' : ` What was asked of another program failed: ${reason}.`,
    broke === true && event !== 'error' ? ' Something of ours broke on the way; the log says what.' : '',
  ].join('')
}

function ends(call: TraceShown, time: (at: string) => string): string {
  const last = call.trace.at(-1)
  const at = call.at === null ? '' : ` in \`${call.at}\``
  if (call.ended === null) return `The call goes on${at}.`
  const when = call.end === null ? 'When it was over nobody told' : `At ${time(call.end)} the call was over${call.seconds === null ? '' : `, after ${counted(call.seconds, 'second')}`}`
  const reported = call.reported === null || call.reported === 'success' ? '' : ` The carrier reports it as \`${call.reported}\`.`
  return `${when}: ${reason(call.ended, call, last)}.${reported}`
}

function reason(ended: CallEnd, { at, answered }: TraceShown, last: StepShown | undefined): string {
  const state = at === null ? 'the flow' : `\`${at}\``
  switch (ended) {
    case 'end': return last?.met === 'connect' ? `nobody is known to have answered in ${state}, and nothing follows` : `the flow has no more to say after ${state}`
    case 'connected': return answered === null ? 'somebody answered, and the talk had ended' : `${answered.number} answered, and the talk had ended after ${counted(answered.seconds, 'second')}`
    case 'hangup': return `${state} hung up`
    case 'handover': return 'another application answers from there on'
    case 'error': return 'something of ours broke and no way out was left; the log says what'
    case 'unknown': return `the carrier never reported the end, and it stood in ${state}`
    case 'caller':
  }
  switch (last?.met) {
    case 'connect': return `they hung up in ${state}, where ${last.numbers?.join(', ') ?? 'a number'} rang or talked`
    case 'ivr': return `they hung up in ${state}, where they were asked for a key`
    case 'record': return `they hung up in ${state}, where they were recorded`
    default: return `they hung up in ${state}`
  }
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}

/** Times as the clock on the wall shows them in a zone. */
export function clockOf(zone: string): { readonly time: (at: string) => string; readonly day: (at: string) => string; readonly both: (at: string) => string } {
  const time = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, timeStyle: 'medium' })
  const day = new Intl.DateTimeFormat('en-GB', { timeZone: zone, dateStyle: 'long' })
  const both = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'medium' })
  return { time: at => time.format(Date.parse(at)), day: at => day.format(Date.parse(at)), both: at => both.format(Date.parse(at)) }
}
