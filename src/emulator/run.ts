import { PERFORM } from './actions/actions.ts'
import { readAddress } from './address.ts'
import { carrierTime } from './callid.ts'
import { DEEPEST, LARGEST, type CallOptions } from './options.ts'
import type { Ended, Purpose } from './report.ts'
import type { Running } from './running.ts'
import type { Outcome, Stage } from './stage.ts'
import { isObject, nameAction, show, validateAction, type Action, type ActionName } from './validate-action.ts'

/** Where a call goes on, and what is reported there. */
interface Step {
  readonly purpose: Purpose
  readonly go: unknown
  readonly result: string
  readonly why?: string
}

/** The chain of actions, from `voice_start` until nothing follows; tells how it ended. */
export async function run(running: Running, options: CallOptions): Promise<Ended> {
  const { mailbox, memory, notices, trace, began } = running
  const isOutgoing = running.party.direction === 'outgoing'
  if (options.whenhangup !== undefined) memory.whenhangup = options.whenhangup
  if (isOutgoing && options.answered !== undefined && options.answered !== 'success') {
    memory.turnedOut = options.answered
    return 'unanswered'
  }
  // voice_start of an outgoing call is asked because the callee has answered
  if (isOutgoing) memory.answeredAt = began

  let step: Step = { purpose: 'start', go: readStart(options.start), result: isOutgoing ? 'newoutgoing' : 'newincoming' }
  for (;;) {
    const action = await resolve(step, running)
    await notices.nextAnswered()
    if (typeof action === 'string') return action

    const name = nameAction(action)
    if (typeof name === 'object') {
      trace.find(name.code, name.message, memory.request)
      return 'breach'
    }
    const outcome = await perform(name, action, running)
    if (outcome.recording !== undefined) await notices.recorded('record', outcome.recording.address, outcome.recording.seconds)
    if (mailbox.over !== undefined) {
      await afterHangup(outcome, running)
      return endedBy(running)
    }
    if (name === 'hangup') return 'hangup'
    if (outcome.go === undefined || outcome.go === null || outcome.go === '') return 'no-next'
    step = outcome
  }
}

/** `voice_start` is an address, or an action that may be written as JSON text (facts: voice_start). */
function readStart(start: string | Action): unknown {
  if (typeof start !== 'string' || readAddress(start) !== undefined) return start
  try {
    const value: unknown = JSON.parse(start)
    return isObject(value) ? value : start
  } catch {
    return start
  }
}

/** The action at a step: asked for at an address, or written in place. */
async function resolve(step: Step, running: Running): Promise<Action | Ended> {
  const { memory, requests, trace, readings, limits } = running
  const { go, purpose, result, why } = step
  if (isObject(go)) {
    if (purpose !== 'start') return go
    return accept(go, 0, running)
  }
  if (typeof go !== 'string') {
    trace.find('target-invalid', `${purpose}: ${show(go)} is neither an address nor an action`, memory.request)
    return 'breach'
  }
  if (++memory.asked > limits.requests) {
    trace.find('call-too-long', `the application was asked ${limits.requests} times in one call`)
    return 'limit'
  }
  const form = purpose === 'start' ? firstForm(running, result) : laterForm(running, result, why)
  const number = requests.records.length
  const judgement = await requests.ask(purpose, go, form)
  if (judgement === undefined) return endedBy(running)
  memory.request = number
  if (judgement.kind === 'breach') {
    trace.find(judgement.code, judgement.message, number)
    return 'breach'
  }
  memory.actions.push(readings.actionEntries === 'strings' ? go : { fetch: go, result: 'success' })
  if (judgement.kind === 'empty') {
    trace.find('reply-empty', judgement.message, number)
    return 'empty-reply'
  }
  return accept(judgement.action, requests.records[number]?.body?.length ?? 0, running)
}

