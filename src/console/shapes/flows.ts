/** Flows as the API shows them: `GET /api/flows`, one of them, what became of an edit, and what went live. */
import type { FlowChange } from '../../diff/change.ts'
import type { Graph } from '../../draw/shape.ts'
import type { JsonProblem } from '../../problem/render-json.ts'

/** Of `GET /api/flows`, and of the event `state`. */
export interface FlowsState {
  readonly version: 1
  readonly pending: boolean
  readonly strict: boolean
  readonly flows: readonly FlowState[]
  readonly problems: readonly JsonProblem[]
  /** Why nothing could be read or stored at all. */
  readonly failed?: string
}

/** What stands behind `live` is there where a version is. */
export interface FlowState {
  readonly name: string
  /** `refused`: the last good version answers all the same; `waiting`: none does. */
  readonly state: 'live' | 'refused' | 'waiting'
  readonly live: string | null
  readonly title?: string
  readonly numbers?: readonly string[]
  readonly states?: number
  /** Whether calls can begin in it. */
  readonly answers?: boolean
  readonly languages?: readonly string[]
  readonly timezone?: string
  readonly refused: { readonly problems: readonly JsonProblem[] } | null
  readonly calls: readonly { readonly version: string; readonly live: boolean; readonly started: number; readonly inProgress: number; readonly lastUsed: string | null }[]
}

/** Of `GET /api/flows/NAME`. */
export interface FlowShown extends FlowState {
  readonly version: 1
  /** The file's text. */
  readonly source: string | null
  readonly graph: Graph | null
  readonly problems: readonly JsonProblem[]
}

/** Of `PUT /api/flows/NAME`, and of a way back. */
export interface SavedShown {
  readonly version: 1
  readonly flow: string
  readonly live: string
  readonly before: string | null
  readonly changes: readonly FlowChange[]
}

/** Of the event `live`. */
export interface WentLive {
  readonly at: string
  readonly live: Readonly<Record<string, string>>
  readonly before: Readonly<Record<string, string>>
  readonly changes: readonly FlowChange[]
  /** Changes that are left out. */
  readonly more?: number
  readonly calls: readonly { readonly flow: string; readonly version: string; readonly inProgress: number; readonly live: boolean }[]
  readonly ms: number
}
