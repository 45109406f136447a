import { shortAddress, soundName } from './address.ts'
import type { CallReport } from './report.ts'
import type { TraceEvent } from './trace.ts'

/**
 * What a call sounded like, a line for each thing met or done, without times, addresses or what a program cannot
 * know beforehand (tokens, ids): two calls that went the same way have equal transcripts.
 */
export function transcript(trace: readonly TraceEvent[]): string[] {
  const lines: string[] = []
  let keys = ''
  const flush = (): void => {
    if (keys !== '') lines.push(`caller: ${keys}`)
    keys = ''
  }
  for (const event of trace) {
    if (event.kind === 'key') {
      keys += event.key
      continue
    }
    const line = transcribe(event)
    if (line === undefined) continue
    flush()
    lines.push(line)
  }
  flush()
  return lines
}

function transcribe(event: TraceEvent): string | undefined {
  switch (event.kind) {
    case 'action':
      if (event.action === 'connect') return `connect ${event.value}`
      if (event.action === 'record') return event.value.startsWith('local/') ? `record ${event.value}` : 'record'
      return `${event.action} ${soundName(event.value)}`
    case 'line':
      return `line: ${event.result}`
    case 'speech':
      return `caller: speaks ${event.seconds} s`
    case 'caller-hangs-up':
      return 'caller: hangs up'
    case 'result':
      return `-> ${event.result}${event.why === undefined ? '' : ` (${event.why})`}`
    case 'end':
      return `end: ${event.ended}`
    default:
      return undefined
  }
}

/** A call as readable text: when, who, what; then what was found. Addresses are shortened: secrets stand in them. */
export function writeReport(report: CallReport): string {
  const lines = report.trace.map((event) => {
    const [who, what] = describe(event)
    return `${time(event.at)}  ${who.padEnd(8)}  ${what}`
  })
  const { seconds, requests, state, ended } = report
  lines.push(`${time(seconds)}  call of ${seconds} s, ${requests.length} requests, state ${state}, ended by ${ended}`)
  return `${lines.join('\n')}\n`
}

/** Who did what, in words, for one line of a screen. */
export function describe(event: TraceEvent): readonly [who: 'carrier' | 'app' | 'caller' | 'line' | 'finding', what: string] {
  switch (event.kind) {
    case 'request': {
      const result = event.result === undefined ? '' : `, result=${event.result}`
      const why = event.why === undefined ? '' : `, why=${event.why}`
      const again = event.repeats === undefined ? '' : ' again'
      return ['carrier', `POST ${shortAddress(event.address)} (${event.purpose}${again}${result}${why})`]
    }
    case 'reply':
      return ['app', event.trouble ?? `answers ${event.status}`]
    case 'action':
      return ['carrier', `${event.action} ${shortAddress(event.value)}`]
    case 'sound': {
      const times = event.round > 1 ? `, time ${event.round}` : ''
      return ['carrier', event.trouble === undefined ? `plays ${event.name}, ${event.seconds} s${times}` : `silence instead of ${event.name}${times}`]
    }
    case 'sound-end':
      return ['carrier', `${event.name} ends after ${event.heard} s`]
    case 'listening':
      return ['carrier', `waits for ${event.digits === 1 ? 'a digit' : `${event.digits} digits`}, ${event.timeout} s`]
    case 'key':
      return ['caller', `presses ${event.key}`]
    case 'keys-lost':
      return ['carrier', `drops the keys ${event.keys}`]
    case 'speech':
      return ['caller', `speaks ${event.seconds} s`]
    case 'ringing':
      return ['carrier', `rings ${event.numbers.join(', ')} for ${event.timeout} s, showing ${event.callerid}`]
    case 'line':
      return ['line', event.number === undefined ? event.result : `${event.result}: ${event.number} answers`]
    case 'talk-end':
      return ['line', `talked ${event.seconds} s, ended by the ${event.by}`]
    case 'recording':
      return ['carrier', `records for at most ${event.timelimit} s`]
    case 'recorded':
      return ['carrier', `has recorded ${event.seconds} s`]
    case 'result':
      return ['carrier', `${event.action}: ${event.result}${event.why === undefined ? '' : ` (${event.why})`}`]
    case 'caller-hangs-up':
      return ['caller', 'hangs up']
    case 'finding':
      return ['finding', `${event.finding.severity}: ${event.finding.message}. ${event.finding.says} [${event.finding.code}, facts ${event.finding.section}]`]
    case 'end':
      return ['carrier', `the call is over: ${event.ended}`]
  }
}

function time(seconds: number): string {
  const minutes = String(Math.floor(seconds / 60)).padStart(2, '0')
  return `${minutes}:${(Math.floor((seconds % 60) * 10) / 10).toFixed(1).padStart(4, '0')}`
}
