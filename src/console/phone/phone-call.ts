/** One test call: the emulator plays the carrier, a person at the page is the caller, and everything that happens is told. */
import type { CheckSettings, VersionSource } from '../../check.ts'
import type { Flow } from '../../compile/flow.ts'
import { shortAddress } from '../../emulator/address.ts'
import { placeCall } from '../../emulator/call.ts'
import { makeCallid } from '../../emulator/callid.ts'
import type { CallReport } from '../../emulator/report.ts'
import { createLabels } from '../../emulator/script/labels.ts'
import type { Labels } from '../../emulator/script/labels.ts'
import { listSends, setOf } from '../../emulator/script/list-sends.ts'
import { repliesOf } from '../../emulator/script/replies.ts'
import type { Given } from '../../emulator/script/replies.ts'
import { stepsOf } from '../../emulator/script/scripted-call.ts'
import type { ScriptedCall, Word } from '../../emulator/script/scripted-call.ts'
import { skippingClock } from '../../emulator/skipping-clock.ts'
import type { TraceEvent } from '../../emulator/trace.ts'
import type { Item } from '../../run/effect.ts'
import type { Step } from '../../run/step.ts'
import { USUAL_CALLER } from '../../simulate/read-scripts.ts'
import { itemInWords } from '../../simulate/sends.ts'
import { takeHandset } from './handset.ts'
import type { Handset } from './handset.ts'
import type { PhoneEvent, PhoneHappening } from '../shapes/phone.ts'
import type { Line, LineTold, OpenLine } from './line.ts'
import { keysOf, placesOf } from './places.ts'
import type { PlaceNow } from './places.ts'
import { inZone } from './read-ask.ts'
import type { PhoneAct, PhoneAsk } from './read-ask.ts'
import { hidden, tappedWire } from './tapped-wire.ts'
import type { TappedWire } from './tapped-wire.ts'

export interface PhoneCallParts {
  readonly ask: PhoneAsk
  /** What the flow was made of: its prompts have their names there. */
  readonly source: VersionSource
  readonly openLine: OpenLine
  readonly settings: CheckSettings
  /** Switches that do not stand as usual, for the scripted call. */
  readonly switches: Readonly<Record<string, string>>
  /** The address of a sound on the operator's side. */
  readonly soundAt: (number: number) => string
  readonly told: (event: PhoneEvent) => void
}

const USUAL_LINE = '+46766861004'

/** Begins a call. Rejects where its line cannot be opened. */
export async function beginCall(parts: PhoneCallParts): Promise<PhoneCall> {
  const call = new PhoneCall(parts)
  await call.begin()
  return call
}

export class PhoneCall {
  readonly flow: Flow
  readonly from: string | null
  readonly line: string
  readonly callid = makeCallid()
  /** When it began, in milliseconds since 1970, as the flow sees it. */
  readonly began: number
  readonly events: PhoneEvent[] = []
  readonly #parts: PhoneCallParts
  readonly #clock
  readonly #labels: Labels
  readonly #handset: Handset
  readonly #abort = new AbortController()
  readonly #sounds: string[] = []
  readonly #steps: Step[] = []
  readonly #replies: Given[] = []
  readonly #sent = new Map<string, { readonly item: Item; isTold: boolean }>()
  #places: readonly PlaceNow[] = []
  #action = 0
  #at = 0
  #line: Line | undefined
  #wire: TappedWire | undefined
  #report: CallReport | undefined
  #over = false
  #done: Promise<void> | undefined

  constructor(parts: PhoneCallParts) {
    const { ask, source } = this.#parts = parts
    this.flow = ask.flow
    this.from = ask.from === undefined ? USUAL_CALLER : ask.from
    this.line = ask.line ?? ask.flow.numbers[0] ?? USUAL_LINE
    this.#clock = skippingClock(ask.at)
    this.began = this.#clock.now()
    this.#labels = createLabels({ flow: ask.flow, source })
    this.#handset = takeHandset(this.#clock, ask.lines, () => keysOf(this.flow, this.#steps.at(-1)), what => this.#tell(what))
  }

