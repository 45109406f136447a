/** The clock of a call by hand: real time, except while somebody skips ahead, or thinks. */
import type { Clock } from './clock.ts'
import { realClock } from './clock.ts'

export interface SkippingClock extends Clock {
  /** From now on time jumps from one event to the next, until `stop`. */
  rush(): void
  stop(): void
  /** Time stands still, until `resume`. */
  pause(): void
  resume(): void
}

interface Timer {
  readonly time: number
  readonly rank: number
  readonly run: () => void
}

/** A real clock that begins at `startsAt` (milliseconds since 1970; now if absent) and can be hurried on. */
export function skippingClock(startsAt?: number): SkippingClock {
  const real = realClock()
  const timers = new Set<Timer>()
  let ahead = startsAt === undefined ? 0 : startsAt - real.now()
  let isRushing = false
  /** Where time stands, while it does. */
  let stands: number | undefined
  let cancel: (() => void) | undefined

  const now = (): number => stands ?? real.now() + ahead
  const first = (): Timer | undefined => {
    let earliest: Timer | undefined
    for (const timer of timers) if (earliest === undefined || timer.time < earliest.time || (timer.time === earliest.time && timer.rank < earliest.rank)) earliest = timer
    return earliest
  }
  const plan = (): void => {
    cancel?.()
    cancel = undefined
    const timer = first()
    if (timer === undefined || stands !== undefined) return
    if (isRushing) {
      const immediate = setImmediate(turn)
      cancel = () => clearImmediate(immediate)
    } else cancel = real.at(timer.time - ahead, turn)
  }
  const turn = (): void => {
    const timer = first()
    if (timer === undefined) return
    if (isRushing) ahead += Math.max(0, timer.time - now())
    if (timer.time <= now()) {
      timers.delete(timer)
      timer.run()
    }
    plan()
  }

  return {
    now,
    at(time, run, rank = 0) {
      const timer: Timer = { time, rank, run }
      timers.add(timer)
      plan()
      return () => {
        if (timers.delete(timer)) plan()
      }
    },
    hold: () => () => undefined,
    rush() {
      isRushing = true
      plan()
    },
    stop() {
      isRushing = false
      plan()
    },
    pause() {
      stands ??= now()
      plan()
    },
    resume() {
      if (stands === undefined) return
      ahead = stands - real.now()
      stands = undefined
      plan()
    },
  }
}
