/** The arguments of `tonval call`, read and held against each other. */
import { dayOf } from '../../compile/schedule/read-hours.ts'
import { readAddress } from '../../emulator/address.ts'
import { readMoves } from '../../emulator/moves.ts'
import type { Move } from '../../emulator/moves.ts'
import { UsageError } from '../io.ts'
import { readOptions } from '../options.ts'

export interface CallRequest {
  /** The flow's name or file; undefined where the folder's only one is meant. */
  readonly flow: string | undefined
  readonly dir: string
  /** Somebody's application instead of a flow: an address, or an action as JSON text. */
  readonly url: string | undefined
  /** What the caller does; undefined: a person at the terminal does it. */
  readonly keys: readonly Move[] | undefined
  /** The same as it was written. */
  readonly words: string
  /** `null` for a caller who hides the number. */
  readonly from: string | null | undefined
  readonly to: string | undefined
  readonly at: { readonly text: string; readonly time: number } | undefined
  readonly play: boolean
  readonly acrossReadings: boolean
  readonly json: boolean
  /** The file of scripted calls that this call is added to, and what it is called there. */
  readonly record: string | undefined
  readonly name: string | undefined
}

const NUMBER = /^\+[1-9]\d{6,14}$/
// the form of `at` in scripted calls: without an offset it would mean another moment on another machine
const TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2})?(Z|[+-]\d{2}:\d{2})$/

/** What a command line asks for; undefined where it asks for help. Throws a UsageError. */
export function readRequest(args: readonly string[]): CallRequest | undefined {
  const options = readOptions(args, {
    dir: 'text', url: 'text', keys: 'text', from: 'text', to: 'text', at: 'text', play: 'flag',
    readings: ['cautious', 'all'], format: ['pretty', 'json'], record: 'text', name: 'text',
  })
  if (options.flag('help')) return undefined
  const { rest } = options
  if (rest.length > 1) throw new UsageError(`one flow is called at a time, and here are ${rest.length}: ${rest.join(', ')}${options.flag('keys') ? '' : '; keys go with --keys "1 2#"'}`)
  const url = readUrl(options.text('url'), rest[0])
  if (url !== undefined && rest[0] !== undefined) throw new UsageError(`\`${rest[0]}\` is a flow, and --url names another application: give one of them`)
  if (url !== undefined && options.flag('dir')) throw new UsageError('`--dir` is where flows are, and --url names another application: give one of them')
  if (url !== undefined && options.flag('at')) throw new UsageError('`--at` sets the time that a flow believes it is; an application at an --url has a clock of its own, which nobody can set from here')
  const words = options.text('keys')
  const needsKeys = (name: 'readings' | 'format', value: string): void => {
    if (options.text(name) === value && words === undefined) throw new UsageError(`\`--${name} ${value}\` goes with --keys: what the caller does must be known beforehand`)
  }
  needsKeys('readings', 'all')
  needsKeys('format', 'json')
  if (options.flag('play') && words !== undefined) throw new UsageError('`--play` is for a call in real time; with --keys ten minutes take milliseconds: leave out one of them')
  const record = options.text('record')
  if (record !== undefined && !record.endsWith('.calls.yaml')) throw new UsageError(`\`--record ${record}\`: scripted calls stand in a file that ends in \`.calls.yaml\`, named as their flow`)
  if (options.flag('name') && record === undefined) throw new UsageError('`--name` names the call that --record writes: give the file too')
  return {
    flow: rest[0], dir: options.text('dir') ?? 'flows', url,
    keys: words === undefined ? undefined : readWords(words), words: words ?? '',
    from: options.text('from') === 'hidden' ? null : readNumber('from', options.text('from'), ' or `hidden`'),
    to: readNumber('to', options.text('to'), ''), at: readTime(options.text('at')),
    play: options.flag('play'), acrossReadings: options.text('readings') === 'all', json: options.text('format') === 'json', record, name: options.text('name'),
  }
}

function readWords(words: string): Move[] {
  try {
    return readMoves(words)
  } catch (error) {
    throw new UsageError(`--keys: ${(error as Error).message}`, { cause: error })
  }
}

function readUrl(text: string | undefined, flow: string | undefined): string | undefined {
  if (text === undefined) {
    if (flow !== undefined && readAddress(flow) !== undefined) throw new UsageError(`\`${flow}\` is an address: write \`--url ${flow}\``)
    return undefined
  }
  if (readAddress(text) !== undefined || text.trimStart().startsWith('{')) return text
  const meant = `http://${text.replace(/^\/+/, '')}`
  throw new UsageError(`--url: \`${text}\` is no absolute http or https address${readAddress(meant) === undefined || text.includes('://') ? '' : `; did you mean \`${meant}\`?`}`)
}

function readNumber(option: string, text: string | undefined, or: string): string | undefined {
  if (text === undefined) return undefined
  const plain = text.replace(/[\s()-]/g, '')
  if (NUMBER.test(plain)) return plain
  throw new UsageError(`--${option}: \`${text}\` is no number such as +46701234567${or}: a plus sign, the country's code, 7 to 15 digits in all`)
}

function readTime(text: string | undefined): CallRequest['at'] {
  if (text === undefined) return undefined
  const time = TIME.test(text) && dayOf(text.slice(0, 10)) !== undefined ? Date.parse(text) : NaN
  if (!Number.isNaN(time)) return { text, time }
  const offset = TIME.test(`${text}Z`) ? `; add the offset from UTC: \`${text}+01:00\`, or \`${text}Z\`` : ', such as 2026-03-02T14:30+01:00'
  throw new UsageError(`--at: \`${text}\` is no time with an offset${offset}`)
}
