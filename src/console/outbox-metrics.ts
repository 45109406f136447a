/** Figures of the outbox and of recordings. */
import { Gauge } from 'prom-client'
import type { Registry } from 'prom-client'
import type { DialGuard } from '../outbox/dial-guard.ts'
import type { Outbox } from '../outbox/outbox.ts'
import { ITEM_STATES } from '../store/store.ts'
import type { Store } from '../store/store.ts'

export interface OutboxFigures {
  readonly outbox: Outbox
  readonly store: Store
  readonly guard: DialGuard
  /** Milliseconds since 1970. */
  readonly now: () => number
}

/** Milliseconds that the store may take: Prometheus waits for all figures. */
const PATIENCE = 2000
const KINDS = ['sms', 'email', 'post', 'call'] as const
const OPEN = ['waiting', 'sending', 'failed', 'doubt'] as const
const RECORDINGS = ['coming', 'here', 'lost', 'deleted'] as const

/** Adds the figures to a registry. Those of the store are left as they were where it does not answer. */
export function addOutboxMetrics(registry: Registry, { outbox, store, guard, now }: OutboxFigures): void {
  const registers = [registry]
  const plain = (name: string, help: string, value: () => number): void => { void new Gauge({ name, help, registers, collect() { this.set(value()) } }) }
  void new Gauge({
    name: 'tonval_outbox_items', help: 'Items of the outbox by what became of them.', labelNames: ['state', 'kind'] as const, registers,
    async collect() {
      const counts = await within(store.counts())
      if (counts === undefined) return
      for (const state of ITEM_STATES) for (const kind of KINDS) this.set({ state, kind }, counts.find(one => one.state === state && one.kind === kind)?.count ?? 0)
    },
  })
  void new Gauge({
    name: 'tonval_outbox_oldest_seconds', help: 'Age of the oldest item in a state; 0 where there is none.', labelNames: ['state'] as const, registers,
    async collect() {
      const counts = await within(store.counts())
      if (counts !== undefined) for (const state of OPEN) this.set({ state }, age(counts.filter(one => one.state === state).map(one => one.oldest), now()))
    },
  })
  plain('tonval_outbox_held_items', 'Items in memory that the store does not take.', () => outbox.holding.held)
  plain('tonval_outbox_lost_items', 'Items lost because the store took none and memory was full, since the server started.', () => outbox.holding.lost)
  plain('tonval_store_up', '0 while the store takes nothing.', () => (outbox.holding.trouble === undefined ? 1 : 0))
  void new Gauge({
    name: 'tonval_recordings', help: 'Recordings: coming (still with the carrier), here, lost, deleted.', labelNames: ['state'] as const, registers,
    async collect() {
      const counts = await within(store.recordingCounts())
      if (counts !== undefined) for (const state of RECORDINGS) this.set({ state }, counts.find(one => one.state === state)?.count ?? 0)
    },
  })
  void new Gauge({
    name: 'tonval_recordings_oldest_coming_seconds', help: 'How long ago the oldest recording was reported that is still with the carrier, who deletes it after 259200 seconds.', registers,
    async collect() {
      const counts = await within(store.recordingCounts())
      if (counts !== undefined) this.set(age(counts.filter(one => one.state === 'coming').map(one => one.oldest), now()))
    },
  })
  plain('tonval_dial_spent', 'SMS, calls and connects to numbers out of values, in the last 24 hours.', () => guard.spent)
  plain('tonval_dial_limit', 'How many of them may go out in 24 hours; 0: any number.', () => guard.limits.day)
  plain('tonval_dial_refused', 'Numbers and items refused by what may be rung, since the server started.', () => guard.refused)
}

function age(times: readonly number[], now: number): number {
  return times.length === 0 ? 0 : Math.max(0, (now - Math.min(...times)) / 1000)
}

async function within<T>(asked: Promise<T>): Promise<T | undefined> {
  let late: NodeJS.Timeout | undefined
  try {
    return await Promise.race([asked, new Promise<undefined>(resolve => { late = setTimeout(() => resolve(undefined), PATIENCE) })])
  } catch {
    return undefined
  } finally {
    clearTimeout(late)
  }
}
