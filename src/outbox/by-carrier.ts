/** SMS and calls, through the carrier's API; what became of one in doubt stands in the carrier's history. */
import type { Asked, CarrierApi, Past } from '../carrier/api/api.ts'
import type { CallItem } from '../run/effect.ts'
import type { Store, StoredItem } from '../store/store.ts'
import { NO_ACCOUNT, NO_PUBLIC_URL, UNSET } from './sender.ts'
import type { Found, Outcome, Sender } from './sender.ts'

/** Milliseconds that the carrier's clock may be behind ours. */
const SKEW = 2 * 60_000

interface Parts {
  /** Undefined without an account. */
  readonly api: CarrierApi | undefined
  readonly store: Pick<Store, 'hasRef'>
  /** Where the carrier finds the flow of a call, and tells its end; undefined where it would find us nowhere. */
  readonly addresses: (item: CallItem) => { readonly voiceStart: string; readonly whenhangup: string } | undefined
}

export function smsSender(parts: Parts): Sender {
  return {
    lacks: () => (parts.api === undefined ? NO_ACCOUNT : undefined),
    async send({ item }, signal) {
      if (item?.kind !== 'sms') return { is: 'failed', why: 'this is no SMS' }
      if (parts.api === undefined) return { is: 'again', why: NO_ACCOUNT, after: UNSET }
      return outcome(await parts.api.sendSms(item, signal))
    },
    ask: (stored, signal) => inHistory(parts, stored, signal, past => stored.item?.kind === 'sms' && past.text === stored.item.text),
  }
}

export function callSender(parts: Parts): Sender {
  return {
    lacks: item => (parts.api === undefined ? NO_ACCOUNT : item.kind === 'call' && parts.addresses(item) === undefined ? NO_PUBLIC_URL : undefined),
    async send({ item }, signal) {
      if (item?.kind !== 'call') return { is: 'failed', why: 'this is no call' }
      if (parts.api === undefined) return { is: 'again', why: NO_ACCOUNT, after: UNSET }
      const addresses = parts.addresses(item)
      if (addresses === undefined) return { is: 'again', why: NO_PUBLIC_URL, after: UNSET }
      return outcome(await parts.api.placeCall({ from: item.from, to: item.to, ...addresses, ...(item.timeout === undefined ? {} : { timeout: item.timeout }) }, signal))
    },
    ask: (stored, signal) => inHistory(parts, stored, signal, () => true),
  }
}

function outcome(asked: Asked): Outcome {
  if (asked.is === 'done') return { is: 'sent', ref: asked.id }
  if (asked.is === 'unsure') return asked
  return { is: asked.forGood ? 'failed' : 'again', why: asked.why }
}

/** Whether the carrier knows of one that no other item of ours is. */
async function inHistory({ api, store }: Parts, { item, claimed }: StoredItem, signal: AbortSignal, isIt: (past: Past) => boolean): Promise<Found> {
  if (api === undefined) return { is: 'unknown', why: NO_ACCOUNT }
  if (item?.kind !== 'sms' && item?.kind !== 'call') return { is: 'unknown', why: 'the carrier knows nothing of it' }
  const past = await api.history(item.kind === 'sms' ? 'sms' : 'calls', (claimed ?? 0) - SKEW, signal)
  if (typeof past === 'string') return { is: 'unknown', why: past }
  for (const one of past) {
    if (one.to !== item.to || one.from !== item.from || !isIt(one)) continue
    try {
      if (!(await store.hasRef(one.id))) return { is: 'sent', ref: one.id }
    } catch (error) {
      return { is: 'unknown', why: (error as Error).message }
    }
  }
  return { is: 'absent' }
}
