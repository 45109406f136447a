/** What a call sends → what the store keeps: who it goes to, when it is tried and given up, and what speaks against it. */
import { createHash } from 'node:crypto'
import type { Item } from '../run/effect.ts'
import type { NewItem } from '../store/store.ts'
import type { DialGuard } from './dial-guard.ts'
import { UNSET } from './sender.ts'
import type { Sender } from './sender.ts'

const HOUR = 3_600_000
/** Milliseconds that an item is tried. */
const DAY = 24 * HOUR
/** Milliseconds that one waits for its recording: as long as the carrier keeps it. */
const RECORDING = 72 * HOUR

interface Parts {
  readonly senders: Readonly<Record<Item['kind'], Pick<Sender, 'lacks'>>>
  readonly guard: Pick<DialGuard, 'refuses' | 'spend'>
}

/** The id of an item, which receivers see: always the same for a key. */
export function itemId(key: string): string {
  return createHash('sha256').update(key).digest('hex').slice(0, 20)
}

/** An item as it is put; what is spent for it is counted. `caller`: the number of whoever is in the call. */
export function incoming(item: Item, caller: string, now: number, { senders, guard }: Parts): NewItem {
  const id = itemId(item.key)
  const next = now + (item.kind === 'call' ? (item.after ?? 0) * 1000 : 0)
  const refused = item.kind === 'sms' || item.kind === 'call' ? guard.refuses(item.to) ?? guard.spend(id, caller, now) : undefined
  // what cannot be sent is not even tried: that would take the disk's time from callers
  const waits = refused === undefined ? senders[item.kind].lacks?.(item) : undefined
  return {
    id, item, receiver: receiverOf(item), caller, next: waits === undefined ? next : Math.max(next, now + UNSET),
    deadline: next + (item.kind === 'call' && item.giveUp !== undefined ? item.giveUp * 1000 : DAY) + (item.recording === undefined ? 0 : RECORDING),
    ...(refused === undefined ? {} : { refused }), ...(waits === undefined ? {} : { waits }),
  }
}

/** Who an item goes to. Of an address only the host: the rest may hold a key. */
function receiverOf(item: Item): string {
  if (item.kind !== 'post') return item.to
  return URL.canParse(item.url) ? new URL(item.url).host : item.url.slice(0, 100)
}
