/** The other side of studio.ts: makes sounds and listens to files, in a thread of its own. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parentPort, workerData } from 'node:worker_threads'
import { atMost } from './at-most.ts'
import { openCache } from './cache.ts'
import { chooseEngine } from './choose-engine.ts'
import { convert } from './convert.ts'
import { createListener } from './listen.ts'
import { createMaker } from './make.ts'
import type { Maker } from './make.ts'
import type { Answer, Message, StudioSettings, Task } from './studio.ts'

/** Sounds in work at a time: what is spoken waits for its engine anyway, what is decoded takes memory. */
const AT_ONCE = 3

const { data, ...speech } = workerData as StudioSettings
const engine = chooseEngine(speech)
const turn = atMost(AT_ONCE)
let listener: ReturnType<typeof createListener> | undefined
let maker: Promise<Maker> | undefined
let passing: string | undefined

async function openMaker(): Promise<Maker> {
  if (data === undefined) passing = await mkdtemp(join(tmpdir(), 'tonval-sounds-'))
  return createMaker(engine, await openCache(data ?? (passing as string)))
}

function run(task: Exclude<Task, { readonly do: 'close' }>): Promise<unknown> {
  if (task.do === 'warm') return (maker ??= openMaker()).then(one => one.warm(task.voices))
  if (task.do === 'convert') return turn(() => convert(task.sound))
  if (task.do === 'listen') return turn(async () => (await (listener ??= createListener(data)))(task.sound))
  return turn(async () => (await (maker ??= openMaker())).make(task.recipe, task.places))
}

async function close(): Promise<void> {
  // what it runs is no part of this thread, and would go on
  await engine.close()
  if (passing !== undefined) await rm(passing, { recursive: true, force: true })
}

parentPort?.on('message', ({ id, task }: Message) => {
  if (task.do === 'close') void close().finally(() => process.exit())
  else run(task).then(result => ({ id, result }), (error: unknown) => ({ id, error: (error as Error).message })).then((answer: Answer) => parentPort?.postMessage(answer)).catch((error: unknown) => { throw error })
})
