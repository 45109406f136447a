/** The carrier's requests in a call: decode, step, encode. Whatever breaks on our side, a caller's request gets an action. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import { decodeEvent, decodeFirst, decodeForm } from '../carrier/decode.ts'
import type { Form } from '../carrier/decode.ts'
import { encode } from '../carrier/encode.ts'
import { openCall, sealCall } from '../carrier/token.ts'
import type { Flow } from '../compile/flow.ts'
import type { Call, First } from '../run/call.ts'
import { rescue, start, step } from '../run/step.ts'
import type { Step } from '../run/step.ts'
import { masked } from './masked.ts'
import type { ServeParts } from './parts.ts'
import { publicBase } from './public-base.ts'
import { LAST_RESORT, sendAction } from './read-body.ts'
import type { ReadBody } from './read-body.ts'

export type Refuse = (request: FastifyRequest, reply: FastifyReply, status: number) => void

type Request<Params = unknown> = FastifyRequest<{ Params: Params; Querystring: { key?: string | string[] } }>

/** The handlers of the carrier's calls. */
export function voiceHandlers(parts: ServeParts, refuse: Refuse, readBody: ReadBody) {
  const { flows, sealer, isKey, log } = parts
  const base = publicBase(parts.publicUrl)

  function answer(request: FastifyRequest, reply: FastifyReply, flow: Flow, made: Step, now: number, began: number, first?: First): void {
    const { call } = made
    let json = LAST_RESORT
    try {
      json = encode(made.reply, { base: base(request), flow: flow.name, token: sealCall(sealer, 'call', call, now), recording: () => sealCall(sealer, 'recording', call, now) })
    } catch (error) {
      log.error({ call: call.id, flow: flow.name, err: error, reqId: request.id }, 'an answer could not be written')
    }
    sendAction(request.id, reply, json)
    parts.logStep({ flow, step: made, ms: performance.now() - began, reqId: request.id, ...(first === undefined ? {} : { first }) })
  }

  function begin(request: FastifyRequest, reply: FastifyReply, flow: Flow, form: Form, began: number): void {
    const now = parts.now()
    const first = decodeFirst(form, now)
    answer(request, reply, flow, start(flow, first, now), now, began, first)
    flows.began?.(flow.version)
  }

  /** A request of a call whose version is not in memory: it is made again from the store; where it is lost, the call goes to `on_error`. */
  async function fetchAndAnswer(request: FastifyRequest, reply: FastifyReply, name: string, call: Call, form: Form, began: number): Promise<void> {
    const flow = await flows.fetch(call.version).catch((error: unknown) => {
      log.error({ call: call.id, version: call.version, err: error, reqId: request.id }, 'a version could not be made again')
      return undefined
    })
    const now = parts.now()
    if (flow !== undefined) {
      if (flow.name === name) answer(request, reply, flow, step(flow, call, decodeEvent(form), now), now, began)
      else refuse(request, reply, 403)
      return
    }
    const live = flows.live.flows.get(name)
    const reason = `version ${call.version} is nowhere to be found`
    if (live !== undefined) {
      answer(request, reply, live, rescue(live, { ...decodeFirst(form, now), id: call.id, start: call.start }, now, reason), now, began)
      return
    }
    log.error({ call: call.id, flow: name, reqId: request.id }, reason)
    sendAction(request.id, reply, LAST_RESORT)
  }

  return {
    /** `POST /voice/FLOW?key=KEY`: the first request of a call. */
    first: (request: Request<{ flow: string }>, reply: FastifyReply): void => {
      const began = performance.now()
      readBody(request, reply, body => {
        const { flow: name } = request.params
        const flow = flows.live.flows.get(name)
        if (!isKey(name, oneKey(request))) refuse(request, reply, 403)
        else if (flow === undefined) refuse(request, reply, 404)
        else begin(request, reply, flow, decodeForm(body), began)
      })
    },

    /** `POST /voice?key=KEY`: the same; the flow is the one that answers the line. */
    firstByLine: (request: Request, reply: FastifyReply): void => {
      const began = performance.now()
      readBody(request, reply, body => {
        if (!isKey('', oneKey(request))) {
          refuse(request, reply, 403)
          return
        }
        const form = decodeForm(body)
        // in an outgoing call `from` is ours
        const line = form.direction === 'outgoing' || form.result === 'newoutgoing' ? form.from : form.to
        const flow = flows.live.numbers.get(line)
        if (flow !== undefined) {
          begin(request, reply, flow, form, began)
          return
        }
        log.warn({ call: form.callid, line: masked(line), reqId: request.id }, 'no flow lists this line under `numbers`')
        refuse(request, reply, 404)
      })
    },

    /** `POST /voice/FLOW/TOKEN`: the request of a `next` address. */
    next: (request: Request<{ flow: string; token: string }>, reply: FastifyReply): void => {
      const began = performance.now()
      readBody(request, reply, body => {
        const now = parts.now()
        const { flow: name, token } = request.params
        const call = openCall(sealer, 'call', token, now)
        const form = decodeForm(body)
        if (call === undefined || isOtherCall(form, call.id)) {
          refuse(request, reply, 403)
          return
        }
        const flow = flows.version(call.version)
        if (flow === undefined) fetchAndAnswer(request, reply, name, call, form, began).catch((error: unknown) => {
          log.error({ call: call.id, err: error, reqId: request.id }, 'a request broke something of ours')
          if (!reply.raw.headersSent) sendAction(request.id, reply, LAST_RESORT)
        })
        else if (flow.name !== name) refuse(request, reply, 403)
        else answer(request, reply, flow, step(flow, call, decodeEvent(form), now), now, began)
      })
    },
  }
}

function oneKey(request: Request): string | undefined {
  const { key } = request.query
  return Array.isArray(key) ? key[0] : key
}

/** A token sent with another call's id is somebody else's. A request that names none is believed. */
export function isOtherCall(form: Form, id: string): boolean {
  return form.callid !== '' && id !== '' && form.callid !== id
}
