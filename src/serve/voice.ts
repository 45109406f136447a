/** The carrier's requests in a call: decode, step, encode. Whatever breaks on our side, a caller's request gets an action. */
import { decodeEvent, decodeFirst, decodeForm } from '../carrier/decode.ts'
import type { Form } from '../carrier/decode.ts'
import { encode } from '../carrier/encode.ts'
import type { Flow } from '../compile/flow.ts'
import { writeRecipe } from '../compile/recipe.ts'
import { ofWhole } from '../run/afterwards.ts'
import type { Call, First } from '../run/call.ts'
import { rescue, start, step } from '../run/step.ts'
import type { Given, Step } from '../run/step.ts'
import { UNTOUCHED } from '../run/world.ts'
import type { World } from '../run/world.ts'
import { answerOutside } from './answer-outside.ts'
import { asksNobody } from './ask-outside.ts'
import type { AskedOutside } from './ask-outside.ts'
import type { Asked } from './asked.ts'
import { masked } from './masked.ts'
import type { ServeParts } from './parts.ts'
import { LAST_RESORT, sendAction } from './read-body.ts'
import type { ReadBody } from './read-body.ts'

/** The handlers of the carrier's calls. */
export function voiceHandlers(parts: ServeParts, readBody: ReadBody) {
  const { flows, tokens, isKey, log, world = () => UNTOUCHED, askOutside = asksNobody } = parts

  /** Answers with the step that `make` makes; at once, unless other programs have to be asked for it. */
  function answer(asked: Asked, flow: Flow, make: (world: World) => Step, form: Form, now: number, began: number, first?: First): Call {
    const here = world(other(form))
    const made = make(here)
    if (made.ask === undefined) {
      send(asked, flow, made, form, now, began, first)
      return made.call
    }
    const { id } = made.call
    answerOutside(made, here, make, askOutside, (outside, state) => tellOutside(outside, { call: id, flow: flow.name, state, reqId: asked.id }))
      .then(step => send(asked, flow, step, form, now, began, first))
      .catch((error: unknown) => lastResort(asked, id, error))
    return made.call
  }

  function tellOutside({ answer, host, outcome, detail, ms, entry }: AskedOutside, about: object): void {
    parts.countOutside?.(entry, outcome, ms)
    const fields = { ...about, host, ...('failed' in answer ? { failed: outcome, detail } : { status: answer.status, reply: answer.body }), ms: Math.round(ms * 1000) / 1000 }
    if ('failed' in answer) log.warn(fields, 'fetch')
    else log.info(fields, 'fetch')
  }

  function lastResort(asked: Asked, call: string, error: unknown): void {
    log.error({ call, err: error, reqId: asked.id }, 'a request broke something of ours')
    if (!asked.take().headersSent) sendAction(asked, LAST_RESORT)
  }

  /** Has stored what the step sends, and answers; at once, where it sends nothing. */
  function send(asked: Asked, flow: Flow, made: Step, form: Form, now: number, began: number, first?: First): void {
    const { call, effects } = made
    if (made.rings === true) parts.sending?.rang(other(form))
    const leave = (): void => {
      let json = LAST_RESORT
      try {
        const token = tokens.seal('call', call, now)
        if (flow.atEnd) parts.sending?.calls.seen(call, flow, token)
        json = encode(made.reply, { base: asked.base(), flow: flow.name, token, recording: of => tokens.seal('recording', of === 'call' ? ofWhole(call) : call, now), speech: recipe => tokens.sealSpeech(`${parts.speech?.engine ?? ''}\n${writeRecipe(recipe)}`) })
      } catch (error) {
        log.error({ call: call.id, flow: flow.name, err: error, reqId: asked.id }, 'an answer could not be written')
      }
      sendAction(asked, json)
      parts.logStep({ flow, step: made, ms: performance.now() - began, reqId: asked.id, ...(first === undefined ? { result: form.field('result') } : { first }) })
    }
    if (effects === undefined || effects.length === 0 || parts.sending === undefined) leave()
    else void parts.sending.send(effects, other(form)).then(leave)
  }

  function begin(asked: Asked, flow: Flow, form: Form, began: number, given?: Given): void {
    const now = parts.now()
    const first = decodeFirst(form, now)
    const call = answer(asked, flow, here => start(flow, first, now, here, given), form, now, began, first)
    flows.began?.(flow.version)
    if (!flow.atEnd) parts.sending?.calls.seen(call, flow, '')
  }

  /** A request of a call whose version is not in memory: it is made again from the store; where it is lost, the call goes to `on_error`. */
  async function fetchAndAnswer(asked: Asked, name: string, call: Call, form: Form, began: number): Promise<void> {
    const flow = await flows.fetch(call.version).catch((error: unknown) => {
      log.error({ call: call.id, version: call.version, err: error, reqId: asked.id }, 'a version could not be made again')
      return undefined
    })
    const now = parts.now()
    if (flow !== undefined) {
      if (flow.name === name) answer(asked, flow, here => step(flow, call, decodeEvent(form), now, here), form, now, began)
      else asked.refuse(403)
      return
    }
    const live = flows.live.flows.get(name)
    const reason = `version ${call.version} is nowhere to be found`
    if (live !== undefined) {
      answer(asked, live, here => rescue(live, { ...decodeFirst(form, now), id: call.id, start: call.start }, now, reason, here), form, now, began)
      return
    }
    log.error({ call: call.id, flow: name, reqId: asked.id }, reason)
    sendAction(asked, LAST_RESORT)
  }

  return {
    /** `POST /voice/FLOW?key=KEY`: the first request of a call. */
    first: (asked: Asked, name: string, key: string | undefined): void => {
      const began = performance.now()
      readBody(asked, body => {
        const flow = flows.live.flows.get(name)
        if (!isKey(name, key)) asked.refuse(403)
        // one that only others run has nothing to begin with
        else if (flow?.answers !== true) asked.refuse(404)
        else begin(asked, flow, decodeForm(body), began)
      })
    },

    /** `POST /voice?key=KEY`: the same; the flow is the one that answers the line. */
    firstByLine: (asked: Asked, key: string | undefined): void => {
      const began = performance.now()
      readBody(asked, body => {
        if (!isKey('', key)) {
          asked.refuse(403)
          return
        }
        const form = decodeForm(body)
        // in an outgoing call `from` is ours
        const line = form.isOutgoing ? form.from : form.to
        const flow = flows.live.numbers.get(line)
        if (flow !== undefined) {
          begin(asked, flow, form, began)
          return
        }
        log.warn({ call: form.callid, line: masked(line), reqId: asked.id }, 'no flow lists this line under `numbers`')
        asked.refuse(404)
      })
    },

    /** `POST /voice/FLOW/TOKEN`: the request of a `next` address, or the first one of a call that we make. */
    next: (asked: Asked, name: string, token: string): void => {
      const began = performance.now()
      readBody(asked, body => {
        const now = parts.now()
        const call = tokens.open('call', token, now)
        const form = decodeForm(body)
        const dialled = call === undefined ? parts.sending?.openDial(token) : undefined
        const dialledFlow = dialled?.flow === name ? flows.live.flows.get(name) : undefined
        if (dialled !== undefined && dialledFlow !== undefined) {
          begin(asked, dialledFlow, form, began, dialled.with)
          return
        }
        if (call === undefined || isOtherCall(form, call.id)) {
          asked.refuse(403)
          return
        }
        const flow = flows.version(call.version)
        if (flow === undefined) fetchAndAnswer(asked, name, call, form, began).catch((error: unknown) => lastResort(asked, call.id, error))
        else if (flow.name !== name) asked.refuse(403)
        else answer(asked, flow, here => step(flow, call, decodeEvent(form), now, here), form, now, began)
      })
    },
  }
}

/** Whoever is in the call with us: in one that we make, the one whom we called. */
export function other(form: Form): string {
  return form.isOutgoing ? form.to : form.from
}

/** A token sent with another call's id is somebody else's. A request that names none is believed. */
export function isOtherCall(form: Form, id: string): boolean {
  const { callid } = form
  return callid !== id && callid !== '' && id !== ''
}
