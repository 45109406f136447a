/** Files → the flows in force: read whole, checked whole, stored, then swapped by one assignment. */
import { sourcesOf } from '../check.ts'
import type { Checked, SourceSet } from '../check.ts'
import type { Problem } from '../problem/problem.ts'
import type { Flow } from '../compile/flow.ts'
import type { LiveFlow } from '../lint/lines.ts'
import type { VersionStore } from '../store/version-store.ts'
import { createCandidates, MOST_WAIT } from './candidate.ts'
import type { Candidate } from './candidate.ts'
import type { Checker } from './checker.ts'
import { eachOf } from './each-of.ts'
import { checkWithSounds } from './check-with-sounds.ts'
import type { Studio } from '../prompts/studio.ts'
import type { Library } from './library.ts'

/** Milliseconds that files of which some do not fit are given, to see whether the rest of them is still coming. */
const REST = 250
/** Milliseconds from one failure to the next attempt at the same files; doubled each time. */
const RETRY = 1000
const MOST_RETRY = 60_000

/** What a reload did. */
export interface Reloaded {
  /** Whether other flows are in force than before. */
  readonly changed: boolean
  readonly live: Readonly<Record<string, string>>
  /** Flows whose file must not go live, or is gone and must not be, each with the version that still answers, if there is one. */
  readonly refused: Readonly<Record<string, string | null>>
  readonly problems: readonly Problem[]
  /** The texts that the problems point into, by file. */
  readonly sources: ReadonlyMap<string, string>
  /** States of all flows in the folder. */
  readonly states: number
  /** The flows that can be reached from each that could be read, by name. */
  readonly uses: Checked['uses']
  /** Why nothing could be read, checked or stored at all; the flows in force stay. */
  readonly failed?: string
  /** Milliseconds, from the first look at the files: most of it is waiting until nobody writes them. */
  readonly took: number
}

export interface Reloader {
  /** Reads and checks the folder now. Calls at the same time share one reload that begins after the last of them. `afresh` trusts nothing that only looks unchanged. */
  reload(afresh?: boolean): Promise<Reloaded>
  /** The last reload, once there was one. */
  readonly last: Reloaded | undefined
  /** Whether a folder that looks like this has been taken, or need not be tried again yet. */
  isSeen(look: string): boolean
  /** Nothing goes live any more; resolves when a reload under way has ended. */
  close(): Promise<void>
}

interface Parts {
  readonly folder: string
  /** The folder as problems name it. */
  readonly shown: string
  readonly store: VersionStore
  readonly checker: Checker
  readonly library: Library
  /** Listens to what flows play, and makes what they have spoken and joined. */
  readonly studio: Pick<Studio, 'make' | 'listen'>
  /** Told of each reload that changed, refused or failed something. */
  readonly told: (reloaded: Reloaded) => void
}

