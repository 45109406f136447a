import { readAddress, shortAddress } from './address.ts'
import type { Clock } from './clock.ts'
import { judgeReply, type Judgement } from './judge-reply.ts'
import type { Mailbox } from './mailbox.ts'
import type { Misbehaviour } from './misbehaviour.ts'
import type { Readings } from './readings.ts'
import type { Purpose, RequestRecord } from './report.ts'
import { round, type Trace } from './trace.ts'
import type { Wire } from './wire.ts'

interface Around {
  readonly wire: Wire
  readonly clock: Clock
  readonly mailbox: Mailbox
  readonly trace: Trace
  readonly readings: Readings
  readonly misbehave: Misbehaviour
  readonly headers: Readonly<Record<string, string>>
  readonly answerMs: number
  readonly elapsed: () => number
}

type Form = Readonly<Record<string, string>>

const FORM = 'application/x-www-form-urlencoded'
const RETRIES = 5

/** Every request of one call to the application: sends, records, judges, and repeats where that is asked for. */
export class Requests {
  readonly records: RequestRecord[] = []
  readonly #around: Around
  readonly #underWay = new Set<Promise<unknown>>()

  constructor(around: Around) {
    this.#around = around
  }

  /** Asks for an action. Nothing comes back once the caller has left. */
  async ask(purpose: Purpose, address: string, form: Form): Promise<Judgement | undefined> {
    const { mailbox, trace } = this.#around
    const refused = this.#refuse(purpose, address)
    if (refused !== undefined) return refused
    const sent = this.#send(purpose, address, form)
    const answered = await mailbox.during(sent.answer)
    if (answered === undefined) return undefined
    if (this.#around.misbehave.repeat?.(sent.record) === 'at-once') {
      const again = this.#send(purpose, address, form, sent.number)
      await mailbox.during(again.answer)
      if (again.record.body !== sent.record.body) {
        trace.find('answers-differ', `${purpose}: ${shortAddress(address)} answered the same request differently the second time`, again.number)
      }
    }
    return judgeReply(answered, () => nameRequest(purpose, address, form))
  }

  /** Sends a notice; only the status of its answer counts. */
  async notify(purpose: Purpose, address: string, form: Form): Promise<void> {
    if (readAddress(address) === undefined) return
    const sent = this.#send(purpose, address, form)
    await sent.answer
    if (this.#around.misbehave.repeat?.(sent.record) === 'at-once') await this.#send(purpose, address, form, sent.number).answer
    if (isGood(sent.record)) return
    const met = sent.record.trouble ?? `answered with status ${sent.record.status}`
    this.#around.trace.find('notice-refused', `${purpose}: ${shortAddress(address)}: ${met}`, sent.number)
  }

  /** Sends a request whose answer nobody reads: `next` after the caller has hung up. */
  async tell(purpose: Purpose, address: string, form: Form): Promise<void> {
    if (this.#refuse(purpose, address) === undefined) await this.#send(purpose, address, form).answer
  }

  /** What comes after the call: late duplicates, and repeats of what got a bad status. */
  async afterwards(): Promise<void> {
    const { misbehave, readings } = this.#around
    const all = [...this.records.entries()]
    for (const [number, record] of all) {
      if (record.repeats !== undefined) continue
      const copies = readings.badStatusRetries === 'five-late' && !isGood(record) ? RETRIES : misbehave.repeat?.(record) === 'late' ? 1 : 0
      for (let i = 0; i < copies; i++) await this.#send(record.purpose, record.address, record.form, number).answer
    }
  }

  /** Settles when no request is under way. */
  async settle(): Promise<void> {
    while (this.#underWay.size > 0) await Promise.all(this.#underWay)
  }

  #refuse(purpose: Purpose, address: string): Judgement | undefined {
    if (readAddress(address) === undefined) {
      return { kind: 'breach', code: 'address-relative', message: `${purpose}: ${JSON.stringify(shortAddress(address))} is no absolute http or https address` }
    }
    if (address.length > Number(this.#around.readings.addressLength)) {
      return { kind: 'breach', code: 'address-too-long', message: `${purpose}: an address of ${address.length} characters; ${this.#around.readings.addressLength} are taken` }
    }
    return undefined
  }

  #send(purpose: Purpose, address: string, form: Form, repeats?: number) {
    const { wire, clock, trace, readings, headers, answerMs, elapsed } = this.#around
    const number = this.records.length
    const record: RequestRecord = { purpose, address, form, at: round(elapsed()), ...(repeats !== undefined && { repeats }) }
    this.records.push(record)
    const { result, why } = form
    trace.add({ kind: 'request', number, purpose, address, ...(result !== undefined && { result }), ...(why !== undefined && { why }), ...(repeats !== undefined && { repeats }) })

    const release = clock.hold()
    const began = performance.now()
    const type = readings.contentType === 'charset' ? `${FORM}; charset=UTF-8` : FORM
    const exchange = async () => {
      const answer = await wire.post(address, new URLSearchParams(form).toString(), { 'content-type': type, ...headers }, answerMs)
      record.milliseconds = Math.round((performance.now() - began) * 10) / 10
      if ('trouble' in answer) record.trouble = answer.message
      else {
        record.status = answer.status
        record.body = Buffer.from(answer.bytes).toString('utf8')
      }
      trace.add({ kind: 'reply', number, ...('trouble' in answer ? { trouble: answer.message } : { status: answer.status }) })
      return answer
    }
    const answer = exchange().finally(() => {
      this.#underWay.delete(answer)
      release()
    })
    this.#underWay.add(answer)
    return { number, record, answer }
  }
}

/** A request in words: what it was for and what it reported. */
function nameRequest(purpose: Purpose, address: string, { result, why }: Form): string {
  const reported = purpose === 'start' || result === undefined ? '' : ` with result=${result}${why === undefined ? '' : ` and why=${why}`}`
  return `${purpose} (POST ${shortAddress(address)}${reported})`
}

function isGood({ status }: RequestRecord): boolean {
  return status !== undefined && status >= 200 && status <= 204
}
