/** The numbers of a day as the API shows them: `GET /api/flows/NAME/numbers`. */
import type { CallEnd, RecordedMove } from '../../store/call-record.ts'

export interface NumbersShown {
  readonly version: 1
  readonly flow: string
  /** A day of the flow's time zone. */
  readonly day: string
  readonly timezone: string
  /** Calls that began on that day, and those of them that go on. */
  readonly calls: number
  readonly live: number
  /** All 24 of the wall clock; an hour that the clocks repeat counts both. */
  readonly hours: readonly { readonly hour: number; readonly calls: number }[]
  readonly ends: readonly { readonly reason: CallEnd; readonly count: number }[]
  /** Each `ivr` that asked: how often, how often nobody pressed a key, how often what was pressed did nothing, and which single keys did nothing. The worst first. */
  readonly menus: readonly { readonly state: string; readonly asked: number; readonly silence: number; readonly wrong: number; readonly keys: readonly { readonly key: string; readonly count: number }[] }[]
  /** Calls that somebody answered; the seconds until his telephone began to ring, of the one in the middle. */
  readonly human: { readonly calls: number; readonly median: number | null }
  /** How many went where. */
  readonly edges: readonly (RecordedMove & { readonly count: number })[]
}
