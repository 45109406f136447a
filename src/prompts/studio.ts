/** Where sounds are made and listened to: a thread of its own, so that no call waits for it, and a queue that has an end. */
import { Worker } from 'node:worker_threads'
import type { Listened } from '../compile/listened.ts'
import type { Recipe, Voice } from '../compile/recipe.ts'
import type { Made } from './cache.ts'
import type { SpeechSettings } from './choose-engine.ts'
import { heardBefore } from './listen.ts'
import type { Lying, MaybeListened } from './listen.ts'
import type { Places, Unmade } from './make.ts'

/** Megabytes: ten minutes of sound a few times over. */
const MOST_MEMORY = 512
/** Milliseconds after which the thread is taken for one that never answers: longer than an engine has, tried twice, with a queue before it. */
const PATIENCE = 180_000
/** Milliseconds that the thread has to end what it started. */
const ENDING = 2000
/** Sounds of which is remembered what was heard: more than a folder may hold. */
const MOST_HEARD = 40_000
/** Sounds that may wait to be made. */
const MOST_WAITING = 200

export interface StudioSettings extends SpeechSettings {
  /** The data folder; without one, what is made is thrown away when the studio is closed. */
  readonly data?: string
}

export type Task =
  | { readonly do: 'make'; readonly recipe: Recipe; readonly places: Places }
  | { readonly do: 'listen'; readonly sound: Lying }
  | { readonly do: 'convert'; readonly sound: Lying }
  | { readonly do: 'warm'; readonly voices: readonly Voice[] }
  | { readonly do: 'close' }
export interface Message {
  readonly id: number
  readonly task: Task
}
export type Answer = { readonly id: number; readonly result: unknown } | { readonly id: number; readonly error: string }

export interface Studio {
  /** The sound of a recipe; the files that it names lie at `places`, else in the data folder. Never rejects. */
  make(recipe: Recipe, places?: Places): Promise<Made | Unmade>
  /** What a file sounds like, or why it cannot be played. The same bytes are listened to once. Never rejects. */
  listen(sound: Lying): Promise<MaybeListened>
  /** The same sound as a telephone carries it best: a WAV of one channel, as loud as speech is there, without silence at its ends. Never rejects. */
  convert(sound: Lying): Promise<Uint8Array | { readonly trouble: string }>
  /** Gets the engine ready to speak with these voices, so that the first sound for a call is made as fast as others; resolves when it is, or cannot be. */
  warm(voices: readonly Voice[]): Promise<void>
  close(): Promise<void>
}

interface Waiting {
  readonly resolve: (answer: Answer) => void
  readonly late: NodeJS.Timeout
}

/** A studio, whose thread starts when it is first needed and again after a crash. */
export function openStudio(settings: StudioSettings, { patience = PATIENCE, waiting: mostWaiting = MOST_WAITING } = {}): Studio {
  const waiting = new Map<number, Waiting>()
  const heard = new Map<string, Listened>()
  const listening = new Map<string, Promise<MaybeListened>>()
  let worker: Worker | undefined
  let count = 0
  let closed = false

  function start(): Worker {
    const started = new Worker(new URL('./studio-worker.js', import.meta.url), { workerData: settings, stdout: true, stderr: true, resourceLimits: { maxOldGenerationSizeMb: MOST_MEMORY } })
    // decoders complain there of bytes that are none; what matters comes as an answer
    started.stdout.resume()
    started.stderr.resume()
    started.unref()
    const settle = (id: number, answer: Answer): void => {
      const one = waiting.get(id)
      waiting.delete(id)
      if (waiting.size === 0) started.unref()
      if (one === undefined) return
      clearTimeout(one.late)
      one.resolve(answer)
    }
    started.on('message', (answer: Answer) => settle(answer.id, answer))
    const ended = (why: string): void => {
      if (worker !== started) return
      worker = undefined
      for (const id of [...waiting.keys()]) settle(id, { id, error: why })
    }
    started.on('error', error => ended(`the thread that makes sounds broke off: ${error.message}`))
    started.on('exit', () => ended('the thread that makes sounds ended'))
    return started
  }

  async function ask(task: Task): Promise<Answer> {
    const id = ++count
    if (closed) return { id, error: 'the server stops' }
    if (waiting.size >= mostWaiting) return { id, error: `${waiting.size} sounds are waiting to be made already` }
    const thread = (worker ??= start())
    return new Promise(resolve => {
      waiting.set(id, { resolve, late: setTimeout(() => void thread.terminate(), patience) })
      thread.ref()
      thread.postMessage({ id, task } satisfies Message)
    })
  }

  function remember(hash: string, listened: Listened): Listened {
    if (heard.size >= MOST_HEARD) heard.clear()
    heard.set(hash, listened)
    return listened
  }

  async function listen(sound: Lying): Promise<MaybeListened> {
    const known = heard.get(sound.hash) ?? (settings.data === undefined ? undefined : await heardBefore(settings.data, sound.hash))
    if (known !== undefined) return remember(sound.hash, known)
    const answer = await ask({ do: 'listen', sound })
    if ('error' in answer) return { trouble: `could not be listened to: ${answer.error}`, passes: true }
    const listened = answer.result as MaybeListened
    return 'passes' in listened ? listened : remember(sound.hash, listened)
  }

  return {
    async make(recipe, places) {
      const answer = await ask({ do: 'make', recipe, places: places ?? {} })
      return 'error' in answer ? { trouble: answer.error, passes: true } : (answer.result as Made | Unmade)
    },

    listen(sound) {
      const begun = listening.get(sound.hash)
      if (begun !== undefined) return begun
      const all = listen(sound).finally(() => { listening.delete(sound.hash) })
      listening.set(sound.hash, all)
      return all
    },

    async convert(sound) {
      const answer = await ask({ do: 'convert', sound })
      return 'error' in answer ? { trouble: answer.error } : (answer.result as Uint8Array)
    },

    async warm(voices) {
      if (voices.length > 0) await ask({ do: 'warm', voices })
    },

    async close() {
      closed = true
      const last = worker
      worker = undefined
      for (const [id, { resolve, late }] of waiting) {
        clearTimeout(late)
        resolve({ id, error: 'the server stops' })
      }
      waiting.clear()
      if (last === undefined) return
      const late = setTimeout(() => void last.terminate(), ENDING)
      last.ref()
      last.postMessage({ id: ++count, task: { do: 'close' } } satisfies Message)
      await new Promise(resolve => last.once('exit', resolve))
      clearTimeout(late)
    },
  }
}
