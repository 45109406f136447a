/** What the carrier only tells: the call is over, a recording is ready. */
import { decodeForm } from '../carrier/decode.ts'
import type { Form } from '../carrier/decode.ts'
import type { Flow } from '../compile/flow.ts'
import { recordingId } from '../outbox/recordings.ts'
import type { Call } from '../run/call.ts'
import type { Asked } from './asked.ts'
import { shown } from './masked.ts'
import type { NoticeLog, ServeParts } from './parts.ts'
import type { ReadBody } from './read-body.ts'
import { isOtherCall } from './voice.ts'

/** Seconds that a token counts longer for the end of a call than for an answer: the carrier repeats the notice for days. */
const LATE = 48 * 3600

/** The handlers of the carrier's notices; each answers 204, and says in the log what it was told. */
export function noticeHandlers(parts: ServeParts, readBody: ReadBody) {
  interface Notice {
    readonly form: Form
    readonly call: Call
    readonly flow: Flow | undefined
    /** Answers that it was heard. */
    readonly heard: (fields: NoticeLog) => void
  }

  function notice(asked: Asked, token: string, purpose: 'call' | 'recording', late: number, message: string, handle: (notice: Notice) => void): void {
    readBody(asked, body => {
      const form = decodeForm(body)
      const call = parts.tokens.open(purpose, token, parts.now(), late)
      if (call === undefined || isOtherCall(form, call.id)) {
        if (purpose === 'call' && call === undefined && neverAnswered(asked, token, form)) return
        asked.refuse(403)
        return
      }
      const flow = parts.flows.version(call.version)
      const at = flow?.states[call.state]?.name
      const heard = (fields: NoticeLog): void => {
        asked.take().writeHead(204, ['x-request-id', asked.id]).end()
        parts.logNotice({ call: call.id, flow: flow?.name, version: call.version, at: at === undefined ? undefined : shown(at), ...fields, reqId: asked.id }, message)
      }
      handle({ form, call, flow, heard })
    })
  }

  /** The end of a call that we made: once somebody has answered, the address of the call itself is told instead. */
  function neverAnswered(asked: Asked, token: string, form: Form): boolean {
    const dialled = parts.sending?.openDial(token)
    if (dialled === undefined) return false
    asked.take().writeHead(204, ['x-request-id', asked.id]).end()
    const state = word(form.field('state'))
    parts.logNotice({ call: form.callid, flow: dialled.flow, state, reqId: asked.id }, 'call not answered')
    if (state !== 'success') parts.sending?.unanswered(dialled)
    return true
  }

  return {
    /** `POST /hangup/TOKEN`: the call is over. */
    hangup: (asked: Asked, token: string): void => {
      notice(asked, token, 'call', LATE, 'call over', ({ form, call, heard }) => {
        heard({ state: word(form.field('state')), seconds: whole(form.field('duration')), cost: whole(form.field('cost')) })
        parts.flows.over?.(call.version)
        parts.sending?.calls.over(call.id)
      })
    },

    /** `POST /recording/TOKEN`: a recording is ready. It is answered when that is on the disk; the carrier tells again where it could not be. */
    recording: (asked: Asked, token: string): void => {
      notice(asked, token, 'recording', 0, 'recording', ({ form, call, flow, heard }) => {
        const address = form.field('wav') ?? ''
        const [seconds, id] = [whole(form.field('duration')), recordingId(address)]
        const kept = id === undefined || parts.sending === undefined ? Promise.resolve() : parts.sending.recorded({ id, address, seconds: seconds ?? 0, call, flow })
        kept.then(() => heard({ seconds, recording: id })).catch((error: unknown) => {
          parts.log.error({ call: call.id, recording: id, err: error, reqId: asked.id }, 'a recording could not be noted down: the carrier will tell of it again')
          asked.refuse(503)
        })
      })
    },
  }
}

function word(text: string | undefined): string | undefined {
  return text !== undefined && /^[a-z-]{1,20}$/.test(text) ? text : undefined
}

function whole(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,9}$/.test(text) ? Number(text) : undefined
}
