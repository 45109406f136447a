/** The other side of checker.ts: reads a task, answers with what check.ts says. */
import { parentPort } from 'node:worker_threads'
import { check, rebuild } from '../check.ts'
import type { CheckSettings, VersionSource } from '../check.ts'
import type { Flow } from '../compile/flow.ts'
import { diffFlows } from '../diff/diff-flows.ts'
import type { Answer, Message, Task } from './checker.ts'

parentPort?.on('message', ({ id, task, settings }: Message) => {
  let answer: Answer
  try {
    answer = { id, result: perform(task, settings) }
  } catch (error) {
    answer = { id, error: (error as Error).stack ?? String(error) }
  }
  parentPort?.postMessage(answer)
})

function perform(task: Task, settings: CheckSettings): unknown {
  switch (task.do) {
    case 'check': return check(task.set, settings)
    case 'rebuild': return rebuild(task.source, settings)
    case 'diff': return diffFlows(rebuilt(task.before, settings), rebuilt(task.after, settings))
  }
}

function rebuilt(sources: readonly VersionSource[], settings: CheckSettings): Map<string, Flow> {
  const flows = sources.flatMap(source => rebuild(source, settings) ?? [])
  return new Map(flows.map(flow => [flow.name, flow]))
}
