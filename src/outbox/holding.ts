/** Items that the store could not take: kept in memory and put again until it does. A call never waits for that. */
import type { Logger } from 'pino'
import type { NewItem, Put, Store } from '../store/store.ts'
import type { StoreError } from '../store/store-error.ts'

/** Milliseconds that a caller's request waits for the store. */
const PATIENCE = 400
/** Items in memory: more are lost, loudly. */
const MOST_HELD = 10_000
/** Milliseconds between two tries. */
const SOONEST = 250
const LATEST = 10_000
/** Milliseconds between two lines of the log about the same trouble. */
const SAY_AGAIN = 60_000

export interface Holding {
  /** Resolves when the items are on the disk, or are held here; never rejects. */
  put(items: readonly NewItem[]): Promise<void>
  /** Items held, and lost for want of room. */
  readonly held: number
  readonly lost: number
  /** Why the store takes nothing; undefined where it does. */
  readonly trouble: string | undefined
  /** Tries once more; what is still held then is told, and lost. */
  close(): Promise<void>
}

interface Parts {
  readonly store: Pick<Store, 'put'>
  readonly log: Logger
  readonly now: () => number
  /** Told of items that were put, and what became of each. */
  readonly stored: (items: readonly NewItem[], puts: readonly Put[]) => void
  readonly patience?: number
}

export function createHolding({ store, log, now, stored, patience = PATIENCE }: Parts): Holding {
  const held: NewItem[] = []
  let lost = 0
  let trouble: string | undefined
  let wait = SOONEST
  let said = -Infinity
  let timer: NodeJS.Timeout | undefined
  let trying: Promise<void> | undefined

  function hold(items: readonly NewItem[], error: StoreError): void {
    const room = MOST_HELD - held.length
    held.push(...items.slice(0, room))
    for (const { id, item } of items.slice(room)) {
      lost++
      log.fatal({ id, kind: item.kind, flow: item.flow, call: item.call, item: item.item }, 'an item of the outbox is lost: the store takes none, and no more are kept in memory')
    }
    fails(error)
    timer ??= setTimeout(() => void again(), wait).unref()
  }

  function fails({ message }: StoreError): void {
    if (trouble === message && now() - said < SAY_AGAIN) return
    said = now()
    trouble = message
    log.error({ held: held.length }, `the outbox stores nothing: ${message}. Calls go on, and what they send is kept in memory until it can be stored; it is lost if the server ends before`)
  }

  function again(): Promise<void> {
    timer = undefined
    trying ??= putHeld().finally(() => { trying = undefined })
    return trying
  }

  async function putHeld(): Promise<void> {
    const batch = held.slice(0, 500)
    try {
      const puts = await store.put(batch, now())
      held.splice(0, batch.length)
      if (trouble !== undefined) log.info({ held: held.length }, 'the outbox stores again')
      trouble = undefined
      wait = SOONEST
      stored(batch, puts)
    } catch (error) {
      fails(error as StoreError)
      wait = Math.min(wait * 2, LATEST)
    }
    if (held.length > 0) timer ??= setTimeout(() => void again(), wait).unref()
  }

  return {
    get held() { return held.length },
    get lost() { return lost },
    get trouble() { return trouble },

    async put(items) {
      // while it takes nothing, nobody waits for it
      if (trouble !== undefined) {
        hold(items, { message: trouble } as StoreError)
        return
      }
      let late: NodeJS.Timeout | undefined
      // one that comes late is told of, too: when it is put again, it is known
      const putting = store.put(items, now()).then(puts => stored(items, puts))
      putting.catch(() => undefined)
      try {
        await Promise.race([
          putting,
          new Promise<never>((_, reject) => { late = setTimeout(() => reject(new Error(`it has not answered for ${patience} ms`)), patience) }),
        ])
      } catch (error) {
        hold(items, error as StoreError)
      } finally {
        clearTimeout(late)
      }
    },

    async close() {
      clearTimeout(timer)
      await trying
      if (held.length > 0) await again()
      clearTimeout(timer)
      for (const { id, item } of held) log.fatal({ id, kind: item.kind, flow: item.flow, call: item.call, item: item.item }, 'an item of the outbox is lost: the store took none until the server ended')
    },
  }
}
