/** What is done when nobody answers a call that we made: its flow runs without anybody on the line, for what it sends. */
import { decodeFirst } from '../carrier/decode.ts'
import type { Form } from '../carrier/decode.ts'
import { start } from '../run/step.ts'
import type { Step } from '../run/step.ts'
import { UNTOUCHED } from '../run/world.ts'
import type { World } from '../run/world.ts'
import { answerOutside } from './answer-outside.ts'
import { asksNobody } from './ask-outside.ts'
import type { ServeParts } from './parts.ts'
import { other } from './voice.ts'

/** The flow in force, and its inputs. */
interface Unanswered {
  readonly flow: string
  readonly with: Readonly<Record<string, string>>
}

/** Runs it, and has stored what it sends. The same for a notice that is repeated. */
export async function runUnanswered({ flows, sending, log, logStep, now, world = () => UNTOUCHED, askOutside = asksNobody }: ServeParts, unanswered: Unanswered, form: Form, reqId: string): Promise<void> {
  const began = performance.now()
  const flow = flows.live.flows.get(unanswered.flow)
  if (flow === undefined) {
    log.error({ call: form.callid, flow: unanswered.flow, reqId }, 'there is no such flow for a call that nobody answered')
    return
  }
  const at = now()
  const first = decodeFirst(form, at)
  const here = world(other(form))
  const make = (met: World): Step => start(flow, first, at, met, unanswered.with)
  const made = make(here)
  const step = made.ask === undefined ? made : await answerOutside(made, here, make, askOutside, ({ host, outcome }, state) => log.info({ call: first.id, flow: flow.name, state, host, outcome, reqId }, 'fetch'))
  if (step.effects !== undefined) await sending?.send(step.effects, other(form))
  logStep({ flow, step, ms: performance.now() - began, reqId, first })
}
