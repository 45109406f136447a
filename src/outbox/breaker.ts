/** Stops asking who does not answer: callers would wait for nothing, again and again. */

/** Questions in a row that nobody answers before a host is left alone. */
export const MOST_FAILURES = 5
/** Milliseconds that it is left alone; after that one question is a trial. */
export const PAUSE = 10_000
/** Hosts that are remembered: those that failed last. */
const MOST_HOSTS = 1000

export interface Breaker {
  /** Whether a host may be asked now. Of those who come when the pause is over only the first may. */
  allows(host: string, now: number): boolean
  answered(host: string): void
  /** Says whether the host is left alone from now on, and was not before. */
  failed(host: string, now: number): boolean
}

interface Trouble {
  failures: number
  /** Milliseconds; the host is left alone until then. */
  until: number
}

/** `now` is milliseconds on any clock that only goes on. */
export function createBreaker(): Breaker {
  const troubles = new Map<string, Trouble>()
  return {
    allows(host, now) {
      const trouble = troubles.get(host)
      if (trouble === undefined || trouble.failures < MOST_FAILURES) return true
      if (now < trouble.until) return false
      trouble.until = now + PAUSE
      return true
    },
    answered(host) {
      troubles.delete(host)
    },
    failed(host, now) {
      const trouble = troubles.get(host) ?? { failures: 0, until: 0 }
      troubles.delete(host)
      troubles.set(host, trouble)
      trouble.failures++
      if (trouble.failures >= MOST_FAILURES) trouble.until = now + PAUSE
      for (const oldest of troubles.keys()) {
        if (troubles.size <= MOST_HOSTS) break
        troubles.delete(oldest)
      }
      return trouble.failures === MOST_FAILURES
    },
  }
}
