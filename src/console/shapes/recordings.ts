/** Recordings as the API shows them: `GET /api/recordings`. */
import type { RecordingState } from '../../store/states.ts'

/** One as the API shows it; times are ISO 8601. */
export interface RecordingShown {
  readonly id: string
  readonly call: string
  readonly flow: string
  /** The state of the flow; empty for one of a whole call. */
  readonly item: string
  readonly seconds: number
  readonly state: RecordingState
  readonly noticed: string
  readonly bytes: number
  readonly attempts: number
  /** When it is asked for next. */
  readonly next?: string
  readonly why?: string
}

export interface RecordingsShown {
  readonly version: 1
  readonly recordings: readonly RecordingShown[]
}
