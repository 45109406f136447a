/** Whoever saves a file learns what came of it: in the log, on /api/events, and in the answers of the operator's side. */
import type { Logger } from 'pino'
import { summary } from '../diff/change.ts'
import type { FlowChange } from '../diff/diff-flows.ts'
import { Places } from '../problem/findings.ts'
import type { Checker } from '../reload/checker.ts'
import type { Usage } from '../reload/library.ts'
import type { Reloaded } from '../reload/reloader.ts'
import type { Events } from '../console/events.ts'
import type { WentLive } from '../console/shapes/flows.ts'
import { masked, shown } from '../serve/masked.ts'
import { noteLive } from '../store/live-history.ts'
import type { VersionStore } from '../store/version-store.ts'
import { reloadedJson } from './reloaded.ts'

/** Changes and problems that one event tells; the rest stands in the answers to requests. */
const MOST_IN_EVENT = 100

interface Parts {
  readonly log: Logger
  /** The data folder. */
  readonly data: string
  readonly store: VersionStore
  readonly checker: Checker
  readonly usage: () => readonly Usage[]
  readonly events: Events
}

export interface Teller {
  /** Tells of a reload that changed, refused or failed something. */
  tell(reloaded: Reloaded): void
  /** What a reload changed for callers; nothing where it was not told of. */
  changesOf(reloaded: Reloaded): Promise<readonly FlowChange[]>
  /** Resolves when everything has been told. */
  idle(): Promise<void>
}

export function createTeller({ log, data, store, checker, usage, events }: Parts): Teller {
  let live: Readonly<Record<string, string>> | undefined
  let telling: Promise<unknown> = Promise.resolve()
  const changes = new WeakMap<Reloaded, Promise<readonly FlowChange[]>>()

  /** Of the versions that are not the same on both sides: in the worker, so that no caller waits. */
  async function compare(before: Readonly<Record<string, string>>, after: Readonly<Record<string, string>>): Promise<readonly FlowChange[]> {
    const other = (a: typeof before, b: typeof before) => Promise.all(Object.entries(a).filter(([name, version]) => b[name] !== version).map(([, version]) => store.load(version)))
    const [old, now] = await Promise.all([other(before, after), other(after, before)])
    return checker.diff(old.flatMap(source => source ?? []), now.flatMap(source => source ?? []))
  }

  async function tellChanges(reloaded: Reloaded, before: Readonly<Record<string, string>> | undefined): Promise<readonly FlowChange[]> {
    const ms = Math.round(reloaded.took)
    await noteLive(data, reloaded.live, Date.now()).catch((error: unknown) => log.error({ err: error }, 'what went live could not be noted down: `tonval versions` will not know of it'))
    const found = before === undefined ? [] : await compare(before, reloaded.live)
    const calls = usage().map(({ flow, version, started, ended }) => ({ flow, version, inProgress: Math.max(0, started - ended), live: reloaded.live[flow] === version })).filter(one => one.inProgress > 0)
    const named = found.map(change => ({ text: change.states.length > 0 || change.flow !== change.before && change.flow !== change.after ? `${change.flow}: ${change.text}` : change.text }))
    const words = before === undefined ? '' : found.length === 0 ? ': nothing changes for callers' : `: ${maskedText(summary(named))}`
    log.info({ live: reloaded.live, changes: found.length, calls, ms }, `flows are live${words}`)
    const { first, rest } = capped(found)
    if (before !== undefined) events.publish('live', { at: new Date().toISOString(), live: reloaded.live, before, changes: first, ...rest, calls, ms } satisfies WentLive)
    return found
  }

  return {
    tell(reloaded) {
      tellProblems(log, reloaded)
      const at = new Date().toISOString()
      const ms = Math.round(reloaded.took)
      if (reloaded.failed !== undefined) events.publish('failed', { at, why: reloaded.failed, ms })
      else if (Object.keys(reloaded.refused).length > 0) {
        const { first, rest } = capped(reloadedJson(reloaded))
        events.publish('refused', { at, refused: reloaded.refused, problems: first, ...rest, ms })
      // a file that was mended, or has got other warnings: who shows problems has to know
      } else if (!reloaded.changed) {
        const { first, rest } = capped(reloadedJson(reloaded))
        events.publish('checked', { at, problems: first, ...rest, ms })
      }
      if (!reloaded.changed) return
      const before = live
      live = reloaded.live
      const told = telling.then(() => tellChanges(reloaded, before)).catch((error: unknown) => {
        log.error({ err: error, live: reloaded.live }, 'flows are live; what changed could not be told')
        return []
      })
      changes.set(reloaded, told)
      telling = told
    },
    changesOf: async reloaded => (await changes.get(reloaded)) ?? [],
    idle: async () => { await telling },
  }
}

function capped<T>(list: readonly T[]): { readonly first: readonly T[]; readonly rest: { readonly more?: number } } {
  return { first: list.slice(0, MOST_IN_EVENT), rest: list.length > MOST_IN_EVENT ? { more: list.length - MOST_IN_EVENT } : {} }
}

/** No log line holds a whole telephone number, nor an address that may hold a key. */
export function maskedText(text: string): string {
  return text.replace(/https?:\/\/[^\s,;)`]+/g, shown).replace(/\bsips?:[^\s@,;)`]+@/g, 'sip:***@').replace(/\+?\d{7,}/g, masked)
}

/** One line a problem, and one for each flow that is refused. */
function tellProblems(log: Logger, reloaded: Reloaded): void {
  const ms = Math.round(reloaded.took)
  if (reloaded.failed !== undefined) log.error({ failed: reloaded.failed, ms }, 'reload failed: the flows in force stay')
  for (const [name, kept] of Object.entries(reloaded.refused)) {
    log.error({ flow: name, version: kept, ms }, kept === null ? 'a flow is refused, and no earlier version of it can answer' : 'a flow is refused: its last good version still answers')
  }
  if (reloaded.failed !== undefined) return
  const places = new Places(reloaded.sources)
  for (const problem of reloaded.problems) {
    const line = { code: problem.code, file: problem.file, line: places.range(problem.file, problem.span).start.line, help: problem.help }
    if (problem.severity === 'error') log.error(line, problem.message)
    else if (problem.severity === 'warning') log.warn(line, problem.message)
  }
}
