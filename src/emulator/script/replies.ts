/** What a scripted call says of the world that a call met, and a name that no other has. */
import type { Answer } from '../../compile/asking.ts'
import type { Flow } from '../../compile/flow.ts'
import { partsOf } from './reply-parts.ts'

/** What a state was told by another program. */
export interface Given {
  readonly state: string
  readonly answer: Answer
  /** Why nobody replied, in words. */
  readonly detail?: string | undefined
}

/** What was replied, as far as the flow looks at it; of a state that asked several times the last. Without a flow only how it came out. */
export function repliesOf(flow: Flow | undefined, replies: readonly Given[]): Readonly<Record<string, unknown>> {
  return Object.fromEntries(replies.map(({ state, answer }): [string, unknown] => {
    if ('failed' in answer) return [state, 'failed']
    const asks = flow?.states.find(one => one.name === state)
    const paths = asks?.verb === 'fetch' ? [...asks.save.map(one => one.path), ...(asks.answer === undefined ? [] : [asks.answer])] : []
    return [state, answer.body === 'json' ? { status: answer.status, json: partsOf(answer.json, paths) } : { status: answer.status }]
  }))
}

/** The name, with a number behind it where a call is called so already. */
export function freeName(name: string, taken: readonly string[]): string {
  if (!taken.includes(name)) return name
  let number = 2
  while (taken.includes(`${name} (${number})`)) number++
  return `${name} (${number})`
}
