/** A scripted call held against a flow, with a clock made of numbers: what is met must be what the script says, in its order. */
import type { Flow } from '../compile/flow.ts'
import type { Item } from '../run/effect.ts'
import { Conversation } from './conversation.ts'
import type { Encounter } from './conversation.ts'
import { compare, describe } from './compare.ts'
import type { Act, Meet, Script, ScriptStep, Written } from './script.ts'
import type { Sent } from './sends.ts'
import { countSent, readSent, sentData, sentInWords, toldInWords } from './sends.ts'

/** Where a call left its script. */
export interface Departure {
  readonly at: Written
  readonly expected: string
  readonly met: string
  /** What was sent and is not listed, the place among the steps where it could be, and the step that would say it. */
  readonly unlisted?: { readonly before: number; readonly items: readonly Item[]; readonly sends: ScriptStep }
}

/** A script that was held against its flow. */
export interface Held {
  readonly script: Script
  /** With the script's own `vars`. */
  readonly flow: Flow
  readonly departure?: Departure
  readonly transcript: readonly string[]
  readonly encounters: readonly Encounter[]
  /** Numbers of the requests that the script has repeated, from 0. */
  readonly repeats: readonly number[]
  /** Edges walked, as `state⇥edge`, and states arrived at. */
  readonly walked: ReadonlySet<string>
  readonly visited: ReadonlySet<string>
}

/** The carrier's id of every scripted call. */
export const CALLID = 'c0000000000000000000000000000000'
/** A silent play and a hang-up are all that is ever hidden; more would be a circle. */
const MOST_HIDDEN = 100

/** Holds one script against its flow. Never throws. */
export function simulate(flow: Flow, script: Script): Held {
  const { from, to, direction, at, world } = script
  const conversation = new Conversation(flow, { id: CALLID, caller: from, called: to, direction, start: Math.floor(at / 1000) }, at, world)
  const left = new Follower(conversation, script).follow()
  const departure = unanswered(conversation, script, left) ?? left
  const { transcript, encounters, repeats, walked, visited } = conversation
  return { script, flow, ...(departure === undefined ? {} : { departure }), transcript, encounters, repeats, walked, visited }
}

/** A call that could not go on, because the script does not say what another program replies. */
function unanswered({ coming }: Conversation, { name, span, steps }: Script, left: Departure | undefined): Departure | undefined {
  if (coming.kind !== 'over' || coming.asks === undefined) return undefined
  return {
    at: left?.at ?? steps.at(-1) ?? { span, text: name }, met: `\`${coming.asks}\`, which asks another program, and nothing is given for it`,
    expected: `its reply in the call, as in \`given: { fetch: { ${coming.asks}: { status: 200, json: {} } } }\`, or \`${coming.asks}: failed\``,
  }
}

type ActStep = ScriptStep & Act
type MeetStep = ScriptStep & Meet

/** Goes through the steps: acts wait until the next thing is met, because they say together what becomes of the one before. */
class Follower {
  readonly #call: Conversation
  readonly #script: Script
  /** Something was met and not yet done. */
  #pending = false
  #acts: ActStep[] = []
  /** How much of what was sent the script has listed, and must have before the call goes on. */
  #listed = 0
  #due = 0
  /** The step that met the last thing: what had gone out by then can be listed before it. */
  #met: ScriptStep | undefined
  /** The script has come to the end of the call. */
  #isWhole = false

  constructor(call: Conversation, script: Script) {
    this.#call = call
    this.#script = script
  }

  follow(): Departure | undefined {
    for (const step of this.#script.steps) {
      const departure = 'act' in step ? this.#act(step) : this.#meet(step)
      if (departure !== undefined) return departure
    }
    return this.#leave()
  }

  #act(step: ActStep): Departure | undefined {
    if (step.act === 'same-again') {
      // before anything was done it is the request that led here that comes again, else the one that reports it
      const departure = this.#acts.length === 0 ? undefined : this.#resolve(step)
      if (departure !== undefined) return departure
      return this.#call.repeat() ? undefined : { at: step, expected: 'the same answer to the same request', met: 'another answer' }
    }
    if (!this.#pending) return { at: step, expected: `\`${step.text}\` after something that is met`, met: this.#call.coming.kind === 'over' ? describe(this.#call) : `${describe(this.#call)}, which the script does not list before` }
    this.#acts.push(step)
    return undefined
  }