  async begin(): Promise<void> {
    const line = this.#line = await this.#parts.openLine({ flow: this.flow, now: () => this.#clock.now(), language: this.#parts.ask.language }, this.#behind())
    const wire = this.#wire = tappedWire(line.base, {
      exchange: happening => {
        // notices make no step
        if (happening.kind === 'answer') this.#tellSent()
        this.#tell(happening)
      },
      handover: address => {
        this.#tell({ kind: 'handover', address: shortAddress(address) })
        this.#abort.abort()
      },
    })
    this.#done = placeCall({
      start: line.start, from: this.from, to: this.line, callid: this.callid, person: this.#handset.person, clock: this.#clock, wire,
      signal: this.#abort.signal, onEvent: event => this.#follow(event, line.base),
    }).then(report => this.#finish(report), (error: unknown) => this.#broke(error as Error))
  }

  /** Whether the last event has been told. */
  get over(): boolean {
    return this.#over
  }

  /** Does what a caller, or the called number, does; or says in words why that cannot be done now. */
  act(act: PhoneAct): string | undefined {
    return this.#handset.act(act)
  }

  /** The bytes of a sound that was heard, by its number; undefined where there was none. */
  async sound(number: number): Promise<{ readonly bytes: Uint8Array; readonly type: string } | undefined> {
    const address = this.#sounds[number - 1]
    const answer = address === undefined ? undefined : await this.#wire?.get(address)
    return answer === undefined || 'trouble' in answer || answer.status !== 200 ? undefined : { bytes: answer.bytes, type: answer.type ?? 'application/octet-stream' }
  }

  /** The call as a scripted call; undefined while it goes on, and where it broke. */
  script(name: string): ScriptedCall | undefined {
    if (this.#report === undefined) return undefined
    const { ask, source, switches, settings } = this.#parts
    const { flow } = this
    const given = {
      ...(Object.keys(switches).length > 0 && { switches }), ...(this.#replies.length > 0 && { fetch: repliesOf(flow, this.#replies) }),
      ...(ask.language !== undefined && ask.language !== flow.sections[0].languages[0] && { language: ask.language }),
    }
    const isTimed = ask.at !== undefined || flow.schedules.length > 0
    const made: ScriptedCall = {
      name,
      ...(isTimed && { at: inZone(Math.floor(this.began / 1000) * 1000, flow.timezone) }),
      ...(typeof ask.from === 'string' && { from: ask.from }), ...(ask.line !== undefined && { to: ask.line }),
      ...(Object.keys(given).length > 0 && { given }),
      steps: stepsOf(this.#report, { label: address => this.#nameOf(address), base: this.#line?.base, isPlainEnd: this.#steps.at(-1)?.trace.at(-1)?.to === 'end' }),
    }
    return this.#sent.size === 0 ? made : listSends(setOf(source), source, made, settings)
  }

  /** Breaks the call off, if it goes on, and lets its line go. */
  async close(): Promise<void> {
    this.#abort.abort()
    await this.#wire?.close('cut-off').catch(() => undefined)
    await this.#done?.catch(() => undefined)
    await this.#line?.close()
  }

  #nameOf(address: string): Word {
    const { name, word } = this.#labels.of(address)
    return word ?? name
  }

  #tell(happening: PhoneHappening): void {
    const event: PhoneEvent = { n: this.events.length + 1, at: this.#at, ...happening }
    this.events.push(event)
    this.#parts.told(event)
  }

  #broke({ message }: Error): void {
    this.#over = true
    this.#tell({ kind: 'over', ok: false, seconds: this.#at, states: [], requests: 0, warnings: 0, trouble: message })
  }

  #finish(report: CallReport): void {
    this.#report = report
    this.#over = true
    const states = this.#steps.flatMap(({ trace }) => trace.filter(({ event, to }) => event !== 'again' && to !== 'end').map(({ to }) => hidden(to)))
    this.#tell({ kind: 'over', ok: report.ok, seconds: report.seconds, states, requests: report.requests.length, warnings: report.findings.length })
  }

  /** What happens behind the answers. */
  #behind(): LineTold {
    return {
      step: step => {
        this.#steps.push(step)
        this.#labels.take(step)
        this.#places = placesOf(this.flow, step)
        this.#action = 0
        const moves = step.trace.map(({ from, event, to }) => ({ from: hidden(from), event, to: hidden(to) }))
        this.#tell({ kind: 'moves', flow: this.flow.name, version: this.flow.version, moves, ...(step.broke === undefined ? {} : { broke: step.broke }) })
        this.#tellSent()
      },
      asked: ({ method, host, ...reply }) => {
        this.#replies.push(reply)
        const { state, answer, detail } = reply
        this.#tell({ kind: 'asked', state, method, host, ...('failed' in answer ? { failed: detail ?? answer.failed } : { status: answer.status }) })
      },
      // a request that is repeated sends nothing twice
      sends: items => {
        for (const item of items) if (!this.#sent.has(item.key)) this.#sent.set(item.key, { item, isTold: false })
      },
    }
  }

  /** What was sent stands behind the step that sent it, though it is stored before. */
  #tellSent(): void {
    for (const one of this.#sent.values()) {
      const { item } = one
      if (one.isTold) continue
      one.isTold = true
      this.#tell({ kind: 'sends', item: item.kind, state: item.state, to: item.kind === 'post' ? shortAddress(item.url) : item.to, words: item.sensitive === true ? '' : hidden(itemInWords(item)) })
    }
  }

  /** What the carrier does, and the caller. */
  #follow(event: TraceEvent, base: string): void {
    this.#at = event.at
    this.#handset.follow(event)
    switch (event.kind) {
      case 'request': this.#wire?.expect(event); break
      case 'action': {
        const place = this.#places[Math.min(this.#action++, this.#places.length - 1)]
        if (place !== undefined) this.#tell({ kind: 'state', ...place })
        break
      }
      case 'sound': {
        const { name, text } = this.#labels.of(event.address)
        const { seconds, round, trouble } = event
        const isOurs = event.address.startsWith(`${base}/`)
        this.#tell({ kind: 'heard', name: hidden(name), ...(text === undefined ? {} : { text }), seconds, round, ...(isOurs && trouble === undefined ? { sound: this.#parts.soundAt(this.#numberOf(event.address)) } : {}), ...(trouble === undefined ? {} : { trouble }) })
        break
      }
      case 'recorded': this.#tell({ kind: 'recorded', seconds: event.seconds }); break
      case 'finding': {
        const { severity, code, message, says, request } = event.finding
        this.#tell({ kind: severity, code, message, says, ...(request === undefined ? {} : { request }) })
        break
      }
      case 'sound-end': case 'listening': case 'key': case 'keys-lost': case 'speech': case 'line': case 'talk-end': case 'result': case 'caller-hangs-up': case 'end': this.#tell(event); break
    }
  }

  #numberOf(address: string): number {
    const known = this.#sounds.indexOf(address)
    return known >= 0 ? known + 1 : this.#sounds.push(address)
  }
}
