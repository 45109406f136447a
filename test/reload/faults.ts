/** Runs first in a server under test: breaks what it is told to break, as it is told over the channel to its parent. */
import fs from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import threads from 'node:worker_threads'

/** What the parent sends, or at the start gives as JSON in the environment as FAULT: `crash` so many checks, `full` a disk or not, `die` before the live set is noted, `write` while a check begins. */
export interface Fault {
  readonly crash?: number
  readonly full?: boolean
  readonly die?: boolean
  readonly write?: { readonly path: string; readonly text: string }
}

if (threads.isMainThread) {
  let crashes = 0
  let full = false
  let die = false
  let write: Fault['write']
  const { Worker } = threads
  const post = Worker.prototype.postMessage
  Worker.prototype.postMessage = function (this: threads.Worker, ...args: Parameters<typeof post>) {
    post.apply(this, args)
    // the store and the speech have threads of their own, and what an edit changes in words is told by the way
    if ((args[0] as { task?: { do?: string } } | null)?.task?.do !== 'check') return
    if (write !== undefined) fs.writeFileSync(write.path, write.text)
    write = undefined
    if (crashes-- > 0) void this.terminate()
  }
  const { open, rename } = fs.promises
  fs.promises.open = async (...args) => {
    if (full && /\/(?:versions|sounds)\//.test(String(args[0]))) throw Object.assign(new Error('ENOSPC: no space left on device, open'), { code: 'ENOSPC' })
    return open(...args)
  }
  fs.promises.rename = async (from, to) => {
    if (die && /live\.json$/.test(String(to))) process.kill(process.pid, 'SIGKILL')
    return rename(from, to)
  }
  syncBuiltinESMExports()
  const obey = (fault: Fault): void => {
    crashes = fault.crash ?? crashes
    full = fault.full ?? full
    die = fault.die ?? die
    write = fault.write ?? write
  }
  obey(JSON.parse(process.env['FAULT'] ?? '{}') as Fault)
  process.on('message', (fault: Fault) => {
    obey(fault)
    process.send?.('done')
  })
  // the channel must not keep a server alive that has stopped
  process.channel?.unref()
}
