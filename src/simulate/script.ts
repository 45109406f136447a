/** A scripted call: what the caller and the line do, and what the caller meets, in order. */
import type { Span } from '../problem/problem.ts'
import type { World } from '../run/world.ts'
import type { Heard } from './heard.ts'
import type { Sent } from './sends.ts'

/** What the caller, the line or the carrier does. */
export type Act =
  | { readonly act: 'press'; readonly keys: string }
  | { readonly act: 'speak' | 'wait'; readonly seconds: number }
  | { readonly act: 'line'; readonly result: 'success' | 'busy' | 'failed' }
  | { readonly act: 'silence' | 'hang-up' | 'same-again' | 'sound-failed' }

/** What the caller meets; only the keys in `options` are compared. */
export type Meet =
  | { readonly meet: 'ivr' | 'play' | 'record'; readonly heard?: Heard; readonly options: Options }
  | { readonly meet: 'connect'; readonly numbers?: readonly string[]; readonly options: Options }
  | { readonly meet: 'hangup'; readonly cause: string }
  | { readonly meet: 'handover'; readonly address: string }
  | { readonly meet: 'state'; readonly name: string }
  | { readonly meet: 'end' }
  /** What is sent by now, and was not met before: this, and in this order. */
  | { readonly meet: 'sends'; readonly items: readonly Sent[] }

export type Options = Readonly<Record<string, string | number | boolean>>

/** Where a step is written, and how. */
export interface Written {
  readonly span: Span
  readonly text: string
}

export type ScriptStep = (Act | Meet) & Written

export interface Script {
  readonly name: string
  /** The file that it stands in, and the place of its name there. */
  readonly file: string
  readonly span: Span
  /** When the call comes in, in milliseconds since 1970. */
  readonly at: number
  readonly from: string
  readonly to: string
  readonly direction: 'incoming' | 'outgoing'
  readonly world: World
  readonly steps: readonly ScriptStep[]
}
