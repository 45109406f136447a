/** What is remembered of a call whose flow is tried: for as long as the server of that one call lives. */
import { END } from '../compile/flow.ts'
import type { Ended } from '../run/afterwards.ts'
import type { SendingParts } from './parts.ts'

/** The parts of a server that answers one call and keeps nothing. */
export function rememberOneCall(): Pick<SendingParts, 'recorded' | 'memory' | 'openDial' | 'unanswered' | 'rang' | 'calls'> {
  const recordings: { readonly id: string; readonly seconds: number; readonly created: string; readonly place: string }[] = []
  let ended: Ended | undefined
  return {
    recorded: async ({ id, seconds, created, call }) => void recordings.push({ id, seconds, created, place: call.state === END ? '' : String(call.state) }),
    memory: { recordingsOf: async () => recordings, noteEnd: async (_call, how) => { ended ??= how }, endOf: async () => ended },
    openDial: () => undefined, unanswered: () => undefined, rang: () => undefined,
    calls: { seen: () => undefined, over: () => undefined },
  }
}
