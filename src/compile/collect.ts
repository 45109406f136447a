/**
 * Finds every state of a file and gives it its index: the named ones in the order of the file, then those written in
 * place, in the order of the file too. Tokens of calls in progress hold these indexes: the order must never change.
 */
import type { FlowData, StateData, TargetData } from '../validate/document.ts'
import type { Found } from './context.ts'
import type { Path } from '../parse/tree.ts'

/** All states that a document writes. */
export function collect(data: FlowData, stateNames: readonly string[]): Found[] {
  const found: Found[] = stateNames.map(name => ({ name, path: ['states', name], data: data.states?.[name] }))
  const inPlace: Found[] = []
  for (const state of found) inState(state.name, state.path, state.data, inPlace)
  for (const [key, target] of Object.entries(data.keys ?? {})) inTarget(`keys.${key}`, ['keys', key], target, inPlace)
  for (const [verb, defaults] of Object.entries(data.defaults ?? {})) {
    inOn(`defaults.${verb}`, ['defaults', verb], defaults['on'], inPlace)
  }
  if (data.on_error !== undefined) inTarget('on_error', ['on_error'], data.on_error, inPlace)
  if (data.longest !== undefined) inTarget('longest.goto', ['longest', 'goto'], data.longest.goto, inPlace)
  return [...found, ...inPlace]
}

function inState(name: string, path: Path, data: StateData | undefined, into: Found[]): void {
  if (data === undefined) return
  for (const key of Object.keys(data)) {
    if (key === 'on') inOn(name, path, data['on'], into)
    else if (key === 'next') inTarget(`${name}.next`, [...path, 'next'], data['next'] as TargetData, into)
    else if (key === 'route') {
      const lines = data['route'] as readonly { goto?: TargetData }[]
      lines.forEach((line, index) => inTarget(`${name}.route.${index + 1}`, [...path, 'route', index, 'goto'], line.goto, into))
    }
  }
}

function inOn(name: string, path: Path, on: unknown, into: Found[]): void {
  if (typeof on !== 'object' || on === null) return
  for (const [outcome, target] of Object.entries(on as Record<string, TargetData>)) {
    if (outcome !== 'note') inTarget(`${name}.on.${outcome}`, [...path, 'on', outcome], target, into)
  }
}

function inTarget(name: string, path: Path, target: TargetData | undefined, into: Found[]): void {
  if (typeof target !== 'object') return
  into.push({ name, path, data: target })
  inState(name, path, target, into)
}
