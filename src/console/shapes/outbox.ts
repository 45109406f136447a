/** The outbox as the API shows it: `GET /api/outbox`. */
import type { ItemState } from '../../store/states.ts'

/** An item as the API shows it; times are ISO 8601. Its texts are not shown. */
export interface ItemShown {
  readonly id: string
  readonly kind: string
  readonly to: string
  readonly flow: string
  readonly call: string
  /** Where the flow writes it. */
  readonly item: string
  readonly state: ItemState
  readonly attempts: number
  readonly created: string
  /** When it is tried next. */
  readonly next?: string
  readonly ended?: string
  readonly why?: string
}

export interface OutboxShown {
  readonly version: 1
  readonly counts: Readonly<Record<ItemState, number>>
  /** Items in memory that the store does not take, and why. */
  readonly held: number
  readonly trouble?: string
  readonly items: readonly ItemShown[]
}