  #meet(step: MeetStep): Departure | undefined {
    if (step.meet === 'state') {
      const departure = this.#acts.length === 0 ? undefined : this.#resolve(step)
      if (departure !== undefined) return departure
      const { state, coming } = this.#call
      const now = coming.kind === 'over' ? 'end' : state
      return now === step.name ? undefined : { at: step, expected: `\`${step.text}\``, met: `\`state: ${now}\`` }
    }
    if (step.meet === 'sends') return this.#sends(step)
    const departure = this.#resolve(step)
    if (departure !== undefined) return departure
    this.#passHidden()
    const difference = compare(step, this.#call)
    if (difference !== undefined) return { at: step, ...difference }
    if (step.meet === 'record') this.#passPrompt()
    this.#isWhole = step.meet === 'end' || step.meet === 'handover'
    this.#pending = !this.#isWhole
    this.#met = step
    this.#due = this.#isWhole ? 0 : this.#call.sent.length
    return undefined
  }

  /** What has gone out is met first; if that is all listed, what was done about the present thing happens. */
  #sends(step: MeetStep & { meet: 'sends' }): Departure | undefined {
    const { sent } = this.#call
    const rest = this.#list(step.items)
    if (rest.length > 0 && this.#listed === sent.length) {
      const departure = this.#resolve(step)
      if (departure !== undefined) return departure
      this.#passHidden()
    }
    return this.#list(rest).length === 0 ? undefined : { at: step, expected: `\`${step.text}\``, met: sentInWords(sent.slice(this.#listed)) }
  }

  /** Those of the items that have not gone out next. */
  #list(items: readonly Sent[]): readonly Sent[] {
    const count = countSent(items, this.#call.sent, this.#listed)
    this.#listed += count
    return items.slice(count)
  }

  /** What has gone out up to a place, and is not listed before a step. */
  #unlisted(most: number, step: ScriptStep | undefined): Departure | undefined {
    const items = this.#call.sent.slice(this.#listed, most)
    if (items.length === 0) return undefined
    const { steps, span, name } = this.#script
    const at = step ?? steps.at(-1) ?? { span, text: name }
    const sends: ScriptStep = { meet: 'sends', items: readSent(sentData(items)), span: at.span, text: sentInWords(items) }
    return {
      at, expected: `${sentInWords(items).replace('`', '`- ')} ${step === undefined ? 'behind' : 'before'} this step`, met: `${toldInWords(items)}, which the script does not list`,
      unlisted: { before: step === undefined ? steps.length : steps.indexOf(step), items, sends },
    }
  }

  /** Lets what was met happen, with all that was written below it. */
  #resolve(step: ScriptStep): Departure | undefined {
    if (!this.#pending) return undefined
    const unlisted = this.#unlisted(this.#due, this.#met)
    if (unlisted !== undefined) return unlisted
    const { coming } = this.#call
    this.#pending = false
    const acts = this.#acts
    this.#acts = []
    this.#isWhole ||= acts.some(one => one.act === 'hang-up')
    if (coming.kind === 'over') return undefined
    if (acts.length === 0 && coming.action.do === 'ivr') return { at: step, expected: '`press`, `silence` or `hang-up` before this step: the ivr waits for the caller', met: `\`${step.text}\`` }
    if (acts.length === 0 && coming.action.do === 'connect') return { at: step, expected: '`line` or `hang-up` before this step: the number rings', met: `\`${step.text}\`` }
    return this.#perform(acts)
  }

  #perform(acts: readonly ActStep[]): Departure | undefined {
    const before = describe(this.#call)
    const left = acts[this.#call.perform(acts)]
    return left === undefined ? undefined : { at: left, expected: `something that \`${left.text}\` is an answer to`, met: `${before}, and then ${describe(this.#call)}` }
  }

  /** The prompt and the beep of a record are part of it: what is done at a record is done while it runs. */
  #passPrompt(): void {
    while (this.#call.following.length > 0) this.#call.perform([])
  }

  #passHidden(): void {
    for (let count = 0; count < MOST_HIDDEN; count++) {
      const { coming } = this.#call
      if (coming.kind === 'over' || !coming.hidden) return
      this.#call.perform([])
    }
  }

  /** The script has said all: whoever is still on the line hangs up. What comes of its last step it need not say, unless that was the end. */
  #leave(): Departure | undefined {
    const acts = this.#acts
    const unlisted = this.#unlisted(this.#due, this.#met)
    if (unlisted !== undefined) return unlisted
    const departure = this.#pending && acts.length > 0 ? this.#perform(acts) : undefined
    if (departure !== undefined) return departure
    if (this.#isWhole || acts.some(one => one.act === 'hang-up')) return this.#unlisted(Infinity, undefined)
    if (this.#call.coming.kind !== 'over') this.#call.perform([{ act: 'hang-up' }])
    return undefined
  }
}
