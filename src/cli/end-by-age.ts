/** A call whose end the carrier never told: what it sends at its end goes out all the same. */
import type { Logger } from 'pino'
import type { Tokens } from '../carrier/recent.ts'
import type { Outbox } from '../outbox/outbox.ts'
import type { Library } from '../reload/library.ts'
import { UNTOUCHED } from '../run/world.ts'
import { prepareEnd } from '../serve/prepare-end.ts'
import type { Memory } from '../serve/prepare-end.ts'
import type { OpenCall } from '../store/store.ts'

/** Seconds that its last token counts longer than for an answer. */
const LATE = 48 * 3600

interface Parts {
  readonly tokens: Tokens
  readonly library: Pick<Library, 'fetch'>
  readonly outbox: Pick<Outbox, 'put'>
  readonly memory: Memory
  readonly secret: string
  /** `https://host` where it is known: addresses of recordings begin with it. */
  readonly base: string
  readonly log: Logger
  readonly now: () => number
}

/** Has stored what the call sends when it is over; nothing for one that sends nothing then. Never rejects. */
export async function endByAge({ id, token, version }: OpenCall, { tokens, library, outbox, log, now, ...parts }: Parts): Promise<void> {
  if (token === '') return
  try {
    const call = tokens.open('call', token, now(), LATE)
    const flow = call === undefined ? undefined : await library.fetch(version)
    if (call === undefined || flow === undefined) log.error({ call: id, version }, 'what this call sends at its end is lost: its version is nowhere to be found')
    else {
      const make = await prepareEnd(flow, call, { state: 'unknown', seconds: undefined, answeredBy: '', talkSeconds: 0 }, { ...parts, now: now(), world: UNTOUCHED })
      await outbox.put(make(), call.direction === 'outgoing' ? call.called : call.caller)
    }
  } catch (error) {
    log.error({ call: id, err: error }, 'what this call sends at its end could not be made')
  }
}
