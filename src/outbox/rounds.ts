/** Looks at what is due, one look at a time: whoever asks during one has another after it. */
export interface Rounds {
  /** Looks now, or once more after the look that goes on. */
  ask(): void
  /** Resolves when no look goes on. */
  idle(): Promise<void>
  /** No look begins any more; resolves when the last one is over. */
  stop(): Promise<void>
}

/** Rounds that begin when they are asked for. `look` never rejects, and says after how many milliseconds to look again by itself. */
export function createRounds(look: () => Promise<number>): Rounds {
  let isAsked = false
  let isOver = false
  let going: Promise<void> | undefined
  let timer: NodeJS.Timeout | undefined

  function ask(): void {
    isAsked = true
    if (going === undefined && !isOver) going = go()
  }

  async function go(): Promise<void> {
    let wait = 0
    while (isAsked && !isOver) {
      isAsked = false
      clearTimeout(timer)
      wait = await look()
    }
    // not in a `finally` behind it: who asks in between would be heard by nobody
    going = undefined
    if (!isOver) timer = setTimeout(ask, wait).unref()
  }

  return {
    ask,
    idle: async () => going,
    async stop() {
      isOver = true
      clearTimeout(timer)
      await going
    },
  }
}
