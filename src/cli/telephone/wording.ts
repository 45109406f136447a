/** The words on the screen of a call, and in the trace of one that nobody watched. */
import { describe } from '../../emulator/transcript.ts'
import type { TraceEvent } from '../../emulator/trace.ts'
import { printable } from '../../problem/cells.ts'
import type { Doing } from './doing.ts'
import type { Label } from '../../emulator/script/labels.ts'
import type { Screen } from './screen.ts'

const BAR = 12
const KEYS = '0-9 * #  s silent  h hang up'

/** What goes on, in one line; undefined where nothing does. What must be known stands first: a narrow terminal shows no more. */
export function liveLine(doing: Doing, now: number): string | undefined {
  const since = 'since' in doing ? Math.max(0, (now - doing.since) / 1000) : 0
  const left = (seconds: number): string => `${Math.max(0, Math.ceil(seconds - since))} s`
  switch (doing.kind) {
    case 'over': return undefined
    case 'waiting': return 'the application is asked'
    case 'hearing': return `${bar(since, doing.seconds)} ${Math.floor(Math.min(since, doing.seconds))}/${Math.ceil(doing.seconds)} s ${doing.name}  ${doing.ivr ? KEYS : 's skip ahead  h hang up'}`
    case 'asked': return `${doing.keys === '' ? '' : `${doing.keys} `}${doing.digits === 1 ? 'a digit' : `${doing.digits} digits`}? ${left(doing.timeout)}  ${KEYS}`
    case 'ringing': return `rings, ${left(doing.timeout)}: a answers b busy n no answer  h hang up`
    case 'talking': return `talking, ${Math.floor(since)} s: h you, o they hang up`
    case 'recorded': return `${doing.speaking ? 'speaking' : 'silent'}, ${Math.floor(since)}/${doing.timelimit} s${doing.speaking ? ': space ends it' : ''}  h hang up`
  }
}

function bar(done: number, whole: number): string {
  const full = whole === 0 ? BAR : Math.min(BAR, Math.floor((done / whole) * BAR))
  return `[${'#'.repeat(full)}${'-'.repeat(BAR - full)}]`
}

/** Shows that the caller chose to say nothing, at some second of the call. */
export function tellSilence(screen: Screen, at: number): void {
  screen.say(`${time(at, 0)}  you    `, 'stay silent', 'strong')
}

/** Shows what a caller notices of an event; requests and their answers are not among it. */
export function tellEvent(screen: Screen, event: TraceEvent, label: (address: string) => Label): void {
  const say = (who: string, text: string, style?: Parameters<Screen['say']>[2]): void => screen.say(`${time(event.at, 0)}  ${who.padEnd(6)} `, text, style)
  switch (event.kind) {
    case 'sound': {
      const { name, text } = label(event.address)
      const times = event.round > 1 ? `, time ${event.round}` : ''
      if (event.trouble === undefined) say('hear', `${name}${times}${text === undefined || event.round > 1 ? '' : `: "${text}"`}`)
      else say('hear', `nothing instead of ${name}${times}: ${event.trouble}`, 'warning')
      break
    }
    case 'key': say('you', `press ${event.key}`, 'strong'); break
    case 'keys-lost': say('', `the keys ${event.keys} are lost: nothing listened yet`, 'quiet'); break
    case 'ringing': say('rings', event.numbers.join(', ')); break
    case 'line': say('line', describe(event)[1]); break
    case 'talk-end': say('line', describe(event)[1]); break
    case 'recording': say('record', 'the recording runs: speak'); break
    case 'recorded': say('record', `${event.seconds} s are recorded`); break
    case 'caller-hangs-up': say('you', 'hang up', 'strong'); break
    case 'action': if (event.action === 'hangup') say('', `the application hangs up (${event.value})`); break
    case 'finding': say(event.finding.severity === 'error' ? 'ERROR' : 'warn', event.finding.message, event.finding.severity); break
    case 'end': say('', 'the call is over', 'quiet'); break
  }
}

/** A call as text, a line an event. `base` stands before addresses of a flow served here; neither it nor tokens are shown. */
export function writeTrace(trace: readonly TraceEvent[], label: (address: string) => Label, base: string | undefined): string {
  const lines = trace.map(event => {
    const [who, what] = event.kind === 'finding' ? ['finding', `${event.finding.severity}: ${event.finding.message}`] : describe(event)
    const text = event.kind === 'sound' && event.round === 1 ? label(event.address).text : undefined
    const line = `${time(event.at, 1)}  ${who.padEnd(8)}  ${what}${text === undefined ? '' : `: "${text}"`}`
    return printable(base === undefined ? line : hidden(line, base))
  })
  return `${lines.join('\n')}\n`
}

function hidden(line: string, base: string): string {
  return line.replaceAll(base, '').replace(/\/(voice\/[a-z0-9_-]+|hangup|recording)\/[\w.-]+/g, '/$1/...')
}

function time(seconds: number, decimals: 0 | 1): string {
  const minutes = String(Math.floor(seconds / 60)).padStart(2, '0')
  const rest = decimals === 0 ? String(Math.floor(seconds % 60)) : (Math.floor((seconds % 60) * 10) / 10).toFixed(1)
  return `${minutes}:${rest.padStart(decimals === 0 ? 2 : 4, '0')}`
}
