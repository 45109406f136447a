/** What the carrier only tells: the call is over, a recording is ready. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import { decodeForm, fieldOf } from '../carrier/decode.ts'
import type { Form } from '../carrier/decode.ts'
import { openCall } from '../carrier/token.ts'
import { shown } from './masked.ts'
import type { ServeParts } from './parts.ts'
import type { ReadBody } from './read-body.ts'
import { isOtherCall } from './voice.ts'
import type { Refuse } from './voice.ts'

/** Seconds that a token counts longer for the end of a call than for an answer: the carrier repeats the notice for days. */
const LATE = 48 * 3600

type Request = FastifyRequest<{ Params: { token: string } }>

/** The handlers of the carrier's notices; each answers 204, and says in the log what it was told. */
export function noticeHandlers(parts: ServeParts, refuse: Refuse, readBody: ReadBody) {
  function notice(request: Request, reply: FastifyReply, purpose: 'call' | 'recording', late: number, message: string, told: (form: Form) => object): void {
    readBody(request, reply, body => {
      const form = decodeForm(body)
      const call = openCall(parts.sealer, purpose, request.params.token, parts.now(), late)
      if (call === undefined || isOtherCall(form, call.id)) {
        refuse(request, reply, 403)
        return
      }
      const flow = parts.flows.version(call.version)
      const at = flow?.states[call.state]?.name
      reply.hijack()
      reply.raw.writeHead(204, ['x-request-id', request.id])
      reply.raw.end()
      if (purpose === 'call') parts.flows.over?.(call.version)
      parts.log.info({ call: call.id, flow: flow?.name, version: call.version, at: at === undefined ? undefined : shown(at), ...told(form), reqId: request.id }, message)
    })
  }

  return {
    /** `POST /hangup/TOKEN`: the call is over. */
    hangup: (request: Request, reply: FastifyReply): void => {
      notice(request, reply, 'call', LATE, 'call over', form => ({ state: word(fieldOf(form, 'state')), seconds: whole(fieldOf(form, 'duration')), cost: whole(fieldOf(form, 'cost')) }))
    },

    /** `POST /recording/TOKEN`: a recording is ready. It is noted down: keeping and sending recordings is not yet in this version. */
    recording: (request: Request, reply: FastifyReply): void => {
      notice(request, reply, 'recording', 0, 'recording', form => ({ seconds: whole(fieldOf(form, 'duration')), recording: fileName(fieldOf(form, 'wav')) }))
    },
  }
}

function word(text: string | undefined): string | undefined {
  return text !== undefined && /^[a-z-]{1,20}$/.test(text) ? text : undefined
}

function whole(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,9}$/.test(text) ? Number(text) : undefined
}

/** The file's name of a recording's address, without what stands before it: an address may hold secrets. */
function fileName(address: string | undefined): string | undefined {
  return address === undefined ? undefined : /([A-Za-z0-9._-]{1,100})$/.exec(address.split('?')[0] as string)?.[1]
}
