/** What a state does, in one short line: whom it rings, what it says, what it keeps. */
import type { Flow, State } from '../compile/flow.ts'
import type { Outgoing } from '../compile/outgoing.ts'
import { inWords, shownAddress } from '../diff/heard.ts'
import { hearsOf } from './hears.ts'

/** The line; empty where the verb says it all. */
export function doesOf(flow: Flow, state: State): string {
  switch (state.verb) {
    case 'ivr': case 'play': case 'record': return said(flow, state)
    case 'connect': return `${state.numbers.map(inWords).join(', ')}${state.order === 'together' || state.numbers.length === 1 ? '' : ` ${state.order}`}`
    case 'hangup': return state.action.cause
    case 'route': return ''
    case 'set': return [
      ...(state.language === undefined ? [] : [`language: ${inWords(state.language)}`]),
      ...state.values.map(value => `${flow.values[value.index] ?? ''}: ${'text' in value ? inWords(value.text) : `${value.random} digits`}`),
    ].join(', ')
    case 'lookup': return `${state.table}: ${inWords(state.key)}`
    case 'fetch': return `${state.method} ${shownAddress(inWords(state.address))}`
    case 'send': return state.items.map(itemWords).join(', ')
    case 'flow': return state.runs
    case 'exit': return state.exit
    case 'handover': return shownAddress(state.address)
  }
}

function said(flow: Flow, state: State): string {
  const first = hearsOf(flow, state).find(one => one.role === 'prompt' && !one.name.startsWith('sound/'))
  if (first === undefined) return ''
  return first.text === undefined ? first.name : `“${first.text}”`
}

function itemWords(item: Outgoing): string {
  switch (item.kind) {
    case 'sms': case 'email': return `${item.kind} ${item.to.map(inWords).join(', ')}`
    case 'post': return `post ${shownAddress(inWords(item.url))}`
    case 'call': return `call ${item.to.map(inWords).join(', ')}: ${item.runs}`
  }
}
