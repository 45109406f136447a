/** A call that we make ↔ the token in the addresses that the carrier is given for it. */
import type { Sealer } from './seal.ts'

/** What is to happen when it is answered, and when it is not. */
export interface Dialled {
  /** The flow that whoever answers meets. */
  readonly flow: string
  /** Its inputs. */
  readonly with: Readonly<Record<string, string>>
  readonly unanswered?: { readonly flow: string; readonly with: Readonly<Record<string, string>> }
}

/** Seconds that the token counts: the carrier rings at once, and repeats what it tells of the end for a day. */
const LIFETIME = 48 * 3600

/** Seals; `now`: milliseconds since 1970. */
export function sealDial(sealer: Sealer, { flow, with: inputs, unanswered }: Dialled, now: number): string {
  return sealer.seal('dial', JSON.stringify([flow, Math.floor(now / 1000), inputs, ...(unanswered === undefined ? [] : [unanswered.flow, unanswered.with])]))
}

/** What was sealed; undefined for anything else, and for what is too old. */
export function openDial(sealer: Sealer, token: string, now: number): Dialled | undefined {
  const text = sealer.open('dial', token)
  if (text === undefined) return undefined
  const [flow, at, inputs, other, given] = JSON.parse(text) as [string, number, Dialled['with'], string | undefined, Dialled['with'] | undefined]
  if (now / 1000 - at > LIFETIME) return undefined
  return { flow, with: inputs, ...(other === undefined ? {} : { unanswered: { flow: other, with: given ?? {} } }) }
}
