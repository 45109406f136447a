/**
 * Calls on their way into the store: text, a line each, because text is what a thread hands over cheapest. A line of a step
 * has a head, for the row of its call, and an entry, which is kept as it is.
 */
import type { HeardSound, Met, RecordedMove, RecordedStep } from './call-record.ts'

/** What a call ends by if its end is reported now; `ringing` and `ringing-last` depend on whether somebody answers. */
export type Leads = 'caller' | 'end' | 'connected' | 'hangup' | 'handover' | 'error' | 'ringing' | 'ringing-last'

/** Between the parts of a field, and between a head and its entry: control characters, which no text here holds. */
export const PART = '\x1f'
const ENTRY = '\x1e'
/** Of the head of a step that is no first one. */
const FIELDS = 6

/** A text as it may stand in a line. */
export function plainText(text: string): string {
  return /[\x00-\x1f]/.test(text) ? text.replace(/[\x00-\x1f]+/g, ' ') : text
}

export interface StepHead {
  readonly id: string
  readonly flow: string
  readonly begun: number
  /** Empty in all steps but the first. */
  readonly caller: string
  readonly called: string
  readonly direction: string
  /** Empty where it came to no state. */
  readonly at: string
  readonly leads: Leads
  /** The answer ended the call for us. */
  readonly closed: boolean
}

export interface StepEntry {
  readonly version: string
  /** Of the call's steps on this version, from 1. */
  readonly step: number
  readonly at: number
  readonly ms: number
  /** From, event, to, event, to …, with PART between them. */
  readonly moves: string
  readonly met: Met
  readonly last: boolean
  /** Ids of sounds, with commas between them. */
  readonly heard: string
  /** `name=value` and PART, any number of times. */
  readonly more: string
}

export interface EndLine {
  readonly id: string
  readonly at: number
  /** The carrier's word; `unknown` where the end was never reported. */
  readonly how: string
  readonly seconds: number | undefined
  readonly answered: string
  readonly talk: number
}

export interface SoundLine extends HeardSound {
  readonly id: string
}

export function writeStep({ id, flow, begun, caller, called, direction, at: state, leads, closed }: StepHead, { version, step, at, ms, moves, met, last, heard, more }: StepEntry): string {
  const first = direction === '' ? '' : `\t${caller}\t${called}\t${direction}`
  return `${closed ? 'c' : 's'}\t${id}\t${flow}\t${begun}\t${state}\t${leads}${first}${ENTRY}${version}\t${step}\t${at}\t${Math.round(ms * 1000) / 1000}\t${moves}\t${met}\t${last ? '1' : ''}\t${heard}\t${more}`
}

export function writeEnd({ id, at, how, seconds, answered, talk }: EndLine): string {
  return `e\t${id}\t${at}\t${how}\t${seconds ?? ''}\t${answered}\t${talk}`
}

export function writeSound({ id, name, text, address }: SoundLine): string {
  return `d\t${id}\t${plainText(name)}\t${plainText(text ?? '')}\t${plainText(address ?? '')}`
}

export type CallLine =
  | { readonly kind: 'step'; readonly head: StepHead; readonly entry: string } & Pick<StepEntry, 'version' | 'step' | 'at'>
  | { readonly kind: 'end'; readonly end: EndLine }
  | { readonly kind: 'sound'; readonly sound: { readonly id: string; readonly name: string; readonly text: string; readonly address: string } }

/** What a line tells of, without reading it. */
export function kindOf(line: string): CallLine['kind'] {
  const letter = line[0]
  return letter === 's' || letter === 'c' ? 'step' : letter === 'e' ? 'end' : 'sound'
}

/** The id of the call of a line, or of its sound, without reading the rest. */
export function idIn(line: string): string {
  return line.slice(2, line.indexOf('\t', 2))
}

