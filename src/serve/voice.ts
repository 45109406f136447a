/** The carrier's requests in a call: decode, step, encode. Whatever breaks on our side, a caller's request gets an action. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import { decodeEvent, decodeFirst, decodeForm } from '../carrier/decode.ts'
import type { Form } from '../carrier/decode.ts'
import { encode } from '../carrier/encode.ts'
import { isVoiceKey } from '../carrier/seal.ts'
import { openCall, sealCall } from '../carrier/token.ts'
import type { Flow } from '../compile/flow.ts'
import { rescue, start, step } from '../run/step.ts'
import type { Step } from '../run/step.ts'
import { readBody } from './read-body.ts'
import type { ServeParts } from './parts.ts'
import { publicBase } from './public-base.ts'

const LAST_RESORT = '{"hangup":"reject"}'
/** Seconds that a notice counts longer than an answer: the carrier repeats it for days. */
const LATE = 48 * 3600

export type Refuse = (request: FastifyRequest, reply: FastifyReply, status: number) => Promise<FastifyReply>

export interface VoiceParams { flow: string; token: string }
export interface VoiceQuery { key?: string | string[] }

/** The handlers of the carrier's side. */
export function voiceHandlers(parts: ServeParts, refuse: Refuse) {
  const { flows, sealer, secrets, log } = parts
  const base = publicBase(parts.publicUrl)

  /** An answer's JSON, logged as one line. */
  function answer(request: FastifyRequest, reply: FastifyReply, flow: Flow, made: Step, began: number): FastifyReply {
    const now = parts.now()
    let json = LAST_RESORT
    try {
      const token = sealCall(sealer, 'call', made.call, now)
      json = encode(made.reply, { base: base(request), flow: flow.name, token, recording: () => sealCall(sealer, 'recording', made.call, now) })
    } catch (error) {
      log.error({ call: made.call.id, flow: flow.name, err: error, reqId: request.id }, 'an answer could not be written')
    }
    const { trace } = made
    const first = trace[0]
    const line = {
      call: made.call.id, flow: flow.name, version: flow.version, from: first?.from ?? '', event: first?.event ?? '', to: trace.at(-1)?.to ?? '',
      ms: Math.round((performance.now() - began) * 1000) / 1000, reqId: request.id,
      ...(trace.length > 1 ? { via: trace.slice(0, -1).map(one => one.to) } : {}),
      ...(made.broke === undefined ? {} : { broke: made.broke }),
    }
    if (made.broke === undefined) log.info(line, 'step')
    else log.error(line, 'the call was sent to on_error')
    return reply.header('content-type', 'application/json').send(json)
  }

  function begin(request: FastifyRequest, reply: FastifyReply, flow: Flow, form: Form, began: number): FastifyReply {
    const now = parts.now()
    const first = decodeFirst(form, now)
    log.info({ call: first.id, flow: flow.name, caller: masked(first.caller), line: masked(first.called), direction: first.direction, reqId: request.id }, 'call')
    return answer(request, reply, flow, start(flow, first, now), began)
  }

  return {
    /** `POST /voice/FLOW?key=KEY`: the first request of a call. */
    async first(request: FastifyRequest<{ Params: { flow: string }; Querystring: VoiceQuery }>, reply: FastifyReply) {
      const began = performance.now()
      const body = await readBody(request.raw)
      const { flow: name } = request.params
      const flow = flows.live.flows.get(name)
      if (!isVoiceKey(secrets, name, oneKey(request.query))) return refuse(request, reply, 403)
      if (flow === undefined) return refuse(request, reply, 404)
      return begin(request, reply, flow, decodeForm(body), began)
    },

    /** `POST /voice?key=KEY`: the same; the flow is the one that answers the line. */
    async firstByLine(request: FastifyRequest<{ Querystring: VoiceQuery }>, reply: FastifyReply) {
      const began = performance.now()
      const body = await readBody(request.raw)
      if (!isVoiceKey(secrets, '', oneKey(request.query))) return refuse(request, reply, 403)
      const form = decodeForm(body)
      // in an outgoing call `from` is ours
      const line = form.direction === 'outgoing' || form.result === 'newoutgoing' ? form.from : form.to
      const flow = flows.live.numbers.get(line)
      if (flow !== undefined) return begin(request, reply, flow, form, began)
      log.warn({ call: form.callid, line: masked(line), reqId: request.id }, 'no flow lists this line under `numbers`')
      return refuse(request, reply, 404)
    },

    /** `POST /voice/FLOW/TOKEN`: the request of a `next` address. */
    async next(request: FastifyRequest<{ Params: VoiceParams }>, reply: FastifyReply) {
      const began = performance.now()
      const body = await readBody(request.raw)
      const now = parts.now()
      const { flow: name, token } = request.params
      const call = openCall(sealer, 'call', token, now)
      const form = decodeForm(body)
      if (call === undefined || isOtherCall(form, call.id)) return refuse(request, reply, 403)
      const flow = flows.version(call.version) ?? (await flows.fetch(call.version).catch(() => undefined))
      if (flow !== undefined) return flow.name === name ? answer(request, reply, flow, step(flow, call, decodeEvent(form), now), began) : refuse(request, reply, 403)
      const live = flows.live.flows.get(name)
      if (live !== undefined) return answer(request, reply, live, rescue(live, { ...decodeFirst(form, now), id: call.id }, now, `version ${call.version} is nowhere to be found`), began)
      log.error({ call: call.id, flow: name, version: call.version, reqId: request.id }, 'the version of this call is nowhere to be found')
      return reply.header('content-type', 'application/json').send(LAST_RESORT)
    },

    /** `POST /hangup/TOKEN`: the call is over. */
    async hangup(request: FastifyRequest<{ Params: { token: string } }>, reply: FastifyReply) {
      return notice(request, reply, 'call', LATE, fields => ({ state: fields['state'], seconds: whole(fields['duration']), cost: whole(fields['cost']) }), 'call over')
    },

    /** `POST /recording/TOKEN`: a recording is ready. */
    async recording(request: FastifyRequest<{ Params: { token: string } }>, reply: FastifyReply) {
      return notice(request, reply, 'recording', 0, fields => ({ seconds: whole(fields['duration']), recording: recordingName(fields['wav']) }), 'recording')
    },
  }

  async function notice(request: FastifyRequest<{ Params: { token: string } }>, reply: FastifyReply, purpose: 'call' | 'recording', late: number, told: (fields: Form['fields']) => object, message: string) {
    const form = decodeForm(await readBody(request.raw))
    const call = openCall(sealer, purpose, request.params.token, parts.now(), late)
    if (call === undefined || isOtherCall(form, call.id)) return refuse(request, reply, 403)
    const flow = flows.version(call.version)
    const state = flow?.states[call.state]?.name
    log.info({ call: call.id, flow: flow?.name, version: call.version, at: state, ...told(form.fields), reqId: request.id }, message)
    return reply.code(204).send()
  }
}

function oneKey(query: VoiceQuery): string | undefined {
  return Array.isArray(query.key) ? query.key[0] : query.key
}

/** A token sent with another call's id is somebody else's. A request that names none is believed. */
function isOtherCall(form: Form, id: string): boolean {
  return form.callid !== '' && id !== '' && form.callid !== id
}

/** A number in a log: its last four digits. */
export function masked(number: string): string {
  return number.length <= 4 ? '…' : `…${number.slice(-4)}`
}

function whole(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,9}$/.test(text) ? Number(text) : undefined
}

/** The file's name of a recording's address, without what stands before it: an address may hold secrets. */
function recordingName(address: string | undefined): string | undefined {
  return address === undefined ? undefined : /([A-Za-z0-9._-]{1,100})$/.exec(address.split('?')[0] as string)?.[1]
}
