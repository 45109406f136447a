/** The other side of checker.ts: reads a task, answers with what check.ts says, as bytes. */
import { parentPort } from 'node:worker_threads'
import { check, checkCalls, needs, rebuild } from '../check.ts'
import type { Memo, VersionSource } from '../check.ts'
import type { Flow } from '../compile/flow.ts'
import { diffFlows } from '../diff/diff-flows.ts'
import { graphOf } from '../draw/graph.ts'
import type { Answer, CheckedPacked, Draft, DraftAsked, Message, Task } from './checker.ts'
import { draftOf } from './draft-of.ts'
import { packFlow, packList } from './pack.ts'

/** What was found of each text: kept as long as the last check but one asked for it. */
let before = new Map<string, unknown>()
let now = new Map<string, unknown>()

/** The flows of the last check: one that has just gone live is drawn at once, and need not be made once more for that. */
let flows: ReadonlyMap<string, Flow> = new Map()

const memo: Memo = <T>(key: string, make: () => T): T => {
  const found = (now.has(key) ? now.get(key) : before.has(key) ? before.get(key) : make()) as T
  now.set(key, found)
  return found
}

function checked(task: Task & { do: 'check' }, settings: Message['settings']): CheckedPacked {
  before = now
  now = new Map()
  const { served, recipes, refused, beside, states, uses, problems } = check(task.set, settings, { memo })
  const known = new Set(task.known)
  flows = new Map([...served.values()].map(({ flow }) => [flow.version, flow]))
  return {
    refused, recipes, beside, states, uses, problems: packList(problems),
    // the text is the one that was sent here; the flow, where it is known there
    served: [...served].map(([name, { flow, source, recipes }]) => ({ name, version: flow.version, source: { ...source, text: '' }, recipes, flow: known.has(flow.version) ? undefined : packFlow(flow) })),
  }
}

function drafted(asked: DraftAsked, settings: Message['settings']): Draft {
  before = now
  now = new Map()
  const checked = checkCalls(asked.set, settings, { memo })
  const { live } = asked
  return draftOf(checked, asked, live === undefined ? undefined : memo(`version ${live.version}`, () => rebuild(live.source, settings)))
}

parentPort?.on('message', ({ id, task, settings }: Message) => {
  let answer: Answer
  const bytes: Uint8Array[] = []
  try {
    if (task.do === 'needs') {
      answer = { id, result: needs(task.set, settings, { memo }) }
    } else if (task.do === 'check') {
      const result = checked(task, settings)
      bytes.push(...result.problems, ...result.served.flatMap(one => one.flow ?? []))
      answer = { id, result }
    } else if (task.do === 'draft') {
      answer = { id, result: drafted(task.asked, settings) }
    } else if (task.do === 'diff') {
      answer = { id, result: diffFlows(rebuilt(task.before, settings), rebuilt(task.after, settings)) }
    } else if (task.do === 'graph') {
      const flow = flows.get(task.version) ?? rebuild(task.source, settings)
      answer = { id, result: flow === undefined ? undefined : JSON.stringify(graphOf(flow)) }
    } else {
      const flow = rebuild(task.source, settings)
      const packed = flow === undefined ? undefined : packFlow(flow)
      bytes.push(...(packed ?? []))
      answer = { id, result: packed }
    }
  } catch (error) {
    answer = { id, error: (error as Error).stack ?? String(error) }
  }
  parentPort?.postMessage(answer, bytes.map(piece => piece.buffer as ArrayBuffer))
})

function rebuilt(sources: readonly VersionSource[], settings: Message['settings']): Map<string, Flow> {
  const flows = sources.flatMap(source => rebuild(source, settings) ?? [])
  return new Map(flows.map(flow => [flow.name, flow]))
}
