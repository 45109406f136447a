/** What the carrier only tells: the call is over, a recording is ready. */
import { decodeEnd, decodeForm, wholeNumber } from '../carrier/decode.ts'
import type { Form } from '../carrier/decode.ts'
import { recordingPath } from '../carrier/recording-address.ts'
import { END } from '../compile/flow.ts'
import type { Flow } from '../compile/flow.ts'
import { recordingId } from '../outbox/recordings.ts'
import { awaitsEnd, itemsOfRecording } from '../run/afterwards.ts'
import type { Call } from '../run/call.ts'
import type { Item } from '../run/effect.ts'
import { UNTOUCHED } from '../run/world.ts'
import type { Asked } from './asked.ts'
import { shown } from './masked.ts'
import type { NoticeLog, ServeParts } from './parts.ts'
import { prepareEnd } from './prepare-end.ts'
import type { ReadBody } from './read-body.ts'
import { runUnanswered } from './unanswered.ts'
import { isOtherCall, other } from './voice.ts'

/** Seconds that a token counts longer for the end of a call than for an answer: the carrier repeats the notice for days. */
const LATE = 48 * 3600

/** The handlers of the carrier's notices; each answers 204, and says in the log what it was told. */
export function noticeHandlers(parts: ServeParts, readBody: ReadBody) {
  const { world = () => UNTOUCHED } = parts

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

  /** Has stored what a notice makes the call send. Rejects where its version, or what is remembered of it, cannot be had now: the carrier tells again. */
  async function send({ call, form, flow: known }: Notice, asked: Asked, prepare: (flow: Flow) => Promise<() => readonly Item[]>): Promise<void> {
    const flow = known ?? (await parts.flows.fetch(call.version))
    if (flow === undefined) {
      parts.log.error({ call: call.id, version: call.version, reqId: asked.id }, 'what this call sends is lost: its version is nowhere to be found')
      return
    }
    const make = await prepare(flow)
    try {
      const items = make()
      if (items.length > 0) await parts.sending?.send(items, other(form))
    } catch (error) {
      parts.log.error({ call: call.id, err: error, reqId: asked.id }, 'what this call sends could not be made')
    }
  }

  function unheard(asked: Asked, call: Call, what: string, recording?: string): (error: unknown) => void {
    return error => {
      parts.log.error({ call: call.id, ...(recording === undefined ? {} : { recording }), err: error, reqId: asked.id }, `${what} could not be noted down: the carrier will tell of it again`)
      asked.refuse(503)
    }
  }

  /** The end of a call that we made: once somebody has answered, the address of the call itself is told instead. */
  function neverAnswered(asked: Asked, token: string, form: Form): boolean {
    const dialled = parts.sending?.openDial(token)
    if (dialled === undefined) return false
    const { state } = decodeEnd(form)
    const heard = (): void => {
      asked.take().writeHead(204, ['x-request-id', asked.id]).end()
      parts.logNotice({ call: form.callid, flow: dialled.flow, state: state === '' ? undefined : state, reqId: asked.id }, 'call not answered')
    }
    if (state !== 'success') parts.sending?.unanswered(dialled)
    if (state === 'success' || dialled.unanswered === undefined) heard()
    else runUnanswered(parts, dialled.unanswered, form, asked.id).then(heard).catch((error: unknown) => {
      parts.log.error({ call: form.callid, flow: dialled.flow, err: error, reqId: asked.id }, 'what is done when nobody answers broke off')
      if (!asked.take().headersSent) heard()
    })
    return true
  }

  return {
    /** `POST /hangup/TOKEN`: the call is over. It is answered when what is sent then is on the disk. */
    hangup: (asked: Asked, token: string): void => {
      notice(asked, token, 'call', LATE, 'call over', told => {
        const { form, call, flow, heard } = told
        const ended = decodeEnd(form)
        const done = (): void => {
          heard({ state: ended.state === '' ? undefined : ended.state, seconds: ended.seconds, cost: wholeNumber(form.field('cost')) })
          parts.flows.over?.(call.version)
          parts.sending?.calls.over(call, flow, ended)
        }
        // most calls send nothing then
        const { sending } = parts
        if (sending === undefined || flow?.atEnd === false) done()
        else void send(told, asked, sender => prepareEnd(sender, call, ended, { memory: sending.memory, secret: sending.recordings.secrets[0] ?? '', base: asked.base(), now: parts.now(), world: world(other(form)) })).then(done).catch(unheard(asked, call, 'the end of a call'))
      })
    },

    /** `POST /recording/TOKEN`: a recording is ready. It is answered when that is on the disk; the carrier tells again where it could not be. */
    recording: (asked: Asked, token: string): void => {
      notice(asked, token, 'recording', 0, 'recording', told => {
        const { form, call, flow, heard } = told
        const { sending } = parts
        const address = form.field('wav') ?? ''
        const [seconds, id] = [wholeNumber(form.field('duration')), recordingId(address)]
        const keep = async (): Promise<void> => {
          if (id === undefined || sending === undefined) return
          const created = (form.field('created') ?? '').replace(/[^0-9T:.Z+-]/g, '').slice(0, 40)
          await sending.recorded({ id, address, seconds: seconds ?? 0, created, call, flow })
          const url = `${asked.base()}${recordingPath(sending.recordings.secrets[0] ?? '', id)}`
          await send(told, asked, async sender => {
            const isAwaited = call.state === END && awaitsEnd(sender)
            const ended = isAwaited ? await sending.memory.endOf(call.id) : undefined
            // else the end of the call brings them
            return () => (isAwaited && ended === undefined ? [] : itemsOfRecording(sender, call, { id, url, seconds: seconds ?? 0, created }, parts.now(), world(other(form)), ended))
          })
        }
        keep().then(() => heard({ seconds, recording: id })).catch(unheard(asked, call, 'a recording', id))
      })
    },
  }
}
