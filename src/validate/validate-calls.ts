/** Tree → CallsData: scripted calls as their schema allows, read as flows are. */
import type { Problem } from '../problem/problem.ts'
import type { Tree } from '../parse/tree.ts'
import { ajvFor } from './ask-ajv.ts'
import { read } from './read.ts'
import { UNREADABLE } from './reader.ts'
import { callsSchema } from './schema.ts'

/** One step as the schema reads it: a word, or a map with the key that names it. */
export type StepData = string | Readonly<Record<string, unknown>>

export interface GivenData {
  readonly inputs?: Readonly<Record<string, string>>
  readonly vars?: Readonly<Record<string, string>>
  /** By the state that asks. */
  readonly fetch?: Readonly<Record<string, 'failed' | { readonly status?: number; readonly json?: unknown }>>
  readonly switches?: Readonly<Record<string, string>>
  readonly lists?: Readonly<Record<string, readonly string[]>>
  readonly chance?: number
  readonly random?: Readonly<Record<string, string>>
  readonly language?: string
}

export interface CallData {
  readonly name: string
  readonly at?: string
  readonly from?: string
  readonly to?: string
  readonly direction?: 'incoming' | 'outgoing'
  readonly given?: GivenData
  readonly steps: readonly StepData[]
}

export interface CallsData {
  readonly calls: readonly CallData[]
}

const askAjv = ajvFor('calls', 'the language of scripted calls')

/** The scripted calls that a file holds, or undefined with what does not fit. Nothing is thrown for an author's mistake. */
export function validateCalls(tree: Tree): { readonly data: CallsData | undefined; readonly problems: readonly Problem[] } {
  const problems: Problem[] = []
  const data = read({ tree, root: callsSchema, report: problem => problems.push(problem), key: undefined, path: [], context: undefined, read }, tree.root, callsSchema, 'calls')
  if (problems.length === 0) askAjv(tree, data, problems)
  return { data: data === UNREADABLE || problems.length > 0 ? undefined : (data as CallsData), problems }
}
