import type { Clock } from './clock.ts'
import type { Mailbox } from './mailbox.ts'
import type { Met, Person, Phone, Ringing } from './person.ts'

/** Puts questions to a person and holds the clock while an answer is being thought about. */
export class Audience {
  readonly #clock: Clock
  readonly #mailbox: Mailbox
  readonly #person: Person
  readonly #began: number
  readonly #waits = new Set<() => void>()
  readonly #holds = new Set<() => void>()
  #closed = false
  #trouble: { readonly error: unknown } | undefined

  constructor(clock: Clock, mailbox: Mailbox, person: Person) {
    this.#clock = clock
    this.#mailbox = mailbox
    this.#person = person
    this.#began = clock.now()
  }

  /** What the person threw, if anything. */
  get trouble(): { readonly error: unknown } | undefined {
    return this.#trouble
  }

  meet(met: Met): void {
    this.#ask((phone) => this.#person.meet(met, phone), () => undefined)
  }

  /** The answer arrives in the mailbox. */
  line(ringing: Ringing): void {
    this.#ask(
      (phone) => this.#person.line(ringing, phone),
      (answer) => this.#mailbox.push({ kind: 'line', answer }),
    )
  }

  /** The call is over: waits end, and whoever still thinks does not hold the clock any longer. */
  close(): void {
    this.#closed = true
    for (const end of [...this.#waits]) end()
    for (const release of [...this.#holds]) release()
  }

  #hold(): () => void {
    if (this.#closed) return () => undefined
    const release = this.#clock.hold()
    this.#holds.add(release)
    return () => {
      this.#holds.delete(release)
      release()
    }
  }

  #ask<T>(question: (phone: Phone) => T | Promise<T>, answered: (answer: T) => void): void {
    let release = this.#hold()
    let waiting = 0
    let settled = false
    const failed = (error: unknown): void => {
      this.#trouble ??= { error }
      this.#mailbox.end('abort')
    }
    const wait = (seconds: number): Promise<boolean> => {
      if (this.#mailbox.over !== undefined) return Promise.resolve(false)
      return new Promise((resolve) => {
        const done = (inCall: boolean): void => {
          this.#waits.delete(cut)
          if (--waiting === 0 && inCall && !settled) release = this.#hold()
          resolve(inCall)
        }
        const cancel = this.#clock.at(this.#clock.now() + seconds * 1000, () => done(this.#mailbox.over === undefined), 1)
        const cut = (): void => {
          cancel()
          done(false)
        }
        this.#waits.add(cut)
        waiting++
        release()
      })
    }
    const settle = (): void => {
      settled = true
      release()
    }
    try {
      const answer = question(this.#phone(wait))
      if (answer instanceof Promise) void answer.then(answered, failed).finally(settle)
      else {
        answered(answer)
        settle()
      }
    } catch (error) {
      failed(error)
      settle()
    }
  }

  #phone(wait: Phone['wait']): Phone {
    const mailbox = this.#mailbox
    return {
      press(keys) {
        if (!/^[0-9*#]*$/.test(keys)) throw new TypeError(`a telephone has the keys 0 to 9, * and #, not ${JSON.stringify(keys)}`)
        for (const key of keys) mailbox.push({ kind: 'key', key })
      },
      speak: (seconds) => mailbox.speak(seconds),
      hangUp: () => mailbox.end('caller'),
      calleeHangsUp: () => mailbox.push({ kind: 'callee-gone' }),
      fail: () => mailbox.push({ kind: 'fault' }),
      wait,
      elapsed: () => (this.#clock.now() - this.#began) / 1000,
    }
  }
}
