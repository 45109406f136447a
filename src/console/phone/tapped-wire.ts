/** The network side of a test call: it reaches the call's own line and nothing else, and tells what goes over it. */
import { shortAddress } from '../../emulator/address.ts'
import { Sounds } from '../../emulator/sounds.ts'
import type { TraceEvent } from '../../emulator/trace.ts'
import { openWire } from '../../emulator/wire.ts'
import type { Wire } from '../../emulator/wire.ts'
import { silentWave } from '../../prompts/silence.ts'
import type { PhoneHappening } from '../shapes/phone.ts'

/** Seconds that a sound counts for which is not ours: nobody fetches it for a test. */
const ELSEWHERE_SECONDS = 1

export interface TappedWire extends Wire {
  /** What the next request is for: said just before it is made. */
  expect(request: TraceEvent & { kind: 'request' }): void
}

export interface Tap {
  exchange(happening: PhoneHappening & { kind: 'request' | 'answer' }): void
  /** A request for an application elsewhere, which is not made. */
  handover(address: string): void
}

/** A wire that reaches what begins with `base`. */
export function tappedWire(base: string, tap: Tap): TappedWire {
  const wire = openWire()
  const wave = silentWave(ELSEWHERE_SECONDS * 1000)
  const isOurs = (address: string): boolean => address.startsWith(`${base}/`)
  const get: Wire['get'] = address => (isOurs(address) ? wire.get(address) : Promise.resolve({ status: 200, bytes: wave, type: 'audio/wav' }))
  let expected: (TraceEvent & { kind: 'request' }) | undefined
  return {
    get, sounds: new Sounds(get), close: how => wire.close(how),
    expect(request) {
      expected = request
    },
    async post(address, form, headers, milliseconds) {
      if (!isOurs(address)) {
        tap.handover(address)
        return { trouble: 'refused', message: 'another application takes over' }
      }
      const { number = 0, purpose = 'next' } = expected ?? {}
      tap.exchange({ kind: 'request', number, purpose, address: shortAddress(address), form: Object.fromEntries([...new URLSearchParams(form)].map(([name, value]) => [name, hidden(value)])) })
      const began = performance.now()
      const answer = await wire.post(address, form, headers, milliseconds)
      const took = Math.round((performance.now() - began) * 10) / 10
      tap.exchange('trouble' in answer
        ? { kind: 'answer', number, trouble: answer.message, milliseconds: took }
        : { kind: 'answer', number, status: answer.status, body: hidden(Buffer.from(answer.bytes).toString('utf8')), milliseconds: took })
      return answer
    },
  }
}

/** A text whose addresses are cut short: tokens and keys stand in them. */
export function hidden(text: string): string {
  return text.replace(/https?:\/\/[^\s"'\\<>]+/g, shortAddress)
}
