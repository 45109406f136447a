/** In which state a call is, while the actions of an answer are performed one after the other. */
import type { Flow } from '../../compile/flow.ts'
import { sectionName } from '../../lint/own.ts'
import type { Step } from '../../run/step.ts'
import type { Place } from '../shapes/phone.ts'

export type PlaceNow = Place & { readonly outside: readonly Place[] }

/** The place of each action of a step's answer; the last one holds for those that follow it. Empty where the call only ends. */
export function placesOf(flow: Flow, { trace, reply, call }: Step): readonly PlaceNow[] {
  const names = trace.map(({ to }) => to)
  const own = names.at(-1) === 'end' ? [] : names.slice(-1)
  const joined: string[] = []
  // plays that go out with what follows them
  for (let at = names.length - 2; at >= 0 && joined.length + own.length < reply.actions.length; at--) {
    const state = flow.states.find(one => one.name === names[at])
    if (state?.verb !== 'play') break
    joined.unshift(state.name)
  }
  const outside = call.stack.flatMap(index => placeOf(flow, index) ?? [])
  return [...joined, ...own].flatMap(name => {
    const place = placeOf(flow, flow.states.findIndex(one => one.name === name))
    return place === undefined ? [] : [{ ...place, outside }]
  })
}

function placeOf(flow: Flow, index: number): Place | undefined {
  const state = flow.states[index]
  if (state === undefined || state.verb === 'handover') return undefined
  const name = sectionName(flow, index)
  return { flow: name, state: state.name.startsWith(`${name}/`) ? state.name.slice(name.length + 1) : state.name }
}

/** The keys that lead somewhere of their own where a call asks for some: digits, and patterns as they are written. */
export function keysOf(flow: Flow, step: Step | undefined): readonly string[] {
  const state = step === undefined ? undefined : flow.states[step.call.state]
  return state?.verb === 'ivr' ? [...new Set([...Object.keys(state.keys), ...Object.keys(state.fileKeys), ...state.patterns.map(({ pattern }) => pattern)])] : []
}
