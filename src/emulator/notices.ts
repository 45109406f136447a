import { carrierTime } from './callid.ts'
import type { Clock } from './clock.ts'
import type { Recording } from './report.ts'
import type { Requests } from './requests.ts'

interface Notice {
  readonly purpose: 'record' | 'recordcall'
  readonly address: string
  readonly form: Readonly<Record<string, string>>
}

interface Around {
  readonly callid: string
  readonly party: Readonly<Record<'from' | 'to' | 'direction', string>>
  readonly clock: Clock
  readonly requests: Requests
  /** Where recordings can be fetched; the carrier's own address by default. */
  readonly recordingsBase: string
  /** `now`: before whatever follows. `after-next`: once next is answered. `last`: after everything else. */
  readonly when: 'now' | 'after-next' | 'last'
}

/** Recordings of one call and the notices about them, in the order that was asked for. */
export class Notices {
  readonly recordings: Recording[] = []
  readonly #around: Around
  readonly #waiting: Notice[] = []
  #numbered = 0

  constructor(around: Around) {
    this.#around = around
  }

  /** The name of the next recording, as `c...-r0`. */
  name(): string {
    return `${this.#around.callid}-r${this.#numbered++}`
  }

  async recorded(of: Recording['of'], address: string, seconds: number, name = this.name()): Promise<void> {
    const { party, clock, recordingsBase, callid, when } = this.#around
    const whole = Math.round(seconds)
    this.recordings.push({ name, seconds: whole, of })
    const form = { callid, ...party, created: carrierTime(clock.now()), duration: String(whole), wav: `${recordingsBase}/${name}.wav` }
    this.#waiting.push({ purpose: of, address, form })
    if (when === 'now') await this.#flush()
  }

  async nextAnswered(): Promise<void> {
    if (this.#around.when === 'after-next') await this.#flush()
  }

  async last(): Promise<void> {
    await this.#flush()
  }

  async #flush(): Promise<void> {
    for (const { purpose, address, form } of this.#waiting.splice(0)) await this.#around.requests.notify(purpose, address, form)
  }
}
