/** Keeps what calls need: notes on disk which versions are in use, and now and then lets go of those that nobody can need. */
import type { VersionStore } from '../store/version-store.ts'
import type { Library } from './library.ts'

/** Milliseconds between two notes. */
const NOTED = 3600_000
/** Notes from one look for what can go to the next. */
const TIDIED = 24

/** Begins; what it returns ends it, and resolves when nothing is under way any more. The first look for what can go comes right away. */
export function keepVersions(store: VersionStore, library: Library, failed: (error: unknown) => void): () => Promise<void> {
  let rounds = 0
  let under = Promise.resolve()
  const note = async (): Promise<void> => {
    const since = Date.now() - 2 * NOTED
    const live = [...library.live.flows.values()].map(flow => flow.version)
    await store.touch(new Set([...live, ...library.usage().filter(one => one.lastUsed > since).map(one => one.version)]))
    if (rounds++ % TIDIED === 0) await store.prune(Date.now())
  }
  const round = (): void => { under = under.then(note).catch(failed) }
  const timer = setInterval(round, NOTED).unref()
  round()
  return () => {
    clearInterval(timer)
    return under
  }
}
