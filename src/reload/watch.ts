/** Notices that files changed: events wake it, what the disk looks like decides. */
import { watch as watchFiles } from 'chokidar'
import { fingerprint } from './fingerprint.ts'

/** Milliseconds. A folder must look the same for this long before it is read … */
const QUIET = 40
/** … and is read in any case after this long. */
const MOST_WAIT = 2000
/** How often the disk is looked at without any event: some changes give none. */
const SWEEP = 1000

export interface Watcher {
  /** Stops watching; a look under way ends first. */
  close(): Promise<void>
  /** When the files were last looked at, in milliseconds since 1970. */
  health(): { readonly swept: number }
}

/**
 * Calls `changed` whenever the folder looks otherwise than when it last did, and stands still; again at the next sweep
 * where it answers false. Events of the system are hints only: a program that truncates a file and writes it a little
 * later gives one event for two changes. `seen`: what the folder looked like before it was last read.
 */
export function watch(folder: string, seen: string, changed: () => Promise<boolean>, failed: (error: Error) => void): Watcher {
  let closed = false
  let timer: NodeJS.Timeout | undefined
  let looking: Promise<void> | undefined
  let woken = false
  let swept = Date.now()

  const hints = watchFiles(folder, { ignoreInitial: true, depth: 4, persistent: true })
  hints.on('all', wake).on('error', error => failed(error as Error))

  function wake(): void {
    woken = true
    if (looking !== undefined || closed) return
    clearTimeout(timer)
    timer = undefined
    looking = look().catch(error => failed(error as Error)).finally(() => {
      looking = undefined
      if (woken && !closed) wake()
      else later()
    })
  }

  function later(): void {
    if (!closed) timer = setTimeout(wake, SWEEP).unref()
  }

  async function look(): Promise<void> {
    woken = false
    let now = await fingerprint(folder)
    swept = Date.now()
    if (now === seen) return
    const began = performance.now()
    while (performance.now() - began < MOST_WAIT) {
      await new Promise(resolve => setTimeout(resolve, QUIET))
      const again = await fingerprint(folder)
      if (again === now) break
      now = again
    }
    seen = (await changed()) ? now : 'to be looked at again'
  }

  // files may have changed since the folder was read
  wake()
  return {
    health: () => ({ swept }),
    async close() {
      closed = true
      clearTimeout(timer)
      await hints.close()
      await looking
    },
  }
}
