/** The numbers that a flow's states ring, or give to flows that do, as far as the file fixes them. */
import type { Flow, State, Template } from '../compile/flow.ts'
import type { Path } from '../parse/tree.ts'
import { fixedText } from '../compile/template.ts'
import { valueAt } from './written.ts'

export interface FixedNumber {
  readonly state: State
  readonly number: string
  readonly path: Path
}

/** Every number that no value of a call changes, with its place. */
export function fixedNumbers(flow: Flow, data: unknown): FixedNumber[] {
  const found: FixedNumber[] = []
  for (const state of flow.states) {
    if (state.verb === 'flow') {
      for (const input of state.inputs) {
        if (input.type !== 'number' || !('text' in input)) continue
        for (const number of numbersIn(input.text)) found.push({ state, number, path: [...state.path, 'with', input.name] })
      }
    }
    if (state.verb !== 'connect') continue
    const inList = Array.isArray(valueAt(data, [...state.path, 'connect']))
    state.numbers.forEach((template, index) => {
      const path = inList ? [...state.path, 'connect', index] : [...state.path, 'connect']
      for (const number of numbersIn(template)) found.push({ state, number, path })
    })
  }
  return found
}

function numbersIn(template: Template): string[] {
  return (fixedText(template) ?? '').split(',').map(number => number.trim()).filter(number => number !== '')
}
