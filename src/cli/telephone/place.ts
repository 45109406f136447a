/** Places one call: to a flow served for it alone, or to somebody's application. */
import { placeCall } from '../../emulator/call.ts'
import type { Clock } from '../../emulator/clock.ts'
import type { Person } from '../../emulator/person.ts'
import type { Readings } from '../../emulator/readings.ts'
import type { Label, Labels } from '../../emulator/script/labels.ts'
import { plainLabel } from '../../emulator/script/scripted-call.ts'
import type { TraceEvent } from '../../emulator/trace.ts'
import type { Wire } from '../../emulator/wire.ts'
import { openLine } from './flow-here.ts'
import type { FlowHere } from './flow-here.ts'
import type { CallRequest } from './request.ts'
import type { Outcome } from './summary.ts'

/** Who is called. */
export type Callee =
  | { readonly url: string; readonly here?: undefined }
  | { readonly here: FlowHere; readonly labels: Labels }

export interface Asked {
  readonly request: CallRequest
  readonly callee: Callee
  /** One for all readings: `chance` draws from it. */
  readonly callid: string
}

export interface Means {
  readonly person: Person
  readonly clock: Clock
  readonly readings?: Readings
  readonly wire?: Wire
  readonly onEvent?: (event: TraceEvent) => void
  readonly signal?: AbortSignal
}

/** What sounds are called and say; of another's application only what their addresses tell. */
export function labeller(callee: Callee): (address: string) => Label {
  return address => (callee.here === undefined ? { name: plainLabel(address) } : callee.labels.of(address))
}

/** One call, and what came of it; `left` and `mismatch` are for the caller to fill in. */
export async function place({ request, callee, callid }: Asked, { clock, ...means }: Means): Promise<Outcome> {
  const line = callee.here === undefined ? undefined : await openLine(callee.here, () => clock.now(), step => callee.labels.take(step))
  const flow = callee.here?.served.flow
  const to = request.to ?? flow?.numbers[0]
  try {
    const report = await placeCall({
      ...means, clock, callid, start: line?.start ?? (callee as { url: string }).url,
      ...(request.from !== undefined && { from: request.from }), ...(to !== undefined && { to }),
    })
    return { report, steps: line?.steps, replies: line?.replies, sent: line?.sent, base: line?.base, flow: flow?.name, left: [], mismatch: undefined }
  } finally {
    await line?.close()
  }
}