/** Looks a new tree of actions over. */
function accept(action: Action, size: number, running: Running): Action | Ended {
  const { trace, memory, readings } = running
  const depth = validateAction(action, (code, message) => trace.find(code, message, memory.request))
  if (depth <= DEEPEST && size <= LARGEST) return action
  const what = depth > DEEPEST ? `actions are nested ${depth} deep; ${DEEPEST}` : `a reply of ${size} characters; ${LARGEST}`
  trace.find('reply-too-deep', `${what} are sure to be taken`, memory.request)
  return readings.nesting === 'refused' ? 'breach' : action
}

function firstForm({ party, callid, began, readings }: Running, result: string): Record<string, string> {
  const created: Record<string, string> = readings.created === 'sent' ? { created: carrierTime(began) } : {}
  return { direction: party.direction, callid, from: party.from, to: party.to, ...created, result }
}

function laterForm({ party, callid }: Running, result: string, why: string | undefined): Record<string, string> {
  return { callid, from: party.from, to: party.to, direction: party.direction, result, ...(why !== undefined && { why }) }
}

async function perform(name: ActionName, action: Action, running: Running): Promise<Outcome> {
  const { trace, memory, readings, mailbox } = running
  const value = typeof action[name] === 'string' ? action[name] : show(action[name])
  if (name === 'hangup' && memory.actions.every((entry) => isFetch(entry)) && memory.answeredAt === undefined) memory.refused = true
  trace.add({ kind: 'action', action: name, value })
  takeOptions(action, running)

  const outcome = await PERFORM[name](action, makeStage(running))
  const { result, why } = outcome
  if (name === 'hangup') memory.turnedOut = result === 'busy' ? 'busy' : 'failed'
  if (name === 'connect') memory.turnedOut = result === 'busy' ? 'busy' : 'failed'
  memory.actions.push(readings.actionEntries === 'strings' ? name : { [name]: value, result })
  if (name !== 'hangup' && mailbox.over === undefined) trace.add({ kind: 'result', action: name, result, ...(why !== undefined && { why }) })
  return outcome
}

function isFetch(entry: unknown): boolean {
  return typeof entry === 'string' ? readAddress(entry) !== undefined : isObject(entry) && 'fetch' in entry
}

/** The options that ride on any action: the last `whenhangup` wins, a `recordcall` runs until the call ends. */
function takeOptions(action: Action, { memory, readings, clock, began, notices }: Running): void {
  const { whenhangup, recordcall } = action
  if (typeof whenhangup === 'string' && readAddress(whenhangup) !== undefined) memory.whenhangup = whenhangup
  if (typeof recordcall !== 'string' || readAddress(recordcall) === undefined) return
  const isWhole = readings.recordcallAgain === 'one-whole'
  if (isWhole && memory.recordcalls.length > 0) return
  memory.recordcalls.push({ address: recordcall, name: notices.name(), since: isWhole ? began : clock.now() })
}

function makeStage(running: Running): Stage {
  const { clock, mailbox, audience, trace, readings, party, legs, memory, sounds } = running
  return {
    clock,
    mailbox,
    audience,
    trace,
    readings,
    from: party.from,
    legs,
    locals: memory.locals,
    complain: (code, message) => trace.find(code, message, memory.request),
    isAnswered: () => memory.answeredAt !== undefined,
    answer: () => {
      memory.answeredAt ??= clock.now()
    },
    async load(address) {
      const release = clock.hold()
      try {
        return await sounds.load(address, memory.locals)
      } finally {
        release()
      }
    },
  }
}

/** The caller has left in the middle of an action; whether `next` is still asked is an open question. */
async function afterHangup(outcome: Outcome, running: Running): Promise<void> {
  const { readings, misbehave, mailbox, requests } = running
  if (mailbox.over !== 'caller' || typeof outcome.go !== 'string' || outcome.go === '') return
  if (readings.nextAfterHangup !== 'posted' && misbehave.nextAfterHangup !== true) return
  await requests.tell(outcome.purpose, outcome.go, laterForm(running, outcome.result, outcome.why))
}

function endedBy({ mailbox, trace, limits, memory }: Running): Ended {
  if (mailbox.over !== 'limit') return mailbox.over === 'abort' ? 'abort' : 'caller'
  trace.find('call-too-long', `the call lasted ${limits.seconds} s without an end`, memory.request)
  return 'limit'
}
