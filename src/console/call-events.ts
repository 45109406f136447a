/** Calls as they go on, told to those who watch: in bundles, and no more in a second than a person or a page can follow. */
import type { CallEvent } from '../store/recorder.ts'
import type { Events } from './events.ts'

/** Milliseconds between two bundles. */
const BUNDLE = 100
/** Events in a second; of what is beyond it is told how many there were. */
const MOST = 200

/** A `call` event; times are ISO 8601. */
export interface CallTold extends Omit<CallEvent, 'at'> {
  readonly at: string
}

export interface CallEvents {
  /** Whether anybody listens. */
  readonly watched: () => boolean
  readonly told: (event: CallEvent) => void
}

export function createCallEvents(events: Events): CallEvents {
  let waiting: CallEvent[] = []
  let dropped = 0
  let left = MOST
  let second = 0
  let timer: NodeJS.Timeout | undefined

  function tell(): void {
    timer = undefined
    events.tell(waiting.map(event => ({ ...event, at: new Date(event.at).toISOString() }) satisfies CallTold), dropped)
    waiting = []
    dropped = 0
  }

  return {
    watched: () => events.clients > 0,
    told(event) {
      const now = Math.floor(performance.now() / 1000)
      if (now !== second) {
        second = now
        left = MOST
      }
      if (left > 0) {
        left--
        waiting.push(event)
      } else dropped++
      timer ??= setTimeout(tell, BUNDLE).unref()
    },
  }
}
