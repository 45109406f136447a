/** Wakes whoever looks at a folder, as soon as the system says that something changed there. A hint may be missing, late or wrong. */
import { watch as watchFiles } from 'chokidar'
import { watch as watchFolder } from 'node:fs'
import { mkdtemp, readlink, rm, writeFile } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { isCallsFile, isFlowFile, isSoundFile, MOST_LEVELS } from './read-folder.ts'

export interface Hints {
  close(): Promise<void>
}
/** Begins to listen. `wake` is called for anything that may be a change, `failed` where the system lets nobody listen any more. */
export type Listen = (folder: string, wake: () => void, failed: (error: Error) => void) => Hints

/** Milliseconds that an event may take. */
const PATIENCE = 5000

/** Listens to the folder and, because a folder can be swapped by a rename or a link, to what leads there. */
export const listen: Listen = (folder, wake, failed) => {
  // of files that do not matter there may be thousands: none of them is watched by itself
  const files = watchFiles(folder, { ignoreInitial: true, depth: MOST_LEVELS, persistent: true, ignored: (path, stats) => stats?.isFile() === true && !matters(basename(path)) })
  files.on('all', wake).on('raw', wake).on('error', error => failed(error as Error))
  const above: { close(): void }[] = []
  let closed = false
  void ways(folder).then(names => {
    for (const path of names) {
      if (closed) return
      try {
        const watcher = watchFolder(dirname(path), { persistent: false }, (_event, name) => { if (name === null || name === basename(path)) wake() })
        watcher.on('error', failed)
        above.push(watcher)
      } catch {
        // a folder above that may not be watched: the sweep finds what happens there
      }
    }
  })
  return {
    async close() {
      closed = true
      for (const watcher of above) watcher.close()
      await files.close()
    },
  }
}

function matters(name: string): boolean {
  return isFlowFile(name) || isCallsFile(name) || isSoundFile(name)
}

/** The folder, and every link on the way to it. */
async function ways(folder: string): Promise<Set<string>> {
  const found = new Set<string>()
  const queue = [folder]
  for (let path = queue.pop(); path !== undefined && found.size < 40; path = queue.pop()) {
    const isStart = path === folder
    for (let at = path; at !== dirname(at); at = dirname(at)) {
      const link = await readlink(at).catch(() => undefined)
      if (link !== undefined && !found.has(at)) queue.push(resolve(dirname(at), link))
      if (link !== undefined || (isStart && at === path)) found.add(at)
    }
  }
  return found
}

/** Whether events arrive at all on this machine: a folder is made below `data`, listened to and written in. Aborted, it ends at once and says yes. */
export async function hintsArrive(data: string, signal: AbortSignal, begin: Listen = listen): Promise<boolean> {
  const folder = await mkdtemp(join(data, 'watch-'))
  let woken = (_arrived: boolean): void => undefined
  const arrived = new Promise<boolean>(done => { woken = done })
  const late = setTimeout(() => woken(false), PATIENCE)
  if (signal.aborted) woken(true)
  signal.addEventListener('abort', () => woken(true))
  const hints = begin(folder, () => woken(true), () => woken(false))
  // listening begins a little later than it says
  let write = Promise.resolve()
  const writes = setInterval(() => { write = writeFile(join(folder, 'x.yaml'), String(performance.now())).catch(() => undefined) }, 50)
  try {
    return await arrived
  } finally {
    clearInterval(writes)
    clearTimeout(late)
    await hints.close()
    await write
    await rm(folder, { recursive: true, force: true })
  }
}