/** What a line says. */
export function readLine(line: string): CallLine {
  const cut = line.indexOf(ENTRY)
  const [kind, id = '', a = '', b = '', c = '', d = '', e = '', f = '', g = ''] = (cut < 0 ? line : line.slice(0, cut)).split('\t')
  switch (kind) {
    case 's': case 'c': {
      const entry = line.slice(cut + 1)
      const [version = '', step, at] = entry.split('\t', 3)
      return { kind: 'step', entry, version, step: Number(step), at: Number(at), head: { id, flow: a, begun: Number(b), at: c, leads: d as Leads, caller: e, called: f, direction: g, closed: kind === 'c' } }
    }
    case 'e': return { kind: 'end', end: { id, at: Number(a), how: b, seconds: c === '' ? undefined : Number(c), answered: d, talk: Number(e) } }
    default: return { kind: 'sound', sound: { id, name: a, text: b, address: c } }
  }
}

/** The entry of a step's line with its key, number and time, without reading the rest. */
export function entryOf(line: string): { readonly entry: string; readonly key: string; readonly step: number; readonly at: number } {
  const entry = line.slice(line.indexOf(ENTRY) + 1)
  const version = entry.indexOf('\t')
  const step = entry.indexOf('\t', version + 1)
  return { entry, key: entry.slice(0, step), step: Number(entry.slice(version + 1, step)), at: Number(entry.slice(step + 1, entry.indexOf('\t', step + 1))) }
}

/** Whether the line of a step is that of a first request, which alone says who called whom. */
export function isFirst(line: string): boolean {
  let tab = -1
  for (let field = 0; field < FIELDS; field++) tab = line.indexOf('\t', tab + 1)
  return tab < line.indexOf(ENTRY)
}

/** What tells the steps of a call apart: a request that the carrier repeats has the same. */
export function entryKey(entry: string): string {
  return entry.slice(0, entry.indexOf('\t', entry.indexOf('\t') + 1))
}

/** When the step of an entry was answered. */
export function entryTime(entry: string): number {
  return Number(entry.split('\t', 3)[2])
}

/** The ids of all sounds in entries. */
export function soundsIn(entries: readonly string[]): string[] {
  return [...new Set(entries.flatMap(entry => (entry.split('\t')[7] ?? '').split(',')).filter(id => id !== ''))]
}

/** The moves of an entry, and what of it figures are made of. */
export function readMoves(entry: string): { readonly at: number; readonly moves: RecordedMove[]; readonly met: Met; readonly pressed: string | undefined } {
  const [, , at, , moves = '', met, , , more = ''] = entry.split('\t')
  return { at: Number(at), moves: movesOf(moves), met: met as Met, pressed: more === '' ? undefined : readMore(more).get('pressed') }
}

/** An entry, read. `sounds`: those that it names, by id. */
export function readEntry(entry: string, sounds: ReadonlyMap<string, HeardSound>): RecordedStep {
  const [version = '', , at, ms, moves = '', met, last, heard = '', more = ''] = entry.split('\t')
  const found = readMore(more)
  const [holiday, reason, pressed, keys, numbers] = ['holiday', 'reason', 'pressed', 'keys', 'numbers'].map(name => found.get(name))
  return {
    version, at: Number(at), ms: Number(ms), moves: movesOf(moves), met: met as Met, last: last === '1',
    heard: heard === '' ? [] : heard.split(',').map(id => sounds.get(id) ?? { name: 'a sound that is not on record' }),
    ...(holiday === undefined ? {} : { holiday }), ...(reason === undefined ? {} : { reason }), ...(pressed === undefined ? {} : { pressed }),
    ...(keys === undefined ? {} : { keys: Number(keys) }), ...(numbers === undefined ? {} : { numbers: numbers.split(',') }), ...(found.has('broke') ? { broke: true as const } : {}),
  }
}

function movesOf(text: string): RecordedMove[] {
  const parts = text.split(PART)
  const moves: RecordedMove[] = []
  for (let i = 0; i + 2 < parts.length; i += 2) moves.push({ from: parts[i] as string, event: parts[i + 1] as string, to: parts[i + 2] as string })
  return moves
}

function readMore(text: string): Map<string, string> {
  return new Map(text.split(PART).slice(0, -1).map(one => [one.slice(0, one.indexOf('=')), one.slice(one.indexOf('=') + 1)]))
}
