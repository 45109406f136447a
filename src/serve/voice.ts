/** The carrier's requests in a call: decode, step, encode. Whatever breaks on our side, a caller's request gets an action. */
import { decodeEvent, decodeFirst, decodeForm } from '../carrier/decode.ts'
import type { Form } from '../carrier/decode.ts'
import { encode } from '../carrier/encode.ts'
import type { Flow } from '../compile/flow.ts'
import { writeRecipe } from '../compile/recipe.ts'
import type { Call, First } from '../run/call.ts'
import { rescue, start, step } from '../run/step.ts'
import type { Step } from '../run/step.ts'
import { UNTOUCHED } from '../run/world.ts'
import type { Asked } from './asked.ts'
import { masked } from './masked.ts'
import type { ServeParts } from './parts.ts'
import { LAST_RESORT, sendAction } from './read-body.ts'
import type { ReadBody } from './read-body.ts'

/** The handlers of the carrier's calls. */
export function voiceHandlers(parts: ServeParts, readBody: ReadBody) {
  const { flows, tokens, isKey, log, world = () => UNTOUCHED } = parts

  function answer(asked: Asked, flow: Flow, made: Step, now: number, began: number, first?: First): void {
    const { call } = made
    let json = LAST_RESORT
    try {
      json = encode(made.reply, { base: asked.base(), flow: flow.name, token: tokens.seal('call', call, now), recording: () => tokens.seal('recording', call, now), speech: recipe => tokens.sealSpeech(`${parts.speech?.engine ?? ''}\n${writeRecipe(recipe)}`) })
    } catch (error) {
      log.error({ call: call.id, flow: flow.name, err: error, reqId: asked.id }, 'an answer could not be written')
    }
    sendAction(asked, json)
    parts.logStep({ flow, step: made, ms: performance.now() - began, reqId: asked.id, ...(first === undefined ? {} : { first }) })
  }

  function begin(asked: Asked, flow: Flow, form: Form, began: number): void {
    const now = parts.now()
    const first = decodeFirst(form, now)
    answer(asked, flow, start(flow, first, now, world()), now, began, first)
    flows.began?.(flow.version)
  }

  /** A request of a call whose version is not in memory: it is made again from the store; where it is lost, the call goes to `on_error`. */
  async function fetchAndAnswer(asked: Asked, name: string, call: Call, form: Form, began: number): Promise<void> {
    const flow = await flows.fetch(call.version).catch((error: unknown) => {
      log.error({ call: call.id, version: call.version, err: error, reqId: asked.id }, 'a version could not be made again')
      return undefined
    })
    const now = parts.now()
    if (flow !== undefined) {
      if (flow.name === name) answer(asked, flow, step(flow, call, decodeEvent(form), now, world()), now, began)
      else asked.refuse(403)
      return
    }
    const live = flows.live.flows.get(name)
    const reason = `version ${call.version} is nowhere to be found`
    if (live !== undefined) {
      answer(asked, live, rescue(live, { ...decodeFirst(form, now), id: call.id, start: call.start }, now, reason, world()), now, began)
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

    /** `POST /voice/FLOW/TOKEN`: the request of a `next` address. */
    next: (asked: Asked, name: string, token: string): void => {
      const began = performance.now()
      readBody(asked, body => {
        const now = parts.now()
        const call = tokens.open('call', token, now)
        const form = decodeForm(body)
        if (call === undefined || isOtherCall(form, call.id)) {
          asked.refuse(403)
          return
        }
        const flow = flows.version(call.version)
        if (flow === undefined) fetchAndAnswer(asked, name, call, form, began).catch((error: unknown) => {
          log.error({ call: call.id, err: error, reqId: asked.id }, 'a request broke something of ours')
          if (!asked.take().headersSent) sendAction(asked, LAST_RESORT)
        })
        else if (flow.name !== name) asked.refuse(403)
        else answer(asked, flow, step(flow, call, decodeEvent(form), now, world()), now, began)
      })
    },
  }
}

/** A token sent with another call's id is somebody else's. A request that names none is believed. */
export function isOtherCall(form: Form, id: string): boolean {
  const { callid } = form
  return callid !== id && callid !== '' && id !== ''
}
