import type { CallState, Ended, Purpose } from './call-words.ts'
import { FACTS, type FactCode, type Finding } from './facts.ts'

/** What happened, without its time. Lengths are in seconds. */
export type Happening =
  | { readonly kind: 'request'; readonly number: number; readonly purpose: Purpose; readonly address: string; readonly result?: string; readonly why?: string; readonly repeats?: number }
  | { readonly kind: 'reply'; readonly number: number; readonly status?: number; readonly trouble?: string }
  /** An action begins; `value` is what stands at its key. */
  | { readonly kind: 'action'; readonly action: string; readonly value: string }
  /** A sound begins to be heard; `round` counts the repeats of an ivr from 1. */
  | { readonly kind: 'sound'; readonly name: string; readonly address: string; readonly seconds: number; readonly round: number; readonly trouble?: string }
  /** It is over; `heard` is less than its length where a key or the end of the call cut it short. */
  | { readonly kind: 'sound-end'; readonly name: string; readonly heard: number }
  /** An ivr has played its prompt and waits. */
  | { readonly kind: 'listening'; readonly digits: number; readonly timeout: number }
  | { readonly kind: 'key'; readonly key: string }
  /** Keys that nothing took. */
  | { readonly kind: 'keys-lost'; readonly keys: string }
  | { readonly kind: 'speech'; readonly seconds: number }
  | { readonly kind: 'ringing'; readonly numbers: readonly string[]; readonly callerid: string; readonly timeout: number }
  /** The line's own outcome; for `success` the talk begins. */
  | { readonly kind: 'line'; readonly result: string; readonly number?: string }
  | { readonly kind: 'talk-end'; readonly seconds: number; readonly by: 'caller' | 'callee' | 'timelimit' }
  | { readonly kind: 'recording'; readonly record: string; readonly timelimit: number }
  | { readonly kind: 'recorded'; readonly record: string; readonly seconds: number }
  /** How an action came out, as it is reported to what follows. */
  | { readonly kind: 'result'; readonly action: string; readonly result: string; readonly why?: string }
  | { readonly kind: 'caller-hangs-up' }
  | { readonly kind: 'finding'; readonly finding: Finding }
  | { readonly kind: 'end'; readonly ended: Ended; readonly state: CallState }

/** One line of a call's trace; `at` in seconds since the call began. */
export type TraceEvent = Happening & { readonly at: number }

/** Collects what happens and passes it on at once. */
export class Trace {
  readonly events: TraceEvent[] = []
  readonly findings: Finding[] = []
  readonly #elapsed: () => number
  readonly #onEvent: ((event: TraceEvent) => void) | undefined
  #seen = new Set<string>()

  constructor(elapsed: () => number, onEvent?: (event: TraceEvent) => void) {
    this.#elapsed = elapsed
    this.#onEvent = onEvent
  }

  add(happening: Happening): void {
    const event: TraceEvent = { at: round(this.#elapsed()), ...happening }
    this.events.push(event)
    this.#onEvent?.(event)
  }

  /** Reports a broken fact; the same words are reported once a call. */
  find(code: FactCode, message: string, request?: number): void {
    const key = `${code} ${message}`
    if (this.#seen.has(key)) return
    this.#seen.add(key)
    const { severity, section, says } = FACTS[code]
    const finding: Finding = { code, severity, section, says, message, at: round(this.#elapsed()), ...(request !== undefined && { request }) }
    this.findings.push(finding)
    this.add({ kind: 'finding', finding })
  }
}

/** Seconds to the millisecond, so that sums of them do not show their binary tails. */
export function round(seconds: number): number {
  return Math.round(seconds * 1000) / 1000
}
