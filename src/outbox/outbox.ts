/**
 * What calls send, on its way: stored before the answer leaves, tried until it came, for a day. Before each attempt it is
 * written down that one begins, and after it how it ended; so after a crash an item that may have come is known as one.
 */
import type { Logger } from 'pino'
import type { Item } from '../run/effect.ts'
import { masked } from '../run/masked.ts'
import type { ItemState, NewItem, Put, Settled, Store, StoredItem } from '../store/store.ts'
import type { StoreError } from '../store/store-error.ts'
import { backOff } from './back-off.ts'
import type { DialGuard } from './dial-guard.ts'
import { createHolding } from './holding.ts'
import type { Holding } from './holding.ts'
import { incoming } from './incoming.ts'
import { createRounds } from './rounds.ts'
import { UNSET_REASONS } from './sender.ts'
import type { Found, Outcome, Sender } from './sender.ts'

const HOUR = 3_600_000
/** Milliseconds that one is tried which somebody sends anew, and what was spent in them counts. */
const DAY = 24 * HOUR
/** Milliseconds that an attempt may take before others may think that we are gone; senders end long before. */
const LEASE = 5 * 60_000
/** Milliseconds after an attempt until the carrier's history is asked: it may be behind. */
const ASK_AFTER = 20_000
const MOST_AT_ONCE = 8
/** Milliseconds between two looks without anybody waking us: what other servers left behind. */
const POLL = 5000
/** Milliseconds that what was put, or ended, waits for more of it: callers' puts go first, and each look costs the disk. */
const BUNDLE = 25
/** Milliseconds of a stop in which what is due is still sent, and in which attempts may end. */
const DRAIN = 4000
const LAST = 2000
/** Days that items are shown after they were sent, and after they failed. */
const KEEP_DONE = 7
const KEEP_FAILED = 90

export interface OutboxParts {
  readonly store: Store
  readonly senders: Readonly<Record<Item['kind'], Sender>>
  readonly guard: DialGuard
  readonly log: Logger
  readonly now: () => number
  /** From 0 up to 1. */
  readonly random: () => number
  /** Names this process among all that use the store. */
  readonly owner: string
  /** Whether the process of an owner is certainly no longer there. */
  readonly isGone: (owner: string) => boolean
  /** Told of each item that reaches a state worth telling. */
  readonly publish: (event: string, data: object) => void
}

export interface Outbox {
  /** Keeps items; resolves when they are on the disk, or, where that takes none, in memory. Never rejects. `caller`: the number of whoever is in the call. */
  put(items: readonly Item[], caller?: string): Promise<void>
  /** Something may be due: a recording came. */
  wake(): void
  readonly holding: Pick<Holding, 'held' | 'lost' | 'trouble'>
  /** Sends an item anew, or gives it up. What it was before; undefined for an unknown one. */
  retry(id: string): Promise<ItemState | undefined>
  drop(id: string): Promise<ItemState | undefined>
  /** Sends what is due, within seconds, and lets go. */
  stop(): Promise<void>
}

