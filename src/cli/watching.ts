/** `--watch` of lint and test: the same look at the disk as the server's, and a screen that always shows the last check. */
import { createCandidates } from '../reload/candidate.ts'
import { watch } from '../reload/watch.ts'
import { EXIT } from './io.ts'
import type { Io } from './io.ts'

/** Wipes the screen and what was scrolled off it. */
const WIPE = '\u001b[2J\u001b[3J\u001b[H'

/**
 * Runs a check now and whenever a file of the folders changes, until the process gets SIGINT or SIGTERM; resolves to
 * the status of the last check. A terminal shows the last check alone; elsewhere they follow one another.
 */
export async function whenChanged(folders: readonly string[], check: (io: Io) => Promise<number>, io: Io): Promise<number> {
  let status: number = EXIT.clean
  let running: Promise<boolean> = Promise.resolve(true)
  const again = (): Promise<boolean> => {
    running = running.then(async () => {
      let shown = ''
      // written at once, so that a screen does not flicker
      const held: Io = { ...io, stdout: { ...terminalOf(io.stdout), write: text => { shown += text } } }
      status = await check(held).catch((error: unknown) => {
        if (!(error instanceof Error)) throw error
        // a file that is gone for a moment comes back
        shown += `${error.message}\n`
        return EXIT.found
      })
      io.stdout.write(io.stdout.isTTY === true ? WIPE + shown : shown)
      io.stderr.write(`${io.stdout.isTTY === true ? '\n' : ''}checked at ${timeOf(new Date())}; waiting for changes, Ctrl-C ends\n`)
      return true
    })
    return running
  }
  const stopped = new Promise<void>(resolve => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve())
  })
  // what a folder looks like is noted before it is read: an edit in between is seen
  const looked = await Promise.all(folders.map(async folder => {
    const candidates = createCandidates({ folder, shown: folder, live: () => new Map() })
    return { folder, candidates, look: (await candidates.take()).look }
  }))
  await again()
  const watchers = looked.map(({ folder, candidates, look: first }) => {
    let seen = first
    return watch({
      folder, isSeen: look => look === seen, failed: error => io.stderr.write(`${error.message}\n`),
      changed: async () => {
        const { look } = await candidates.take()
        await again()
        seen = look
      },
    })
  })
  await stopped
  for (const watcher of watchers) await watcher.close()
  await running
  return status
}

function terminalOf({ isTTY, columns }: Io['stdout']): Pick<Io['stdout'], 'isTTY' | 'columns'> {
  return { ...(isTTY === undefined ? {} : { isTTY }), ...(columns === undefined ? {} : { columns }) }
}

/** 14:05:09, by this machine's clock. */
function timeOf(date: Date): string {
  return [date.getHours(), date.getMinutes(), date.getSeconds()].map(part => String(part).padStart(2, '0')).join(':')
}
