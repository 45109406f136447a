/** What comes after a scripted call, and of the recordings in it: the carrier's notices, with the numbers that it would tell. */
import type { Action } from '../compile/action.ts'
import type { Flow } from '../compile/flow.ts'
import { itemsAtEnd, itemsOfRecording, ofWhole } from '../run/afterwards.ts'
import type { Ended, Recorded } from '../run/afterwards.ts'
import type { Call } from '../run/call.ts'
import type { Item } from '../run/effect.ts'
import type { Step } from '../run/step.ts'
import type { World } from '../run/world.ts'
import type { Performed } from './performed.ts'

/** Where recordings seem to be kept. */
const BASE = 'https://tonval.example/recordings'

export class Aftermath {
  readonly #flow: Flow
  readonly #world: World
  readonly #began: number
  /** Recordings that end with the call. */
  readonly #running: { readonly call: Call; readonly since: number }[] = []
  #count = 0
  #latest: Recorded | undefined
  #answered = false
  #answeredBy = ''
  #talked = 0

  constructor(flow: Flow, world: World, began: number) {
    this.#flow = flow
    this.#world = world
    this.#began = began
  }

  /** An answer goes out. */
  begins({ call, reply }: Step, now: number): void {
    if (reply.recordcall === true) this.#running.push({ call: ofWhole(call), since: now })
  }

  /** An action was done, up to a moment; what the recording in it makes the call send. */
  performed(action: Action, { event, seconds, talked }: Performed, call: Call, now: number): Item[] {
    if (action.do !== 'hangup' && action.do !== 'connect') this.#answered = true
    if (action.do === 'connect' && talked !== undefined) {
      this.#answered = true
      this.#answeredBy = action.to.split(',')[0] ?? ''
      this.#talked += talked
      if (action.recordcall === true && this.#running.length === 0) this.#running.push({ call, since: now - talked * 1000 })
    }
    return action.do === 'record' && event?.kind !== 'failed' ? this.#recorded(call, seconds, now) : []
  }

  /** The call is over. */
  over(call: Call, now: number): Item[] {
    const seconds = this.#answered ? Math.round((now - this.#began) / 1000) : undefined
    const ended = { state: this.#answered ? 'success' : 'failed', seconds, answeredBy: this.#answeredBy, talkSeconds: Math.round(this.#talked) }
    const recorded = this.#running.flatMap(({ call: of, since }) => this.#recorded(of, (now - since) / 1000, now, ended))
    return [...recorded, ...itemsAtEnd(this.#flow, call, ended, now, this.#world, this.#latest)]
  }

  #recorded(call: Call, seconds: number, now: number, ended?: Ended): Item[] {
    const id = `${call.id}-r${this.#count++}`
    const recording = { id, url: `${BASE}/${id}.wav`, seconds: Math.round(seconds), created: new Date(now).toISOString().slice(0, 19) }
    this.#latest = recording
    return itemsOfRecording(this.#flow, call, recording, now, this.#world, ended)
  }
}
