/** Texts that somebody is writing, as the API answers about them: `POST /api/flows/NAME/check`, `…/complete` and `…/hover`. */
import type { FlowChange } from '../../diff/change.ts'
import type { Graph } from '../../draw/shape.ts'
import type { JsonProblem } from '../../problem/render-json.ts'

export interface DraftShown {
  readonly version: 1
  readonly flow: string
  /** Whether it could be saved. */
  readonly fits: boolean
  /** The version that answers now. */
  readonly live: string | null
  readonly problems: readonly JsonProblem[]
  /** Null where no flow can be made of it; then nobody knows either what callers would notice. */
  readonly graph: Graph | null
  readonly changes: readonly FlowChange[] | null
  /** SVG, where it was asked for. */
  readonly picture?: string
}

/** What can be typed at a place, the best first. */
export interface Offered {
  readonly label: string
  /** `property`, `variable`, `enum`, `constant`, `function`, `file`, `flow` or `text`. */
  readonly kind: string
  readonly detail?: string
  /** Markdown. */
  readonly words?: string
  /** What stands from one offset to the other gives way to `insert`; offsets from 0 in UTF-16 units, as a browser counts. */
  readonly from: number
  readonly to: number
  readonly insert: string
}

/** Markdown about what stands from one offset to the other. */
export interface Explained {
  readonly words: string
  readonly from: number
  readonly to: number
}

export interface OfferedShown {
  readonly version: 1
  readonly items: readonly Offered[]
}

export interface ExplainedShown {
  readonly version: 1
  readonly hover: Explained | null
}
