/** Versions as the API shows them: `GET /api/versions`, one of them, and what changed from one to another. */
import type { FlowChange } from '../../diff/change.ts'
import type { StoredVersion } from '../../store/stored-version.ts'

export interface VersionShown extends StoredVersion {
  /** Calls. */
  readonly started: number
  readonly inProgress: number
}

export interface VersionsShown {
  readonly version: 1
  readonly versions: readonly VersionShown[]
}

/** Everything that a version is made of; what is not named here is there, and is its own affair. */
export interface VersionSourceShown {
  readonly version: 1
  readonly source: { readonly name: string; readonly path: string; readonly text: string }
}

/** Of `GET /api/flows/NAME/diff`. */
export interface DiffShown {
  readonly version: 1
  readonly flow: string
  readonly from: string
  readonly to: string
  readonly changes: readonly FlowChange[]
}