/** An outbox at work: it takes up at once what was left behind. */
export function createOutbox(parts: OutboxParts): Outbox {
  const { store, senders, guard, log, now, random, owner, publish } = parts
  const flying = new Set<Promise<void>>()
  const broken = new AbortController()
  let stopping = false
  let bundle: NodeJS.Timeout | undefined
  /** When what others left behind was last looked for; and whether more was due than could be taken. */
  let tookUp = -Infinity
  let isMore = false
  let trouble = ''
  let pruned = -Infinity
  const rounds = createRounds(look)
  const holding = createHolding({ store, log, now, stored })

  function wake(): void {
    tookUp = -Infinity
    rounds.ask()
  }

  function soon(): void {
    bundle ??= setTimeout(() => { bundle = undefined; rounds.ask() }, BUNDLE).unref()
  }

  async function look(): Promise<number> {
    let due: number | undefined
    try {
      if (performance.now() - tookUp >= POLL) {
        tookUp = performance.now()
        await takeUp()
      }
      await fly()
      due = await store.nextDue()
      trouble = ''
    } catch (error) {
      tookUp = -Infinity
      tellTrouble(error as StoreError)
    }
    // a slot that comes free looks again
    const wait = flying.size >= MOST_AT_ONCE ? POLL : Math.max(0, Math.min((due ?? Infinity) - now(), POLL))
    return Math.max(wait, trouble === '' ? BUNDLE : POLL)
  }

  function tellTrouble({ message }: StoreError): void {
    if (message !== trouble) log.error(`nothing is sent: ${message}`)
    trouble = message
  }

  /** Items that somebody was sending who is gone; and the yearly sweep. */
  async function takeUp(): Promise<void> {
    const owners = await store.owners()
    const gone = owners.filter(one => one !== owner && parts.isGone(one))
    for (const item of await store.abandon(now(), gone, now() + ASK_AFTER)) tell('doubt', item, item.why ?? '')
    if (now() - pruned < HOUR) return
    await store.prune(now() - KEEP_DONE * DAY, now() - KEEP_FAILED * DAY)
    pruned = now()
  }

  async function fly(): Promise<void> {
    const free = MOST_AT_ONCE - flying.size
    isMore = free <= 0
    if (isMore) return
    const items = await store.claim(owner, now(), now() + LEASE, free)
    for (const item of items) start(item, attempt)
    isMore = items.length === free
    if (isMore) return
    for (const item of await store.claimDoubts(owner, now(), now() + LEASE, MOST_AT_ONCE - flying.size)) start(item, askWhether)
  }

  function start(item: StoredItem, work: (item: StoredItem) => Promise<Settled>): void {
    const flight = work(item).then(end => settle(item, end)).catch((error: unknown) => log.error({ err: error, id: item.id }, 'an item of the outbox broke something of ours')).finally(() => {
      flying.delete(flight)
      if (isMore) rounds.ask()
      else soon()
    })
    flying.add(flight)
  }

  async function attempt(stored: StoredItem): Promise<Settled> {
    const late = now() >= stored.deadline
    if (stored.recording !== null && late) return { is: 'failed', why: stored.recording === '*' ? 'no recording of the call was ever reported' : 'its recording never came' }
    const outcome: Outcome = stored.item === null ? { is: 'failed', why: 'its text is gone' } : await senders[stored.kind].send(stored, broken.signal)
    switch (outcome.is) {
      case 'sent': case 'failed': return outcome
      case 'unsure': return senders[stored.kind].ask === undefined ? { is: 'doubt', why: outcome.why } : { is: 'doubt', next: now() + ASK_AFTER, why: outcome.why }
      case 'again': {
        const next = now() + (outcome.after ?? backOff(stored.attempts, random))
        // the last attempt is not put off beyond the end
        return late ? { is: 'failed', why: `${outcome.why}; given up after ${Math.round((now() - stored.created) / HOUR)} hours and ${stored.attempts} attempts` } : { is: 'waiting', next: Math.min(next, Math.max(stored.deadline, now() + 1000)), why: outcome.why }
      }
    }
  }

  /** Asks the receiver of an item in doubt; while he says nothing, for as long as it would have been tried. */
  async function askWhether(stored: StoredItem): Promise<Settled> {
    const found: Found = (await senders[stored.kind].ask?.(stored, broken.signal)) ?? { is: 'unknown', why: 'its receiver cannot be asked' }
    if (found.is === 'sent') return found
    if (found.is === 'absent') return { is: 'waiting', next: now(), why: 'it had not come: the carrier knows of none' }
    return { is: 'doubt', why: `${stored.why ?? ''}; ${found.why}`.slice(0, 500), ...(now() >= stored.deadline ? {} : { next: now() + backOff(stored.attempts, random) }) }
  }

  /** What became of it is told and written down; as often as it takes, for a message that was sent must not be sent again. */
  async function settle(item: StoredItem, end: Settled): Promise<void> {
    tell(end.is, item, 'why' in end ? end.why : '')
    for (let tries = 1; ; tries++) {
      try {
        if (!(await store.settle(item.id, owner, end, now()))) log.warn({ id: item.id }, 'an item of the outbox was taken up by another server while it was being sent')
        return
      } catch (error) {
        tellTrouble(error as StoreError)
        if (stopping && tries > 3) return
        await new Promise(resolve => setTimeout(resolve, Math.min(100 * 2 ** tries, POLL)))
      }
    }
  }

  function tell(state: ItemState, { id, kind, receiver, flow, call, place, attempts }: Pick<StoredItem, 'id' | 'kind' | 'receiver' | 'flow' | 'call' | 'place' | 'attempts'>, why: string): void {
    const told = { id, kind, flow, call, item: place, attempts }
    const line = { ...told, to: kind === 'post' ? receiver : masked(receiver), ...(why === '' ? {} : { why }) }
    if (state === 'sent') log.info(line, 'sent')
    else if (state === 'waiting') log.warn(line, 'not sent: it is tried again')
    else log.error(line, state === 'doubt' ? 'nobody knows whether this was sent: `tonval outbox` shows it' : 'not sent: it is given up; `tonval outbox` shows it')
    publish('outbox', { at: new Date(now()).toISOString(), ...told, state, ...(why === '' ? {} : { why }) })
  }

  /** What `once_per` keeps back was not spent. */
  function stored(items: readonly NewItem[], puts: readonly Put[]): void {
    items.forEach(({ id, item, receiver, caller, refused, waits }, index) => {
      if (puts[index] === 'skipped') guard.takeBack(id, caller)
      if (puts[index] === 'refused') log.error({ id, kind: item.kind, flow: item.flow, call: item.call, item: item.item, why: refused }, 'not sent: it is refused; `tonval outbox` shows it')
      if (puts[index] === 'stored' && waits !== undefined) tell('waiting', { id, kind: item.kind, receiver, flow: item.flow, call: item.call, place: item.item, attempts: 0 }, waits)
    })
    if (items.some(({ waits }, index) => waits === undefined && (puts[index] === 'stored' || puts[index] === 'known'))) soon()
  }

  /** What was spent before counts; what waited for a setting is tried at once. */
  async function begin(): Promise<void> {
    try {
      await store.hurry(UNSET_REASONS, now())
      guard.remember(await store.dialled(now() - DAY))
    } catch (error) {
      tellTrouble(error as StoreError)
    }
    wake()
  }

  void begin()
  return {
    holding,
    wake,

    async put(items, caller = '') {
      if (items.length === 0) return
      await holding.put(items.map(item => incoming(item, caller, now(), parts)))
    },

    async retry(id) {
      const was = await store.retry(id, now(), now() + DAY)
      wake()
      return was
    },

    drop: id => store.drop(id, now()),

    async stop() {
      const until = performance.now() + DRAIN
      await holding.close()
      for (;;) {
        wake()
        await rounds.idle()
        if (flying.size === 0 || performance.now() >= until) break
        await Promise.race([...flying, elapsed(until - performance.now())])
      }
      stopping = true
      clearTimeout(bundle)
      await rounds.stop()
      const late = setTimeout(() => broken.abort(), LAST)
      if (flying.size > 0) await Promise.race([Promise.allSettled(flying), elapsed(LAST + 1000)])
      clearTimeout(late)
    },
  }
}

function elapsed(milliseconds: number): Promise<void> {
  return new Promise(resolve => setTimeout(resolve, Math.max(0, milliseconds)).unref())
}
