/** A call that was made → a scripted call that says the same: what was met, and what the caller and the line did. */
import { readAddress } from '../address.ts'
import type { CallReport, Purpose } from '../report.ts'
import type { TraceEvent } from '../trace.ts'

/** What a sound is called in a script: a list is named by its parts. */
export type Word = string | readonly string[]

export type Value = string | number | readonly string[] | Readonly<Record<string, number>>

/** A step: a word, or a word with what belongs to it. */
export type ScriptedStep = string | Readonly<Record<string, Value>> | { readonly sends: unknown }

export interface ScriptedCall {
  readonly name: string
  readonly at?: string
  readonly from?: string
  readonly to?: string
  /** The world as the call met it, where that is not as usual: `fetch` by the state that asks, `switches` by name, `language`. */
  readonly given?: Readonly<Record<string, unknown>>
  readonly steps: readonly ScriptedStep[]
}

export interface Around {
  /** What a sound is called in a script. */
  readonly label: (address: string) => Word
  /** Where the application stands; an address elsewhere takes the call over. Undefined: everything is the application's. */
  readonly base: string | undefined
  /** The call ended because nothing follows, not by a state that hangs up. */
  readonly isPlainEnd: boolean
}

/** The steps of a call, in order. */
export function stepsOf({ trace }: CallReport, around: Around): readonly ScriptedStep[] {
  const scribe = new Scribe(around)
  for (const event of trace) if (!scribe.take(event)) break
  return scribe.steps
}

class Scribe {
  readonly steps: ScriptedStep[] = []
  readonly #around: Around
  #keys = ''
  /** Whether the caller did something since the action began, and whether its sound broke off by itself. */
  #pressed = false
  #spoke = false
  #broke = false
  /** Length of the sound that plays. */
  #seconds = 0
  /** The play of this answer that a record may follow: then it is the record's own prompt. */
  #prompt: Word | undefined

  constructor(around: Around) {
    this.#around = around
  }

  /** False where the script ends. */
  take(event: TraceEvent): boolean {
    if (event.kind === 'key') {
      this.#keys += event.key
      this.#pressed = true
      return true
    }
    if (event.kind === 'sound') this.#seconds = event.seconds
    if (event.kind === 'sound-end') this.#broke ||= event.heard < this.#seconds && !this.#pressed
    // the key that ends a recording belongs to it, and others change nothing there
    if (event.kind === 'recorded') this.#keys = ''
    // a sound that a key cuts short ends after the key, and several keys are one entry
    if (event.kind === 'sound' || event.kind === 'sound-end' || event.kind === 'listening' || event.kind === 'keys-lost') return true
    if (this.#keys !== '') this.steps.push({ press: this.#keys })
    this.#keys = ''
    return this.#follow(event)
  }

  #follow(event: TraceEvent): boolean {
    switch (event.kind) {
      case 'request': return this.#request(event.purpose, event.address)
      case 'action': this.#action(event.action, event.value); break
      case 'recording': this.#recording(event.timelimit); break
      case 'speech': this.#spoke = true; break
      case 'recorded': this.steps.push(this.#spoke ? { speak: Math.max(1, Math.round(event.seconds)) } : 'silence'); break
      case 'line': this.steps.push({ line: event.result === 'success' || event.result === 'busy' ? event.result : 'failed' }); break
      case 'caller-hangs-up': this.steps.push('hang-up'); return false
      case 'result': this.#result(event.action, event.result, event.why); break
      case 'end': this.steps.push('end'); return false
    }
    return true
  }

  #request(purpose: Purpose, address: string): boolean {
    const isTalk = purpose !== 'whenhangup' && purpose !== 'record' && purpose !== 'recordcall'
    if (isTalk) this.#prompt = undefined
    const { base } = this.#around
    if (base === undefined || !isTalk || address.startsWith(base)) return true
    // a moment of silence carries the call over there; it is no play of the flow's
    if (isStep(this.steps.at(-1), 'play', 'silence.wav')) this.steps.pop()
    this.steps.push({ handover: address })
    return false
  }

  #action(action: string, value: string): void {
    this.#pressed = this.#spoke = this.#broke = false
    const { label, isPlainEnd } = this.#around
    if (action === 'ivr') this.steps.push({ ivr: label(value) })
    if (action === 'play') this.steps.push({ play: label(value) })
    if (action === 'play' && value !== BEEP) this.#prompt = label(value)
    if (action === 'connect') this.steps.push({ connect: value.includes(',') ? value.split(',').map(number => number.trim()) : value })
    if (action === 'hangup' && !isPlainEnd) this.steps.push({ hangup: value === '404' ? 404 : value })
  }

  #recording(timelimit: number): void {
    // the beep is not listed, and whether prompt and beep were heard makes no difference to what follows
    while (isStep(this.steps.at(-1), 'play', BEEP) || (isStep(this.steps.at(-1), 'sound', 'failed') && (this.#prompt !== undefined || isStep(this.steps.at(-2), 'play', BEEP)))) this.steps.pop()
    const isPrompted = this.#prompt !== undefined && isStep(this.steps.at(-1), 'play', this.#prompt)
    if (isPrompted) this.steps.pop()
    this.steps.push({ record: isPrompted ? this.#prompt as Word : { timelimit } })
  }

  #result(action: string, result: string, why: string | undefined): void {
    // a prompt that broke and was reported as no input leads where silence leads, not where `sound: failed` does
    if (action === 'ivr' && why !== undefined && !this.#pressed) this.steps.push(why === 'noinput' ? 'silence' : { sound: 'failed' })
    if (action === 'play' && result === 'failed' && this.#broke) this.steps.push({ sound: 'failed' })
    if (action !== 'record' || result !== 'failed') return
    // what was said before it broke is not kept
    this.steps.pop()
    this.steps.push({ line: 'failed' })
  }
}

const BEEP = 'sound/beep'

function isStep(step: ScriptedStep | undefined, word: string, value: Word): boolean {
  return typeof step === 'object' && !('sends' in step) && JSON.stringify(step[word]) === JSON.stringify(value)
}

/** The label of a sound of which nothing is known but its address. */
export function plainLabel(address: string): string {
  const url = readAddress(address)
  return url === undefined || url.search !== '' ? address : decodeURI(url.pathname.split('/').at(-1) || address)
}
