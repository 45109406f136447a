/** What the operator's side answers, as far as the page reads it. */
import type { Change } from '../../diff/change.ts'
import type { Graph } from '../../draw/shape.ts'
import type { JsonProblem } from '../../problem/render-json.ts'

export type { Graph, GraphEdge, GraphState } from '../../draw/shape.ts'
export type { JsonProblem } from '../../problem/render-json.ts'

/** Of `GET /api/flows`, and of the event `state`. */
export interface FlowsState {
  readonly pending: boolean
  readonly flows: readonly FlowState[]
  readonly problems: readonly JsonProblem[]
  readonly failed?: string
}

export interface FlowState {
  readonly name: string
  readonly state: 'live' | 'refused'
  readonly live: string | null
  readonly title?: string
  readonly numbers?: readonly string[]
  readonly states?: number
  readonly answers?: boolean
  readonly languages?: readonly string[]
  readonly timezone?: string
  readonly refused: { readonly problems: readonly JsonProblem[] } | null
  readonly calls: readonly { readonly version: string; readonly live: boolean; readonly started: number; readonly inProgress: number }[]
}

/** Of `GET /api/flows/NAME`. */
export interface FlowShown extends FlowState {
  readonly source: string | null
  readonly graph: Graph | null
  readonly problems: readonly JsonProblem[]
}

export interface StoredVersion {
  readonly flow: string
  readonly version: string
  readonly live: boolean
  readonly stored: number
  readonly firstLive?: number
  readonly lastLive?: number
}

export interface SwitchShown {
  readonly name: string
  readonly label: string
  readonly value: string
  readonly choices: readonly string[]
  readonly default: string
  readonly flows: readonly string[]
  readonly until?: string
  readonly record: readonly { readonly at: string; readonly by: string; readonly value: string; readonly until?: string }[]
}

export interface OutboxShown {
  readonly counts: Readonly<Record<string, number>>
  readonly held: number
  readonly trouble?: string
  readonly items: readonly OutboxItem[]
}

export interface OutboxItem {
  readonly id: string
  readonly kind: string
  readonly to: string
  readonly flow: string
  readonly call: string
  readonly item: string
  readonly state: string
  readonly attempts: number
  readonly created: string
  readonly next?: string
  readonly why?: string
}

/** One of `GET /api/recordings`. */
export interface RecordingShown {
  readonly id: string
  readonly call: string
  readonly flow: string
  readonly item: string
  readonly seconds: number
  readonly state: string
  readonly noticed: string
  readonly bytes: number
  readonly attempts: number
  readonly next?: string
  readonly why?: string
}

/** Of the event `live`. */
export interface WentLive {
  readonly at: string
  readonly live: Readonly<Record<string, string>>
  readonly changes: readonly { readonly flow: string; readonly text: string }[]
  readonly more?: number
}

/** What callers would notice. */
export interface FlowChange extends Omit<Change, 'kind'> {
  readonly flow: string
  readonly kind: string
}

/** Of `POST /api/flows/NAME/check`. */
export interface DraftShown {
  readonly fits: boolean
  readonly live: string | null
  readonly problems: readonly JsonProblem[]
  readonly graph: Graph | null
  readonly changes: readonly FlowChange[] | null
  readonly picture?: string
}

/** Of `PUT /api/flows/NAME`, and of a way back. */
export interface SavedShown {
  readonly live: string
  readonly before: string | null
  readonly changes: readonly FlowChange[]
}

/** Of `GET /api/versions/VERSION`. */
export interface VersionSourceShown {
  readonly source: { readonly text: string; readonly name: string }
}

/** Of `POST /api/flows/NAME/complete`. */
export interface OfferedShown {
  readonly items: readonly { readonly label: string; readonly kind: string; readonly detail?: string; readonly words?: string; readonly from: number; readonly to: number; readonly insert: string }[]
}

/** Of `POST /api/flows/NAME/hover`. */
export interface ExplainedShown {
  readonly hover: { readonly words: string; readonly from: number; readonly to: number } | null
}

/** One of `GET /api/calls`. */
export interface CallShown {
  readonly id: string
  readonly flow: string
  readonly version: string
  readonly start: string
  readonly end: string | null
  readonly seconds: number | null
  readonly caller: string
  readonly called: string
  readonly direction: string
  readonly at: string | null
  readonly ended: string | null
  readonly steps: number
  readonly timezone: string
}

export interface CallsShown {
  readonly calls: readonly CallShown[]
  readonly next: string | null
}

export interface CallMove {
  readonly from: string
  readonly event: string
  readonly to: string
}

export interface CallStep extends CallMove {
  readonly at: string
  readonly ms: number
  readonly moves?: readonly CallMove[]
  readonly via?: readonly string[]
  readonly holiday?: string
  readonly reason?: string
  readonly version: string
  readonly heard: readonly { readonly name: string; readonly text?: string; readonly address?: string }[]
  readonly met: string
  readonly last?: true
  readonly pressed?: string
  readonly keys?: number
  readonly numbers?: readonly string[]
  readonly broke?: true
}

/** Of `GET /api/calls/ID`. */
export interface TraceShown extends CallShown {
  readonly reported: string | null
  readonly answered: { readonly number: string; readonly seconds: number } | null
  readonly trace: readonly CallStep[]
  readonly sends: readonly { readonly id: string; readonly kind: string; readonly to: string; readonly item: string; readonly state: string; readonly why?: string }[]
  readonly recordings: readonly { readonly id: string; readonly item: string; readonly seconds: number; readonly state: string }[]
}

/** Of `GET /api/flows/NAME/numbers`. */
export interface NumbersShown {
  readonly day: string
  readonly timezone: string
  readonly calls: number
  readonly live: number
  readonly hours: readonly { readonly hour: number; readonly calls: number }[]
  readonly ends: readonly { readonly reason: string; readonly count: number }[]
  readonly menus: readonly { readonly state: string; readonly asked: number; readonly silence: number; readonly wrong: number; readonly keys: readonly { readonly key: string; readonly count: number }[] }[]
  readonly human: { readonly calls: number; readonly median: number | null }
  readonly edges: readonly (CallMove & { readonly count: number })[]
}
