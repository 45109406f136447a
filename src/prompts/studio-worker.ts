/** The other side of studio.ts: makes sounds and listens to files, in a thread of its own. */
import { readFile, stat } from 'node:fs/promises'
import { parentPort, workerData } from 'node:worker_threads'
import { atMost } from './at-most.ts'
import { openCache } from './cache.ts'
import { chooseEngine } from './choose-engine.ts'
import { inspect } from './inspect.ts'
import type { Inspected } from './inspect.ts'
import { createMaker } from './make.ts'
import type { Answer, Message, StudioSettings, Task } from './studio.ts'

/** Sounds in work at a time: what is spoken waits for its engine anyway, what is decoded takes memory. */
const AT_ONCE = 3

const { data, ...speech } = workerData as StudioSettings
const engine = chooseEngine(speech)
const maker = openCache(data).then(cache => createMaker(engine, cache))
const turn = atMost(AT_ONCE)

async function inspectFile(path: string, format: 'wav' | 'mp3' | 'ogg', most: number): Promise<Inspected> {
  const { size } = await stat(path)
  if (size > most) return { trouble: `has ${Math.round(size / 1024 / 1024)} MB: sounds of up to ${Math.round(most / 1024 / 1024)} MB are played` }
  return inspect(await readFile(path), format)
}

function run(task: Exclude<Task, { readonly do: 'close' }>): Promise<unknown> {
  if (task.do === 'warm') return engine.warm?.() ?? Promise.resolve()
  if (task.do === 'inspect') return turn(() => inspectFile(task.path, task.format, task.most))
  return turn(async () => (await maker).make(task.recipe, task.places))
}

parentPort?.on('message', ({ id, task }: Message) => {
  if (task.do === 'close') {
    // what it runs is no part of this thread, and would go on
    void engine.close().finally(() => process.exit())
    return
  }
  run(task).then(result => ({ id, result }), (error: unknown) => ({ id, error: (error as Error).message })).then((answer: Answer) => parentPort?.postMessage(answer)).catch((error: unknown) => { throw error })
})
