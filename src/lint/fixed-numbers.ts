/** The numbers that a flow's states ring, as far as the file fixes them. */
import type { ConnectState, Flow } from '../compile/flow.ts'
import type { Path } from '../parse/tree.ts'
import { fixedText } from '../compile/template.ts'
import { valueAt } from './written.ts'

export interface FixedNumber {
  readonly state: ConnectState
  readonly number: string
  readonly path: Path
}

/** Every number that no value of a call changes, with its place. */
export function fixedNumbers(flow: Flow, data: unknown): FixedNumber[] {
  const found: FixedNumber[] = []
  for (const state of flow.states) {
    if (state.verb !== 'connect') continue
    const inList = Array.isArray(valueAt(data, [...state.path, 'connect']))
    state.numbers.forEach((template, index) => {
      const path = inList ? [...state.path, 'connect', index] : [...state.path, 'connect']
      for (const number of (fixedText(template) ?? '').split(',')) if (number.trim() !== '') found.push({ state, number: number.trim(), path })
    })
  }
  return found
}
