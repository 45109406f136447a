/** check() in a worker thread, so that no caller ever waits for a check. */
import { Worker } from 'node:worker_threads'
import type { Checked, CheckSettings, Needs, Served, SourceSet, VersionSource } from '../check.ts'
import type { Flow } from '../compile/flow.ts'
import type { FlowChange } from '../diff/diff-flows.ts'
import type { Graph } from '../draw/shape.ts'
import type { JsonProblem } from '../problem/render-json.ts'
import type { Problem } from '../problem/problem.ts'
import { unpackFlow, unpackList } from './pack.ts'
import type { Packed } from './pack.ts'

/** Megabytes of a check: a flow of 10,000 states takes a quarter of it. */
const MOST_MEMORY = 1024
/** Milliseconds after which a check is taken for one that never ends. */
const PATIENCE = 120_000

export type Task =
  | { readonly do: 'needs'; readonly set: SourceSet }
  | { readonly do: 'check'; readonly set: SourceSet; readonly known: readonly string[] }
  | { readonly do: 'rebuild'; readonly source: VersionSource }
  | { readonly do: 'graph'; readonly source: VersionSource; readonly version: string }
  | { readonly do: 'diff'; readonly before: readonly VersionSource[]; readonly after: readonly VersionSource[] }
  | { readonly do: 'draft'; readonly asked: DraftAsked }

/** A text that nobody has saved, in a folder with it in its place. */
export interface DraftAsked {
  readonly set: SourceSet
  /** The flow that it would be. */
  readonly name: string
  /** Flows that are refused already. */
  readonly refused: readonly string[]
  /** The version that answers now. */
  readonly live: { readonly version: string; readonly source: VersionSource } | undefined
}

/** What is said of such a text. */
export interface Draft {
  /** Whether it could be saved: neither it nor another flow would be refused because of it. */
  readonly fits: boolean
  /** Of its file and its scripted calls all, of other files what would keep it from going live. */
  readonly problems: readonly JsonProblem[]
  /** Absent where no flow can be made of it, … */
  readonly graph?: Graph
  /** … and then nobody knows what callers would notice. */
  readonly changes?: readonly FlowChange[]
}

export interface Message {
  readonly id: number
  readonly task: Task
  readonly settings: CheckSettings
}
export type Answer = { readonly id: number; readonly result: unknown } | { readonly id: number; readonly error: string }

/** What check() says, as it comes over from the worker. */
export interface CheckedPacked {
  readonly refused: readonly string[]
  readonly recipes: Checked['recipes']
  readonly beside: Checked['beside']
  readonly states: ReadonlyMap<string, number>
  readonly uses: Checked['uses']
  readonly problems: Packed
  readonly served: readonly { readonly name: string; readonly version: string; readonly source: VersionSource; readonly recipes: Served['recipes']; readonly flow: Packed | undefined }[]
}

export interface Checker {
  /** `known` gives flows that are in memory, by their version: those are not sent again. */
  check(set: SourceSet, known?: ReadonlyMap<string, Flow>): Promise<Checked>
  /** What has to be heard and made before a check. */
  needs(set: SourceSet): Promise<Needs>
  rebuild(source: VersionSource): Promise<Flow | undefined>
  /** The graph of a flow as JSON: a large one is made, and becomes text, where no caller waits. */
  graph(source: VersionSource, version: string): Promise<string | undefined>
  /** What callers notice when the second flows take the place of the first; those that this tonval can no longer make are left out. */
  diff(before: readonly VersionSource[], after: readonly VersionSource[]): Promise<FlowChange[]>
  /** What would be said of a text if it were saved. Nothing is made for it: what it has spoken counts as made. */
  draft(asked: DraftAsked): Promise<Draft>
  close(): Promise<void>
}

export interface CheckerOptions {
  /** Told when the worker crashed, ran out of memory or never ended: what it did is done once more by another one. */
  readonly crashed?: (error: Error) => void
  /** Megabytes. */
  readonly memory?: number
  /** Milliseconds. */
  readonly patience?: number
  /** Milliseconds without work after which the thread ends, and gives its memory back; without it, it stays. */
  readonly idle?: number
}

