/** What the operator's side shows and does: handed in by cli/server.ts, where the parts meet. */
import type { VersionSource } from '../check.ts'
import type { Flow } from '../compile/flow.ts'
import type { FlowChange } from '../diff/diff-flows.ts'
import type { JsonProblem } from '../problem/render-json.ts'
import type { Drafts } from '../reload/drafts.ts'
import type { Editor } from '../reload/edit.ts'
import type { Usage } from '../reload/library.ts'
import type { RolledBack } from '../reload/roll-back.ts'
import type { StoredVersion } from '../store/stored-version.ts'
import type { CallParts } from './call-routes.ts'
import type { Adviser } from './draft-routes.ts'
import type { Draughtsman } from './draughtsman.ts'
import type { Events } from './events.ts'
import type { Metrics } from './metrics.ts'
import type { PictureParts } from './picture-routes.ts'
import type { OutboxParts } from './outbox-routes.ts'
import type { PhoneParts } from './phone/line.ts'
import type { SwitchParts } from './switches.ts'

export interface ConsoleParts {
  readonly live: () => ReadonlyMap<string, Flow>
  readonly last: () => Outcome
  /** Whether the folder is being read or checked now. */
  readonly pending: () => boolean
  /** Whether the server was told not to start on a flow that has errors. */
  readonly strict: boolean
  readonly reload: () => Promise<Outcome & { readonly changes: readonly FlowChange[] }>
  readonly usage: () => readonly Usage[]
  readonly editor: Editor
  readonly drafts: Drafts
  readonly adviser: Adviser
  /** Draws what is not stored. */
  readonly draughtsman: Draughtsman
  /** What callers notice when the second takes the place of the first. */
  readonly compare: (before: VersionSource, after: VersionSource) => Promise<readonly FlowChange[]>
  readonly rollBack: (wanted: { readonly name: string; readonly version: string | undefined; readonly force: boolean }) => Promise<RolledBack>
  readonly versions: () => Promise<readonly StoredVersion[]>
  readonly source: (version: string) => Promise<VersionSource | undefined>
  readonly events: Events
  readonly metrics: Metrics
  readonly switches: SwitchParts
  readonly outbox: OutboxParts
  /** Calls on record; `now`: milliseconds since 1970. */
  readonly calls: CallParts & { readonly now: () => number }
  /** Why no call can be made at all, in words. */
  readonly againstDial: () => string | undefined
  readonly phone: PhoneParts
  readonly pictures: PictureParts
  /** Asked for in `Authorization: Bearer …`, or once by the page's form; undefined where only this machine can reach us. */
  readonly token: string | undefined
  /** Told of what broke in a request. */
  readonly failed: (error: Error) => void
  /** Told of every request that may change something, when it has been answered. */
  readonly record: (change: OperatorRequest) => void
}

/** Who asked for what. No body: what became of it stands in the log beside. */
export interface OperatorRequest {
  /** `this machine`, `token`, a session by the beginning of its hash, or `nobody`. */
  readonly who: string
  readonly ip: string
  readonly method: string
  /** Without its query. */
  readonly path: string
  readonly status: number
}

/** What the last reload came to. */
export interface Outcome {
  /** Flows whose file must not go live, each with the version that still answers, or null. */
  readonly refused: Readonly<Record<string, string | null>>
  /** Those of `tonval lint --format json`. */
  readonly problems: readonly JsonProblem[]
  /** The flows that can be reached from each that could be read, by name. */
  readonly uses: ReadonlyMap<string, readonly string[]>
  /** Why nothing could be read or stored at all. */
  readonly failed?: string
}
