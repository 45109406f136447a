/** Files → the flows in force: read whole, checked whole, stored, then swapped by one assignment. */
import { readFolder } from './read-folder.ts'
import type { SoundCache } from './read-folder.ts'
import type { Checked, SourceSet } from '../check.ts'
import type { Problem } from '../problem/problem.ts'
import type { Flow } from '../compile/flow.ts'
import type { VersionStore } from '../store/version-store.ts'
import type { Checker } from './checker.ts'
import type { Library } from './library.ts'

/** What a reload did. */
export interface Reloaded {
  /** Whether other flows are in force than before. */
  readonly changed: boolean
  readonly live: Readonly<Record<string, string>>
  /** Flows whose file must not go live, each with the version that still answers, if there is one. */
  readonly refused: Readonly<Record<string, string | null>>
  readonly problems: readonly Problem[]
  /** The texts that the problems point into, by file. */
  readonly sources: ReadonlyMap<string, string>
  /** States of all flows in the folder. */
  readonly states: number
  /** Why nothing could be read, checked or stored at all; the flows in force stay. */
  readonly failed?: string
  /** Milliseconds. */
  readonly took: number
}

export interface Reloader {
  /** Reads and checks the folder now. Calls at the same time share one reload that begins after the last of them. */
  reload(): Promise<Reloaded>
  /** The last reload, once there was one. */
  readonly last: Reloaded | undefined
}

interface Parts {
  readonly folder: string
  /** The folder as problems name it. */
  readonly shown: string
  readonly store: VersionStore
  readonly checker: Checker
  readonly library: Library
  /** Told of each reload that changed, refused or failed something. */
  readonly told: (reloaded: Reloaded) => void
}

export function createReloader({ folder, shown, store, checker, library, told }: Parts): Reloader {
  const sounds: SoundCache = new Map()
  let running: Promise<Reloaded> | undefined
  let next: Promise<Reloaded> | undefined
  let last: Reloaded | undefined

  async function once(): Promise<Reloaded> {
    const began = performance.now()
    let set: SourceSet | undefined
    let reloaded: Reloaded
    try {
      set = await readFolder(folder, sounds, shown)
      reloaded = await goLive(set, await checker.check(set), began)
    } catch (error) {
      reloaded = { changed: false, live: versions(library.live.flows), refused: {}, problems: last?.problems ?? [], sources: last?.sources ?? new Map(), states: last?.states ?? 0, failed: (error as Error).message, took: performance.now() - began }
    }
    const silent = last !== undefined && !reloaded.changed && sameProblems(last, reloaded)
    last = reloaded
    if (!silent) told(reloaded)
    return reloaded
  }

  async function goLive(set: SourceSet, checked: Checked, began: number): Promise<Reloaded> {
    const before = library.live.flows
    const flows = new Map<string, Flow>()
    const refused: Record<string, string | null> = {}
    const stored = checked.refused.length > 0 && last === undefined ? await store.live() : {}
    const lastGood = async (name: string): Promise<Flow | undefined> => before.get(name) ?? (stored[name] === undefined ? undefined : library.fetch(stored[name]))
    for (const name of [...checked.refused, ...await heldBack(checked, lastGood)].sort()) {
      const good = await lastGood(name)
      refused[name] = good?.version ?? null
      if (good !== undefined) flows.set(name, good)
    }
    for (const [name, { flow, source }] of checked.served) {
      if (Object.hasOwn(refused, name)) continue
      const known = before.get(name)
      // the same content is the same version: nothing to store, and no object that the carrier's side has prepared is lost
      if (known?.version === flow.version) flows.set(name, known)
      else {
        await store.save(flow.version, source, folder)
        flows.set(name, library.version(flow.version) ?? flow)
      }
    }
    const live = versions(flows)
    const changed = JSON.stringify(live) !== JSON.stringify(versions(before))
    if (changed) {
      await store.setLive(live)
      library.swap(flows)
    }
    return { changed, live, refused, problems: checked.problems, sources: new Map([...set.flows, ...(set.calls ?? [])].map(file => [file.path, file.text])), states: [...checked.states.values()].reduce((sum, count) => sum + count, 0), took: performance.now() - began }
  }

  function reload(): Promise<Reloaded> {
    if (running === undefined) {
      running = once().finally(() => { running = undefined })
      return running
    }
    // what is being read now may be older than what the caller has just written: one more comes after it
    next ??= running.then(() => {
      next = undefined
      return reload()
    })
    return next
  }

  return { reload, get last() { return last } }
}

/** Flows without an error whose change breaks a flow that uses them, and those that can only go live with such a change: their last good versions stay. */
async function heldBack({ served, unfit, uses }: Checked, lastGood: (name: string) => Promise<Flow | undefined>): Promise<string[]> {
  const isChanged = async (name: string): Promise<boolean> => {
    const now = served.get(name)?.flow.version
    const good = now === undefined ? undefined : await lastGood(name)
    return good !== undefined && good.version !== now
  }
  const back = new Set<string>()
  for (const name of unfit.keys()) if (await isChanged(name)) back.add(name)
  const unfitting = [...back]
  if (unfitting.length > 0) for (const [name, used] of uses) if (unfitting.some(one => used.includes(one)) && await isChanged(name)) back.add(name)
  return [...back]
}

/** Version by name, in the order of names. */
function versions(flows: ReadonlyMap<string, Flow>): Record<string, string> {
  return Object.fromEntries([...flows].map(([name, flow]) => [name, flow.version] as const).sort((a, b) => (a[0] < b[0] ? -1 : 1)))
}

function sameProblems(a: Reloaded, b: Reloaded): boolean {
  return a.failed === b.failed && JSON.stringify([a.problems, a.refused]) === JSON.stringify([b.problems, b.refused])
}