export function createReloader({ folder, shown, store, checker, library, studio, told }: Parts): Reloader {
  /** The flows in force, as files: what a change must fit. */
  let live: ReadonlyMap<string, LiveFlow> = new Map()
  const candidates = createCandidates({ folder, shown, live: () => new Map([...live].map(([name, flow]) => [name, flow.text])) })
  let running: Promise<Reloaded> | undefined
  let next: Promise<Reloaded> | undefined
  let nextAfresh = false
  let last: Reloaded | undefined
  /** The last candidate that was worked up without a failure. */
  let taken: Candidate | undefined
  let failure: { readonly tries: number; readonly look: string | undefined; readonly until: number } | undefined
  /** Whether the last candidate lacks a sound that may be made at another time. */
  let unmade = false
  let closed = false

  function nextFailure() {
    const tries = failure === undefined ? 0 : failure.tries + 1
    return { tries, look: candidates.lastLook, until: performance.now() + Math.min(RETRY * 2 ** tries, MOST_RETRY) }
  }

  async function once(afresh: boolean): Promise<Reloaded> {
    const began = performance.now()
    let reloaded: Reloaded
    try {
      reloaded = await attempt(afresh, began)
      failure = unmade ? nextFailure() : undefined
    } catch (error) {
      failure = nextFailure()
      reloaded = { changed: false, live: versions(library.live.flows), refused: last?.refused ?? {}, problems: last?.problems ?? [], sources: last?.sources ?? new Map(), states: last?.states ?? 0, uses: last?.uses ?? new Map(), failed: (error as Error).message, took: performance.now() - began }
    }
    const silent = last !== undefined && !reloaded.changed && sameProblems(last, reloaded)
    last = reloaded
    if (!silent && !closed) told(reloaded)
    return reloaded
  }

  async function attempt(afresh: boolean, began: number): Promise<Reloaded> {
    const isFirst = last === undefined
    if (isFirst) live = await liveBefore()
    for (;;) {
      const candidate = await candidates.take(afresh)
      // the same content is no reload, whatever was done to the files
      if (last !== undefined && failure === undefined && taken?.digest === candidate.digest) {
        taken = candidate
        return { ...last, changed: false, took: performance.now() - began }
      }
      const known = new Map([...library.live.flows.values()].map(flow => [flow.version, flow]))
      const { set, checked, again } = await checkWithSounds({ ...candidate.set, live: [...live.values()] }, { needs: checker.needs, check: files => checker.check(files, known) }, studio, folder)
      // where something does not fit, the rest of it may be on its way
      const isIncomplete = !isFirst && fails(set, checked) && performance.now() - began < MOST_WAIT
      if (isIncomplete && candidate.look !== undefined && !(await candidates.holds(candidate.look, REST))) continue
      const reloaded = await goLive(set, checked, began)
      taken = candidate
      unmade = again
      return reloaded
    }
  }

  /** Whether a flow must not go live that was not refused as it is before. */
  function fails(set: SourceSet, checked: Checked): boolean {
    const textOf = (files: SourceSet | undefined, name: string): string => [...(files?.flows ?? []), ...(files?.calls ?? [])].filter(file => file.name === name).map(file => file.text).join('\0')
    return checked.refused.some(name => last?.refused[name] === undefined || textOf(taken?.set, name) !== textOf(set, name))
  }

  /** At start: the flows that answered calls when a server last served this folder. */
  async function liveBefore(): Promise<Map<string, LiveFlow>> {
    const before = await store.last()
    const flows = new Map<string, LiveFlow>()
    if (before.folder !== folder) return flows
    for (const [name, version] of Object.entries(before.live)) {
      const source = await store.load(version)
      if (source !== undefined) flows.set(name, { name, version, path: source.path, text: source.text, numbers: before.numbers[name] ?? [] })
    }
    return flows
  }

  async function goLive(set: SourceSet, checked: Checked, began: number): Promise<Reloaded> {
    const before = library.live.flows
    const flows = new Map<string, Flow>()
    const files = new Map<string, LiveFlow>()
    const refused: Record<string, string | null> = {}
    const stored = checked.refused.length > 0 && last === undefined ? await store.live() : {}
    for (const name of checked.refused) {
      const good = before.get(name) ?? (stored[name] === undefined ? undefined : await library.fetch(stored[name]))
      refused[name] = good?.version ?? null
      if (good === undefined) continue
      flows.set(name, good)
      const file = live.get(name)
      if (file !== undefined) files.set(name, file)
    }
    await eachOf([...checked.served], async ([name, { flow, source }]) => {
      const known = before.get(name)
      // the same content is the same version: nothing to store, and no object that the carrier's side has prepared is lost
      if (known?.version !== flow.version) await store.save(flow.version, source, folder)
    })
    for (const [name, { flow, source }] of checked.served) {
      flows.set(name, library.peek(flow.version) ?? flow)
      files.set(name, { name, version: flow.version, path: source.path, text: source.text, numbers: flow.numbers })
    }
    const now = versions(flows)
    const changed = JSON.stringify(now) !== JSON.stringify(versions(before))
    if (changed) {
      await store.setLive({ folder, live: now, numbers: Object.fromEntries([...flows].map(([name, flow]) => [name, flow.numbers])) })
      if (closed) throw new Error('the server stops')
      library.swap(flows)
    }
    live = files
    return { changed, live: now, refused, problems: checked.problems, sources: sourcesOf(set), states: [...checked.states.values()].reduce((sum, count) => sum + count, 0), uses: checked.uses, took: performance.now() - began }
  }

  function reload(afresh = false): Promise<Reloaded> {
    if (running === undefined) {
      running = once(afresh).finally(() => { running = undefined })
      return running
    }
    // what is being read now may be older than what the caller has just written: one more comes after it
    nextAfresh ||= afresh
    next ??= running.then(() => {
      next = undefined
      const all = nextAfresh
      nextAfresh = false
      return reload(all)
    })
    return next
  }

  return {
    reload,
    get last() { return last },
    isSeen: look => (failure === undefined ? look === taken?.look : look === failure.look && performance.now() < failure.until),
    async close() {
      closed = true
      await running
    },
  }
}

/** Version by name, in the order of names. */
function versions(flows: ReadonlyMap<string, Flow>): Record<string, string> {
  return Object.fromEntries([...flows].map(([name, flow]) => [name, flow.version] as const).sort((a, b) => (a[0] < b[0] ? -1 : 1)))
}

function sameProblems(a: Reloaded, b: Reloaded): boolean {
  return a.failed === b.failed && JSON.stringify([a.problems, a.refused]) === JSON.stringify([b.problems, b.refused])
}
