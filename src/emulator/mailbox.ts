import type { Clock } from './clock.ts'
import type { LineAnswer } from './person.ts'

/** One thing that happens to an action under way. `over`: the call has ended, and nothing else will come. */
export type Stir =
  | { readonly kind: 'key'; readonly key: string }
  | { readonly kind: 'speech' }
  | { readonly kind: 'line'; readonly answer: LineAnswer }
  | { readonly kind: 'callee-gone' }
  | { readonly kind: 'fault' }
  | { readonly kind: 'time' }
  | { readonly kind: 'over' }

/** Who ended the call from outside of the actions; `done`: it is over anyway. */
export type Over = 'caller' | 'limit' | 'abort' | 'done'

/** Told of what the person does, at the moment of doing it. */
export interface Listener {
  readonly key: (key: string) => void
  readonly speech: (seconds: number) => void
  readonly over: (by: Over) => void
}

const TIME: Stir = { kind: 'time' }
const OVER: Stir = { kind: 'over' }

/** What happens to a call, one thing at a time; the action under way takes them out. */
export class Mailbox {
  readonly #clock: Clock
  readonly #limit: number
  readonly #listener: Listener
  #queue: Stir[] = []
  #typed = ''
  #over: Over | undefined
  #speakingUntil = 0
  #waiting: ((stir: Stir) => void) | undefined
  #onOver: (() => void) | undefined

  /** `limit`: the time, in milliseconds since 1970, at which the call ends by itself. */
  constructor(clock: Clock, limit: number, listener: Listener) {
    this.#clock = clock
    this.#limit = limit
    this.#listener = listener
  }

  get over(): Over | undefined {
    return this.#over
  }

  /** When the caller last stops talking, in milliseconds since 1970. */
  get speakingUntil(): number {
    return this.#speakingUntil
  }

  push(stir: Stir): void {
    if (this.#over !== undefined) return
    if (stir.kind === 'key') this.#listener.key(stir.key)
    if (this.#waiting !== undefined) this.#waiting(stir)
    else this.#queue.push(stir)
  }

  speak(seconds: number): void {
    if (this.#over !== undefined) return
    this.#speakingUntil = Math.max(this.#speakingUntil, this.#clock.now() + seconds * 1000)
    this.#listener.speech(seconds)
    this.push({ kind: 'speech' })
  }

  /** Ends the call; the first to do so counts. */
  end(by: Over): void {
    if (this.#over !== undefined) return
    this.#over = by
    this.#listener.over(by)
    this.#waiting?.(OVER)
    this.#onOver?.()
  }

  /** The call is over: nothing is taken in any more. */
  close(): void {
    this.#over ??= 'done'
  }

  /** An action begins: what was meant for the one before is gone, except keys, which are set aside. */
  begin(): void {
    for (const stir of this.#queue) if (stir.kind === 'key') this.#typed += stir.key
    this.#queue = []
  }

  /** Sets a key aside that the action under way has no use for. */
  keep(key: string): void {
    this.#typed += key
  }

  /** The keys set aside so far, which are then gone. */
  takeTyped(): string {
    const typed = this.#typed
    this.#typed = ''
    return typed
  }

  /** Puts keys before everything else, as if they were pressed now. */
  restore(keys: string): void {
    this.#queue.unshift(...Array.from(keys, (key): Stir => ({ kind: 'key', key })))
  }

  /** The next thing to happen, `time` if nothing does until then (milliseconds since 1970). */
  next(until: number): Promise<Stir> | Stir {
    if (this.#over !== undefined) return OVER
    const first = this.#queue.shift()
    if (first !== undefined) return first
    return new Promise((resolve) => {
      const capped = Math.min(until, this.#limit)
      const cancel = this.#clock.at(capped, () => {
        this.#waiting = undefined
        if (capped < until) {
          this.end('limit')
          resolve(OVER)
        } else resolve(TIME)
      })
      this.#waiting = (stir) => {
        this.#waiting = undefined
        cancel()
        resolve(stir)
      }
    })
  }

  /** What a piece of real work yields, or nothing once the call is over: the carrier does not wait for a caller who left. */
  async during<T>(work: Promise<T>): Promise<T | undefined> {
    if (this.#over !== undefined) return undefined
    const gone = new Promise<undefined>((resolve) => {
      this.#onOver = () => resolve(undefined)
    })
    try {
      return await Promise.race([work, gone])
    } finally {
      this.#onOver = undefined
    }
  }
}
