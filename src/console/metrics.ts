/** Figures for Prometheus. What happens is counted in plain fields; the rest is put together when somebody asks. */
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client'
import type { Usage } from '../reload/library.ts'
import { addOutboxMetrics } from './outbox-metrics.ts'
import type { OutboxFigures } from './outbox-metrics.ts'

export interface MetricsParts {
  readonly version: string
  /** Version by flow, and the flows whose file is refused. */
  readonly live: () => ReadonlyMap<string, { readonly version: string }>
  readonly refused: () => number
  readonly usage: () => readonly Usage[]
  /** Milliseconds since somebody last looked whether the files changed. */
  readonly sweepAge: () => number
  readonly clients: () => number
  readonly outbox: OutboxFigures
  /** Lines of calls that wait to be written down, and that were lost. */
  readonly recorder: { readonly waiting: number; readonly lost: number }
}

export type ReloadResult = 'changed' | 'unchanged' | 'refused' | 'failed'

export interface Metrics {
  /** `at`: milliseconds since 1970; `took`: milliseconds. */
  reloaded(result: ReloadResult, at: number, took: number): void
  /** Counts what a `fetch` has asked: the entry of TONVAL_FETCH_HOSTS that allows it, what became of it in a word, milliseconds. */
  askedOutside(entry: string, outcome: string, took: number): void
  /** Counts the requests of a server by their kind and answer. */
  count(server: Server): void
  readonly type: string
  text(): Promise<string>
}

const KINDS = ['voice', 'hangup', 'recording', 'recordings', 'audio', 'health', 'ready', 'other'] as const

function kindOf(url: string): number {
  for (let kind = 0; kind < KINDS.length - 1; kind++) {
    const name = KINDS[kind] as string
    if (!url.startsWith(name, 1)) continue
    const next = url[name.length + 1]
    if (next === undefined || next === '/' || next === '?') return kind
  }
  return KINDS.length - 1
}

/** The figures of one server. */
export function createMetrics(parts: MetricsParts): Metrics {
  const registry = new Registry()
  const registers = [registry]
  collectDefaultMetrics({ register: registry })
  const labelled = <L extends string>(name: string, help: string, labelNames: readonly L[], rows: () => Iterable<readonly [labels: Record<L, string>, value: number]>): void => {
    void new Gauge({ name, help, labelNames, registers, collect() { this.reset(); for (const [labels, value] of rows()) this.set(labels, value) } })
  }
  const plain = (name: string, help: string, value: () => number): void => { void new Gauge({ name, help, registers, collect() { this.set(value()) } }) }

  const reloads = new Counter({ name: 'tonval_reloads_total', help: 'Reloads by what came of them: changed (other flows are live), unchanged, refused (some flow must not go live), failed.', labelNames: ['result'] as const, registers })
  for (const result of ['changed', 'unchanged', 'refused', 'failed'] as const) reloads.inc({ result }, 0)
  const durations = new Histogram({ name: 'tonval_reload_duration_seconds', help: 'How long reloads took.', buckets: [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10], registers })
  const last = new Gauge({ name: 'tonval_reload_last_timestamp_seconds', help: 'When the last reload ended.', registers })
  const lastGood = new Gauge({ name: 'tonval_reload_last_success_timestamp_seconds', help: 'When the last reload ended that refused and failed nothing.', registers })
  plain('tonval_flows_refused', 'Flows whose file must not go live.', parts.refused)
  plain('tonval_sweep_age_seconds', 'Seconds since the files were last looked at.', () => parts.sweepAge() / 1000)
  plain('tonval_event_clients', 'Who listens to /api/events.', parts.clients)
  labelled('tonval_build_info', 'The version of tonval.', ['version', 'node'], () => [[{ version: parts.version, node: process.version }, 1]])
  labelled('tonval_flow_info', 'The version of each flow that answers new calls.', ['flow', 'version'], function * () { for (const [flow, { version }] of parts.live()) yield [{ flow, version }, 1] })
  labelled('tonval_calls_started', 'First requests answered, by version, since the server started.', ['flow', 'version'], function * () { for (const { flow, version, started } of parts.usage()) yield [{ flow, version }, started] })
  labelled('tonval_calls_ended', 'Ends of calls that the carrier told, by version, since the server started.', ['flow', 'version'], function * () { for (const { flow, version, ended } of parts.usage()) yield [{ flow, version }, ended] })

  addOutboxMetrics(registry, parts.outbox)
  plain('tonval_call_lines_waiting', 'Steps and ends of calls in memory that the store has not taken yet.', () => parts.recorder.waiting)
  plain('tonval_call_lines_lost', 'Steps and ends of calls lost because the store took none and memory was full, since the server started.', () => parts.recorder.lost)

  /** By kind, then by status. */
  const answers = KINDS.map(() => new Map<number, number>())
  void new Counter({
    name: 'tonval_requests_total', help: 'Requests on the carrier\'s side by kind and status; 0 for those that were broken off.', labelNames: ['kind', 'status'] as const, registers,
    collect() {
      this.reset()
      answers.forEach((statuses, kind) => { for (const [status, count] of statuses) this.inc({ kind: KINDS[kind], status: String(status) }, count) })
    },
  })
  // one function for all requests: a caller pays for a look at the address and for one addition
  function answered(this: ServerResponse): void {
    const statuses = answers[kindOf(this.req.url ?? '')] as Map<number, number>
    const status = this.writableFinished ? this.statusCode : 0
    statuses.set(status, (statuses.get(status) ?? 0) + 1)
  }

  const asked = new Counter({ name: 'tonval_fetches_total', help: 'Questions of `fetch` by the entry of TONVAL_FETCH_HOSTS and what became of them: replied, or why not.', labelNames: ['host', 'outcome'] as const, registers })
  const waited = new Histogram({ name: 'tonval_fetch_duration_seconds', help: 'How long callers waited for replies.', labelNames: ['host'] as const, buckets: [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 3], registers })

  return {
    askedOutside(entry, outcome, took) {
      // of hosts that are not on the list there may be any number
      const host = entry === '' ? 'not allowed' : entry
      asked.inc({ host, outcome })
      waited.observe({ host }, took / 1000)
    },
    reloaded(result, at, took) {
      reloads.inc({ result })
      durations.observe(took / 1000)
      last.set(at / 1000)
      if (result === 'changed' || result === 'unchanged') lastGood.set(at / 1000)
    },
    count(server) {
      server.on('request', (_request: IncomingMessage, response: ServerResponse) => { response.on('close', answered) })
    },
    type: registry.contentType,
    text: () => registry.metrics(),
  }
}
