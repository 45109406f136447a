/** Calls that go on, noted in bundles beside the answers: nobody waits for that. One that never reports its end is closed by its age. */
import type { OpenCall, Store } from './store.ts'

/** Milliseconds after its start when no request of a call can come any more: its tokens are too old. */
const OLDEST = 24 * 3_600_000
/** Milliseconds that what is to be noted may wait. */
const BUNDLE = 200
/** What waits at most where the store takes nothing: older calls are forgotten first. */
const MOST_WAITING = 20_000
const LOOK = 10_000
const MOST_AT_ONCE = 200

export interface OpenCalls {
  /** A call began, or has a newer token. */
  seen(call: OpenCall): void
  over(id: string): void
  /** Notes down what is left, and stops looking. */
  stop(): Promise<void>
}

interface Parts {
  readonly store: Pick<Store, 'noteCalls' | 'agedCalls'>
  readonly now: () => number
  /** Told of each call whose end was never reported. */
  readonly aged: (call: OpenCall) => void
  readonly failed: (error: Error) => void
  /** Milliseconds between two looks. */
  readonly look?: number
}

export function createOpenCalls({ store, now, aged, failed, look = LOOK }: Parts): OpenCalls {
  let open = new Map<string, OpenCall>()
  let over = new Set<string>()
  let timer: NodeJS.Timeout | undefined
  let writing: Promise<void> | undefined
  let isFailing = false

  function later(): void {
    timer ??= setTimeout(() => { timer = undefined; void write() }, isFailing ? LOOK / 2 : BUNDLE).unref()
  }

  function write(): Promise<void> {
    writing ??= writeAll().finally(() => { writing = undefined })
    return writing
  }

  async function writeAll(): Promise<void> {
    const [opened, ended] = [open, over]
    open = new Map()
    over = new Set()
    if (opened.size + ended.size === 0) return
    try {
      await store.noteCalls([...opened.values()], [...ended])
      isFailing = false
    } catch (error) {
      if (!isFailing) failed(error as Error)
      isFailing = true
      for (const [id, call] of opened) if (!open.has(id) && !over.has(id) && open.size < MOST_WAITING) open.set(id, call)
      for (const id of ended) if (over.size < MOST_WAITING) over.add(id)
      later()
    }
  }

  async function close(): Promise<void> {
    for (;;) {
      const calls = await store.agedCalls(now() / 1000 - OLDEST / 1000, MOST_AT_ONCE)
      for (const call of calls) aged(call)
      if (calls.length < MOST_AT_ONCE) return
    }
  }

  let closing: Promise<void> | undefined
  const lookOnce = (): void => { closing ??= close().catch(failed).finally(() => { closing = undefined }) }
  const looking = setInterval(lookOnce, look).unref()
  // what ended while no server ran
  lookOnce()

  return {
    seen(call) {
      if (open.size >= MOST_WAITING) open.delete(open.keys().next().value as string)
      open.set(call.id, call)
      later()
    },
    over(id) {
      open.delete(id)
      over.add(id)
      later()
    },
    async stop() {
      clearInterval(looking)
      clearTimeout(timer)
      await closing
      await writing
      await write()
      clearTimeout(timer)
    },
  }
}
