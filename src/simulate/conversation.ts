/** A call as it is spoken, over `step` alone: what the caller meets next, what became of it, which edges were walked. */
import type { Action } from '../compile/action.ts'
import type { Flow } from '../compile/flow.ts'
import type { Event } from '../compile/verb.ts'
import type { Call, First } from '../run/call.ts'
import type { Item } from '../run/effect.ts'
import { start, step } from '../run/step.ts'
import type { Step } from '../run/step.ts'
import type { World } from '../run/world.ts'
import { Aftermath } from './aftermath.ts'
import { edgeTaken, LONGEST } from './edges.ts'
import { soundName } from './heard.ts'
import { perform } from './perform.ts'
import type { Act } from './script.ts'

/** One thing that was met, and what was done about it: enough to hold the same call again elsewhere. */
export interface Encounter {
  readonly kind: Action['do']
  readonly acts: readonly Act[]
}

/** What comes next in a call. */
export type Coming =
  | { readonly kind: 'action'; readonly action: Action; readonly state: string; /** Not listed in a script: a beep, the silence of a handover, the hang-up of an end. */ readonly hidden: boolean }
  /** `asks`: the call goes no further, because a state asks for a reply that nobody gives. */
  | { readonly kind: 'over'; readonly handover?: string; readonly asks?: string }

export class Conversation {
  /** Lines as the emulator writes them: two calls that went the same way have equal transcripts. */
  readonly transcript: string[] = []
  readonly encounters: Encounter[] = []
  /** Numbers of the requests that were repeated, from 0. */
  readonly repeats: number[] = []
  /** Edges walked, as `state⇥edge`. */
  readonly walked = new Set<string>()
  readonly visited = new Set<string>()
  /** Everything that was sent so far, in order. */
  readonly sent: Item[] = []
  readonly #aftermath: Aftermath
  readonly #flow: Flow
  readonly #first: First
  readonly #world: World
  #now: number
  #asked = 0
  #askedAt: number
  #before: { readonly call: Call; readonly event: Event } | undefined
  #step: Step
  /** Which action of the reply comes next. */
  #place = 0
  #over: Coming & { kind: 'over' } | undefined

  constructor(flow: Flow, first: First, now: number, world: World) {
    this.#flow = flow
    this.#first = first
    this.#world = world
    this.#now = now
    this.#askedAt = now
    this.#aftermath = new Aftermath(flow, world, now)
    this.#step = start(flow, first, now, world)
    this.#take(undefined, this.#step)
  }

