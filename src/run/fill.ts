/** Values and filters: what `{{name | filter}}` stands for in a call. */
import type { Flow, Ref, Section } from '../compile/flow.ts'
import { phoneNumber } from './phone-number.ts'

/** What a value may be read from. */
export interface Readable {
  readonly flow: Flow
  /** The flow that the call is in: itself, or one that it runs. */
  readonly section: Section
  readonly id: string
  readonly start: number
  /** Milliseconds since 1970. */
  readonly now: number
  readonly caller: string
  readonly called: string
  readonly direction: string
  readonly digits: string
  readonly stateName: string
  /** Values that only the end of the call, or a recording of it, tells. */
  readonly told: Readonly<Record<string, string>> | undefined
  /** The language of the prompts. */
  readonly language: string
  value(index: number): string
  switchAt(name: string): string
}

/** The text of one value, filtered. */
export function fillRef(call: Readable, ref: Ref): string {
  const text = textOf(call, ref)
  return ref.filter === undefined ? text : filter(call.section.country, text, ref.filter)
}

function textOf(call: Readable, { from, text, index }: Ref): string {
  switch (from) {
    case 'text': return text
    case 'built-in': return builtIn(call, text)
    case 'switch': return call.switchAt(text)
    case 'value': case 'prompt': return call.value(index)
  }
}

function builtIn(call: Readable, name: string): string {
  const told = call.told?.[name]
  if (told !== undefined) return told
  switch (name) {
    case 'caller': return call.caller
    case 'called': return call.called
    case 'direction': return call.direction
    case 'digits': return call.digits
    case 'call.id': return call.id
    case 'call.seconds': return String(Math.max(0, Math.floor(call.now / 1000) - call.start))
    case 'flow': return call.section.name
    // by its name in its own file, as whoever wrote that knows it
    case 'state': return call.section === call.flow.sections[0] ? call.stateName : call.stateName.slice(call.section.name.length + 1)
    case 'language': return call.language
    case 'today': return clock(call.section.timezone, call.now).slice(0, 10)
    case 'time': return clock(call.section.timezone, call.now).slice(11, 16)
    default: return ''
  }
}

const clocks = new Map<string, Intl.DateTimeFormat>()

/** "2026-03-02 14:05" in a time zone: the Swedish form is ISO's. */
function clock(timezone: string, now: number): string {
  let format = clocks.get(timezone)
  if (format === undefined) {
    format = new Intl.DateTimeFormat('sv-SE', { timeZone: timezone, dateStyle: 'short', timeStyle: 'short' })
    clocks.set(timezone, format)
  }
  return format.format(now)
}

function filter(country: string, text: string, { name, text: otherwise }: { name: string; text: string }): string {
  switch (name) {
    case 'last4': return text.slice(-4)
    case 'spaced': return [...text].join(' ')
    case 'national': return phoneNumber(text, country)?.formatNational() ?? text
    case 'e164': return phoneNumber(text, country)?.number ?? ''
    case 'duration': return duration(text)
    case 'lower': return text.toLowerCase()
    case 'upper': return text.toUpperCase()
    case 'default': return text === '' ? otherwise : text
    default: return text
  }
}

/** 95 → 1m35s; what is no number stays as it is. */
function duration(text: string): string {
  if (!/^\d{1,9}$/.test(text)) return text
  const seconds = Number(text)
  const parts = [[Math.floor(seconds / 3600), 'h'], [Math.floor(seconds / 60) % 60, 'm'], [seconds % 60, 's']] as const
  const shown = parts.filter(([count]) => count > 0).map(([count, unit]) => `${count}${unit}`)
  return shown.join('') || '0s'
}
