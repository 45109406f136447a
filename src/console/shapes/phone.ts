/** What happens in a test call, as its listeners are told: one object each, in their order. Seconds count from the call's beginning. */
import type { CallState, Ended, Purpose } from '../../emulator/call-words.ts'
import type { Happening } from '../../emulator/trace.ts'

/** A state by its flow; of a state in a flow that another one runs, where it runs: the innermost last. */
export interface Place {
  readonly flow: string
  readonly state: string
}

/** Those of the emulator that are told as they are. */
type Plain = Extract<Happening, { kind: 'sound-end' | 'listening' | 'key' | 'keys-lost' | 'speech' | 'line' | 'talk-end' | 'result' | 'caller-hangs-up' }>

export type PhoneHappening =
  | Plain
  /** A request of the carrier's, with its form. Tokens and keys in addresses are cut short. */
  | { readonly kind: 'request'; readonly number: number; readonly purpose: Purpose; readonly address: string; readonly form: Readonly<Record<string, string>> }
  /** Our answer to it: the body as it was, but for tokens and keys. */
  | { readonly kind: 'answer'; readonly number: number; readonly status?: number; readonly body?: string; readonly trouble?: string; readonly milliseconds: number }
  /** From where the call went where, and why; names of states in flows that are run stand behind their flow's. */
  | { readonly kind: 'moves'; readonly flow: string; readonly version: string; readonly moves: readonly { readonly from: string; readonly event: string; readonly to: string }[]; readonly broke?: string }
  /** The call is in this state now; `outside`: the states that run its flow, the outermost first. */
  | { readonly kind: 'state'; readonly outside: readonly Place[] } & Place
  /** A sound begins. `sound`: its address on the operator's side; left out for sounds that are not ours. */
  | { readonly kind: 'heard'; readonly name: string; readonly text?: string; readonly seconds: number; readonly round: number; readonly sound?: string; readonly trouble?: string }
  /** What the caller, or the called number, may do now. `keys`: those that lead somewhere of their own. */
  | { readonly kind: 'awaits'; readonly what: 'keys'; readonly digits: number; readonly timeout: number; readonly repeat: number; readonly keys: readonly string[] }
  | { readonly kind: 'awaits'; readonly what: 'line'; readonly numbers: readonly string[]; readonly callerid: string; readonly timeout: number; /** Whether it was said beforehand what they do. */ readonly isKnown: boolean }
  | { readonly kind: 'awaits'; readonly what: 'speech'; readonly timelimit: number; readonly silencedetection: boolean }
  | { readonly kind: 'recorded'; readonly seconds: number }
  /** Another program was asked by a state; `failed` says why there is no reply. */
  | { readonly kind: 'asked'; readonly state: string; readonly method: string; readonly host: string; readonly status?: number; readonly failed?: string }
  /** What a real call would send now. */
  | { readonly kind: 'sends'; readonly item: string; readonly state: string; readonly to: string; readonly words: string }
  /** Another application would take the call over: a test call does not go there. */
  | { readonly kind: 'handover'; readonly address: string }
  | { readonly kind: 'warning' | 'error'; readonly code: string; readonly message: string; readonly says: string; readonly request?: number }
  | { readonly kind: 'end'; readonly ended: Ended; readonly state: CallState }
  /** The last of all: how the call is judged. */
  | { readonly kind: 'over'; readonly ok: boolean; readonly seconds: number; readonly states: readonly string[]; readonly requests: number; readonly warnings: number; readonly trouble?: string }

/** `n` counts from 1, without gaps. */
export type PhoneEvent = PhoneHappening & { readonly n: number; readonly at: number }