interface Waiting {
  readonly resolve: (result: unknown) => void
  readonly reject: (error: Error) => void
}

/** The thread ended while it worked; its cause says why. */
class Crash extends Error {}

/** A worker that checks, started when it is first needed and again after a crash. What was lost in a crash is tried once more, then it fails. */
export function createChecker(settings: CheckSettings, { crashed = () => undefined, memory = MOST_MEMORY, patience = PATIENCE, idle }: CheckerOptions = {}): Checker {
  const waiting = new Map<number, Waiting>()
  let worker: Worker | undefined
  let count = 0
  let closed = false
  let idling: NodeJS.Timeout | undefined

  /** Ends a thread that nobody has anything for. */
  function rest(): void {
    const thread = worker
    worker = undefined
    void thread?.terminate()
  }

  function start(): Worker {
    const started = new Worker(new URL('./check-worker.js', import.meta.url), { resourceLimits: { maxOldGenerationSizeMb: memory } })
    started.unref()
    started.on('message', (answer: Answer) => {
      const one = waiting.get(answer.id)
      waiting.delete(answer.id)
      if (waiting.size === 0) {
        started.unref()
        if (idle !== undefined && worker === started) idling = setTimeout(rest, idle).unref()
      }
      if ('error' in answer) one?.reject(new Error(answer.error))
      else one?.resolve(answer.result)
    })
    const ended = (error: Error): void => {
      if (worker !== started) return
      worker = undefined
      if (!closed) crashed(error)
      const lost = [...waiting.values()]
      waiting.clear()
      for (const one of lost) one.reject(new Crash(error.message))
    }
    started.on('error', ended)
    started.on('exit', code => ended(new Error(`the checking thread ended with ${code}`)))
    return started
  }

  async function once(task: Task): Promise<unknown> {
    if (closed) throw new Error('the server stops')
    clearTimeout(idling)
    const thread = (worker ??= start())
    const id = ++count
    let late: NodeJS.Timeout | undefined
    try {
      return await new Promise((resolve, reject) => {
        waiting.set(id, { resolve, reject })
        late = setTimeout(() => void thread.terminate(), patience)
        thread.ref()
        thread.postMessage({ id, task, settings: { ...settings, now: Date.now() } } satisfies Message)
      })
    } finally {
      clearTimeout(late)
    }
  }

  async function ask(task: Task): Promise<unknown> {
    try {
      return await once(task)
    } catch (error) {
      if (!(error instanceof Crash) || closed) throw error
      return once(task)
    }
  }

  return {
    async check(set, known = new Map()) {
      const packed = (await ask({ do: 'check', set, known: [...known.keys()] })) as CheckedPacked
      const texts = new Map(set.flows.map(file => [file.name, file.text]))
      const served = new Map<string, Served>()
      for (const { name, version, source, recipes, flow } of packed.served) {
        served.set(name, { recipes, flow: flow === undefined ? (known.get(version) as Flow) : await unpackFlow(flow), source: { ...source, text: texts.get(name) ?? '' } })
      }
      return { served, recipes: packed.recipes, refused: packed.refused, beside: packed.beside, states: packed.states, uses: packed.uses, problems: await unpackList<Problem>(packed.problems) }
    },

    needs: async set => (await ask({ do: 'needs', set })) as Needs,

    async rebuild(source) {
      const packed = (await ask({ do: 'rebuild', source })) as Packed | undefined
      return packed === undefined ? undefined : unpackFlow(packed)
    },

    graph: async (source, version) => (await ask({ do: 'graph', source, version })) as string | undefined,

    diff: async (before, after) => (await ask({ do: 'diff', before, after })) as FlowChange[],

    draft: async asked => (await ask({ do: 'draft', asked })) as Draft,

    async close() {
      closed = true
      clearTimeout(idling)
      await worker?.terminate()
    },
  }
}
