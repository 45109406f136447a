/** What a call sends when it is over: by itself, and with the recording of all of it, where that says how the call went. */
import { recordingPath } from '../carrier/recording-address.ts'
import type { Flow } from '../compile/flow.ts'
import { OF_RECORDING, reads } from '../compile/items.ts'
import { awaitsEnd, itemsAtEnd, itemsOfRecording, ofWhole } from '../run/afterwards.ts'
import type { Ended, Recorded } from '../run/afterwards.ts'
import type { Call } from '../run/call.ts'
import type { Item } from '../run/effect.ts'
import type { World } from '../run/world.ts'
import type { Recording } from '../store/store.ts'

/** What is remembered of calls beside their tokens. Rejects where it cannot be. */
export interface Memory {
  recordingsOf(call: string): Promise<readonly Pick<Recording, 'id' | 'place' | 'seconds' | 'created'>[]>
  noteEnd(call: string, ended: Ended, now: number): Promise<void>
  endOf(call: string): Promise<Ended | undefined>
}

interface Parts {
  readonly memory: Memory
  readonly secret: string
  /** `https://host`, the beginning of our addresses. */
  readonly base: string
  /** Milliseconds since 1970. */
  readonly now: number
  readonly world: World
}

/** Makes the items, once all that they hold is known. Rejects with what the memory says. */
export async function prepareEnd(flow: Flow, call: Call, ended: Ended, { memory, secret, base, now, world }: Parts): Promise<() => Item[]> {
  const isAwaited = awaitsEnd(flow)
  // before the recordings are looked for: one that is reported meanwhile finds it
  if (isAwaited) await memory.noteEnd(call.id, ended, now)
  const recordings = isAwaited || reads(flow.onHangup, OF_RECORDING) ? await memory.recordingsOf(call.id) : []
  const recorded = ({ id, seconds, created }: (typeof recordings)[number]): Recorded => ({ id, url: `${base}${recordingPath(secret, id)}`, seconds, created })
  const latest = recordings.at(-1)
  return () => [
    ...(isAwaited ? recordings.filter(one => one.place === '').flatMap(one => itemsOfRecording(flow, ofWhole(call), recorded(one), now, world, ended)) : []),
    ...itemsAtEnd(flow, call, ended, now, world, latest === undefined ? undefined : recorded(latest)),
  ]
}
