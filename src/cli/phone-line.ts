/** What a test call of the console calls: the flows of this server, on a port and with a secret of their own, with another clock, and with nothing that leaves the house. */
import { randomBytes } from 'node:crypto'
import type { Logger } from 'pino'
import { createTokens } from '../carrier/recent.ts'
import { createSealer } from '../carrier/seal.ts'
import { createKeyCheck, voiceKey } from '../carrier/voice-key.ts'
import type { OpenLine } from '../console/phone/line.ts'
import { buildApp } from '../serve/app.ts'
import { rememberOneCall } from '../serve/one-call.ts'
import type { AskOutside } from '../serve/ask-outside.ts'
import type { Flows, Sounds, Speech } from '../serve/parts.ts'
import type { World } from '../run/world.ts'

export interface PhoneLineParts {
  readonly flows: Flows
  readonly sounds: Sounds
  readonly speech: Speech
  readonly log: Logger
  readonly version: string
  /** How the world is for whoever calls, but for the language. */
  readonly world: (caller: string) => World
  readonly askOutside: AskOutside
}

/** Methods that ask and change nothing. */
const ASKING = ['GET', 'HEAD']

/** Opens lines for test calls. */
export function phoneLines({ flows, sounds, speech, log, version, world, askOutside }: PhoneLineParts): OpenLine {
  return async ({ flow, now, language }, told) => {
    const secret = randomBytes(32).toString('base64url')
    const { app } = await buildApp({
      // a test is no call of the flow's: nobody counts it. It begins with the version that was chosen, whatever goes live meanwhile
      flows: { live: { flows: new Map([...flows.live.flows, [flow.name, flow]]), numbers: flows.live.numbers }, version: wanted => flows.version(wanted), fetch: wanted => flows.fetch(wanted) },
      sounds, speech, tokens: createTokens(createSealer([secret])), isKey: createKeyCheck([secret]),
      log: log.child({ test: true }), logStep: ({ step }) => told.step(step), logNotice: () => undefined,
      publicUrl: undefined, trustProxy: [], allowFrom: [], now, version,
      world: caller => ({ ...world(caller), ...(language === undefined ? {} : { language }) }),
      async askOutside(ask, left) {
        const host = URL.canParse(ask.address) ? new URL(ask.address).host : ''
        // what may change something elsewhere is not asked for a test
        const asked = ASKING.includes(ask.method) ? await askOutside(ask, left) : undefined
        const answer = asked?.answer ?? { failed: 'not-allowed' }
        told.asked({ state: ask.state, method: ask.method, host, answer, detail: asked === undefined ? `a test call asks with GET only, not with ${ask.method}` : asked.detail })
        return asked ?? { answer, host, entry: '', outcome: 'not-allowed', ms: 0 }
      },
      sending: {
        send: async items => told.sends(items),
        ...rememberOneCall(),
        recordings: { secrets: [secret], file: async () => ({ forGood: true, why: 'a test call records nothing' }) },
      },
    })
    const base = await app.listen({ host: '127.0.0.1', port: 0 })
    return { base, start: `${base}/voice/${flow.name}?key=${voiceKey(secret, flow.name)}`, close: () => app.close() }
  }
}
