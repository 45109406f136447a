/** Loaded into a process before all else: kills it at one point of its talk with the store's thread, `CRASH=before put` or `after claim`. */
import { isMainThread, Worker } from 'node:worker_threads'

const [when = '', method = ''] = (process.env['CRASH'] ?? '').split(' ')

function die(): void {
  process.kill(process.pid, 'SIGKILL')
}

if (isMainThread && method !== '') {
  const requests = new Map<number, string>()
  const postMessage = Worker.prototype.postMessage as (this: Worker, ...args: unknown[]) => void
  const emit = Worker.prototype.emit as (this: Worker, ...args: unknown[]) => boolean
  Worker.prototype.postMessage = function (this: Worker, message: unknown, ...rest: never[]) {
    const asked = message as { id?: number; method?: string }
    if (asked.method === method && when === 'before') die()
    if (asked.id !== undefined && asked.method !== undefined) requests.set(asked.id, asked.method)
    return Reflect.apply(postMessage, this, [message, ...rest])
  }
  Worker.prototype.emit = function (this: Worker, event: string | symbol, ...args: unknown[]) {
    const answer = args[0] as { id?: number; result?: unknown } | undefined
    const isFull = method !== 'claim' || (Array.isArray(answer?.result) && answer.result.length > 0)
    if (event === 'message' && when === 'after' && answer?.id !== undefined && requests.get(answer.id) === method && isFull) die()
    return Reflect.apply(emit, this, [event, ...args])
  }
}
