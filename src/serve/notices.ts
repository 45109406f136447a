/** What the carrier only tells: the call is over, a recording is ready. */
import { decodeForm } from '../carrier/decode.ts'
import type { Form } from '../carrier/decode.ts'
import type { Asked } from './asked.ts'
import { shown } from './masked.ts'
import type { NoticeLog, ServeParts } from './parts.ts'
import type { ReadBody } from './read-body.ts'
import { isOtherCall } from './voice.ts'

/** Seconds that a token counts longer for the end of a call than for an answer: the carrier repeats the notice for days. */
const LATE = 48 * 3600

/** The handlers of the carrier's notices; each answers 204, and says in the log what it was told. */
export function noticeHandlers(parts: ServeParts, readBody: ReadBody) {
  function notice(asked: Asked, token: string, purpose: 'call' | 'recording', late: number, message: string, told: (form: Form) => NoticeLog): void {
    readBody(asked, body => {
      const form = decodeForm(body)
      const call = parts.tokens.open(purpose, token, parts.now(), late)
      if (call === undefined || isOtherCall(form, call.id)) {
        asked.refuse(403)
        return
      }
      const flow = parts.flows.version(call.version)
      const at = flow?.states[call.state]?.name
      asked.take().writeHead(204, ['x-request-id', asked.id]).end()
      if (purpose === 'call') parts.flows.over?.(call.version)
      parts.logNotice({ call: call.id, flow: flow?.name, version: call.version, at: at === undefined ? undefined : shown(at), ...told(form), reqId: asked.id }, message)
    })
  }

  return {
    /** `POST /hangup/TOKEN`: the call is over. */
    hangup: (asked: Asked, token: string): void => {
      notice(asked, token, 'call', LATE, 'call over', form => ({ state: word(form.field('state')), seconds: whole(form.field('duration')), cost: whole(form.field('cost')) }))
    },

    /** `POST /recording/TOKEN`: a recording is ready. It is noted down: keeping and sending recordings is not yet in this version. */
    recording: (asked: Asked, token: string): void => {
      notice(asked, token, 'recording', 0, 'recording', form => ({ seconds: whole(form.field('duration')), recording: fileName(form.field('wav')) }))
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
