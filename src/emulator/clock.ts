/** Time as the emulator sees it: real, or made of numbers. */

export interface Clock {
  /** Milliseconds since 1970. */
  now(): number
  /**
   * Runs something at a time (milliseconds since 1970); what you get back cancels it.
   * Of several things due at one instant the lower rank goes first: the carrier is 0, a person 1.
   */
  at(time: number, run: () => void, rank?: number): () => void
  /** Time must not be moved on until the function returned is called. A real clock cannot be held and ignores it. */
  hold(): () => void
}

/** The wall clock as it stood when asked for, and a steady one from there on: a correction of the time ends no prompt. */
export function realClock(): Clock {
  const began = Date.now() - performance.now()
  const now = (): number => Math.round(began + performance.now())
  return {
    now,
    at(time, run) {
      const timer = setTimeout(run, Math.max(0, time - now()))
      return () => clearTimeout(timer)
    },
    hold: () => () => undefined,
  }
}

interface Timer {
  readonly time: number
  readonly rank: number
  readonly run: () => void
}

/**
 * A clock that nobody waits for: as soon as nothing holds it, it jumps to the next timer. Requests and a person who
 * thinks hold it, so real work takes no virtual time and the order of events does not depend on the machine.
 * Several calls may share one. It starts at `startsAt`, by default now.
 */
export function virtualClock(startsAt: number | Date = Date.now()): Clock {
  const timers: Timer[] = []
  let now = Number(startsAt)
  let holds = 0
  let turning = false

  // One timer a turn, and a turn only when all promises have settled: what a timer sets off comes before the next timer.
  const wake = (): void => {
    if (turning || holds > 0 || timers.length === 0) return
    turning = true
    setImmediate(turn)
  }
  const turn = (): void => {
    turning = false
    if (holds > 0) return
    const timer = timers.shift()
    if (timer === undefined) return
    now = Math.max(now, timer.time)
    timer.run()
    wake()
  }

  return {
    now: () => now,
    at(time, run, rank = 0) {
      const timer: Timer = { time, rank, run }
      let place = timers.length
      while (place > 0 && isBefore(timer, timers[place - 1] as Timer)) place--
      timers.splice(place, 0, timer)
      wake()
      return () => {
        const found = timers.indexOf(timer)
        if (found >= 0) timers.splice(found, 1)
      }
    },
    hold() {
      holds++
      let held = true
      return () => {
        if (!held) return
        held = false
        holds--
        wake()
      }
    },
  }
}

function isBefore(a: Timer, b: Timer): boolean {
  return a.time === b.time ? a.rank < b.rank : a.time < b.time
}