  get coming(): Coming {
    if (this.#over !== undefined) return this.#over
    const { reply, trace } = this.#step
    const action = reply.actions[this.#place] as Action
    const last = this.#place === reply.actions.length - 1
    const silent = last && typeof reply.then === 'object'
    const ends = action.do === 'hangup' && trace.at(-1)?.to === 'end'
    return { kind: 'action', action, state: this.state, hidden: silent || ends }
  }

  /** The state that the call is in: that of the sound that comes, where several go out together. */
  get state(): string {
    const joined = this.#step.trace.slice(0, -1).map(line => line.to).filter(name => this.#flow.states.some(state => state.name === name && state.verb === 'play'))
    return this.#over === undefined && this.#place < joined.length ? (joined[this.#place] as string) : (this.#flow.states[this.#step.call.state]?.name ?? 'end')
  }

  /** The actions that follow the coming one in the same answer. */
  get following(): readonly Action[] {
    return this.#over === undefined ? this.#step.reply.actions.slice(this.#place + 1) : []
  }

  /** Does what comes next; tells how many of the acts found their place. */
  perform(acts: readonly Act[]): number {
    const { coming } = this
    if (coming.kind === 'over') return 0
    const { action } = coming
    const done = perform(action, acts)
    const { event, result, seconds, lines, used } = done
    this.encounters.push({ kind: action.do, acts: acts.slice(0, used) })
    this.#say(nameOf(action), ...lines)
    this.#now += Math.round(seconds * 1000)
    this.sent.push(...this.#aftermath.performed(action, done, this.#step.call, this.#now))
    if (event === undefined) {
      this.#end(action.do === 'hangup' ? 'hangup' : 'caller')
      return used
    }
    this.#say(`-> ${result}`)
    this.#goOn(action, event)
    return used
  }

  /** The carrier repeats its last request, as if at once: false where it is answered differently. */
  repeat(): boolean {
    this.repeats.push(this.#asked - 1)
    const again = this.#before === undefined ? start(this.#flow, this.#first, this.#askedAt, this.#world) : step(this.#flow, this.#before.call, this.#before.event, this.#askedAt, this.#world)
    return JSON.stringify(again) === JSON.stringify(this.#step)
  }

  #goOn(action: Action, event: Event): void {
    const { reply, call } = this.#step
    const own = action.do === 'ivr' && event.kind === 'digits' ? action.keys?.find(([digit]) => digit === event.digits) : undefined
    if (own !== undefined) {
      // the carrier takes its own digit keys by itself
      this.#walk(this.#flow.states[call.state]?.name ?? '', own[0], event)
      this.#handOver(own[1])
    } else if (this.#place + 1 < reply.actions.length) this.#place++
    else if (reply.then === 'nothing') this.#end('no-next', event)
    else if (typeof reply.then === 'object') this.#handOver(reply.then.address)
    else {
      // between two requests the whole call is in the token
      this.#before = { call, event }
      this.#take(event, step(this.#flow, call, event, this.#now, this.#world))
    }
  }

  #take(event: Event | undefined, made: Step): void {
    const from = this.#before?.call.state
    this.#step = made
    this.#place = 0
    this.#asked++
    this.#askedAt = this.#now
    if (made.ask !== undefined) this.#over = { kind: 'over', asks: made.ask.state }
    this.sent.push(...(made.effects ?? []))
    this.#aftermath.begins(made, this.#now)
    made.trace.forEach((line, index) => {
      this.visited.add(line.to)
      const reported = index === 0 && from !== undefined ? event : undefined
      this.#walk(line.from, line.event, reported)
    })
  }

  #walk(name: string, outcome: string, event: Event | undefined): void {
    if (outcome === 'longest') {
      this.walked.add(`${LONGEST.state}\t${LONGEST.edge}`)
      return
    }
    const state = this.#flow.states.find(one => one.name === name)
    const edge = state === undefined ? undefined : edgeTaken(state, outcome, event?.kind === 'digits' ? event.digits : undefined)
    if (edge !== undefined) this.walked.add(`${name}\t${edge}`)
  }

  #handOver(address: string): void {
    this.#say(`handover ${address}`)
    this.#over = { kind: 'over', handover: address }
  }

  /** The last action of a call that ends by it is never reported, but its edge was walked. */
  #end(how: 'no-next' | 'hangup' | 'caller', event?: Event): void {
    const state = this.#flow.states[this.#step.call.state]
    if (event !== undefined && state !== undefined) {
      const edge = edgeTaken(state, event.kind, undefined)
      if (edge !== undefined) this.walked.add(`${state.name}\t${edge}`)
    }
    this.#say(`end: ${how}`)
    this.sent.push(...this.#aftermath.over(this.#step.call, this.#now))
    this.#over = { kind: 'over' }
  }

  #say(...lines: readonly string[]): void {
    for (const line of lines) {
      const last = this.transcript.at(-1)
      // keys pressed one after the other are one line
      if (last !== undefined && isKeys(last) && isKeys(line)) this.transcript[this.transcript.length - 1] = last + line.slice('caller: '.length)
      else this.transcript.push(line)
    }
  }
}

function isKeys(line: string): boolean {
  return /^caller: [0-9*#]+$/.test(line)
}

function nameOf(action: Action): string {
  switch (action.do) {
    case 'ivr': case 'play': return `${action.do} ${soundName(action.sound)}`
    case 'connect': return `connect ${action.to}`
    case 'record': return 'record'
    case 'hangup': return `hangup ${action.cause}`
  }
}
