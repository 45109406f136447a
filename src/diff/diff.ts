/** Two versions of a flow → what changes for callers, in words. Comments, formatting, the order of states and titles change nothing. */
import { END } from '../compile/flow.ts'
import type { Flow, State } from '../compile/flow.ts'
import type { Outgoing } from '../compile/outgoing.ts'
import { listed, rankOf, ticked } from './change.ts'
import type { Change, ChangeKind } from './change.ts'
import type { Exit, ExitPair } from './exits.ts'
import { declaredChanges } from './declared.ts'
import { heardChanges, shownAddress } from './heard.ts'
import type { HeardChange } from './heard.ts'
import { isOwn } from './exits.ts'
import { itemChanges } from './items.ts'
import type { ItemChange } from './items.ts'
import { isInPlace, pairStates } from './pair-states.ts'
import type { Pairs } from './pair-states.ts'
import { settingsOf } from './settings.ts'
import type { Setting } from './settings.ts'

/** What callers notice when the second flow takes the place of the first: what weighs most first, then in the order of the file; nothing where nothing changes. */
export function diff(before: Flow, after: Flow): Change[] {
  const pairs = pairStates(before, after)
  const notes: Note[] = [...headChanges(before, after, pairs), ...sendingChanges(before, after, pairs), ...stateChanges(before, after, pairs)]
  for (const [b, a] of pairs.after) {
    notes.push(...verbChange(before, after, b, a), ...edgeChanges(before, after, pairs, b, a), ...settingChanges(before, after, pairs, b, a))
  }
  return told([...notes.filter(note => flowOf(note) === undefined), ...changedFlows(before, after, notes)])
}

/** The flow that a change is in, where that is another one, which runs in this one. */
function flowOf({ state, names = [], place }: Note): string | undefined {
  const name = state ?? (place < 0 ? names[0] : undefined)
  const slash = name?.indexOf('/') ?? -1
  return slash < 0 ? undefined : name?.slice(0, slash)
}

/** Of another flow, what has changed is told where that is looked at: here, that something has. */
function changedFlows(before: Flow, after: Flow, notes: readonly Note[]): Note[] {
  const has = (flow: Flow, name: string): boolean => flow.sections.some(section => section.name === name)
  const names = [...new Set(notes.flatMap(note => flowOf(note) ?? []))].filter(name => has(before, name) && has(after, name))
  return names.length === 0 ? [] : [{ kind: 'flow', place: 0, names, say: () => `${ticked(names)}, which it runs, ${names.length === 1 ? 'has' : 'have'} changed`, together: '' }]
}

/** A change of one state; those of several states that say the same are told together. */
interface Note {
  readonly kind: ChangeKind
  readonly state?: string
  /** Its place in the order in which changes of a kind are told. */
  readonly place: number
  readonly names?: readonly string[]
  readonly before?: string | undefined
  readonly after?: string | undefined
  /** The change in words, of the states in which it happened. */
  readonly say: (states: readonly string[]) => string
  /** Notes with the same key become one change. */
  readonly together: string
}

function told(notes: readonly Note[]): Change[] {
  const groups = new Map<string, Note[]>()
  for (const note of notes) {
    const key = `${note.kind} ${note.together}`
    groups.set(key, [...(groups.get(key) ?? []), note])
  }
  const first = (group: readonly Note[]): number => Math.min(...group.map(note => note.place))
  return [...groups.values()]
    .sort((x, y) => rankOf((x[0] as Note).kind) - rankOf((y[0] as Note).kind) || first(x) - first(y))
    .map(group => {
      const [{ kind, before, after, names = [], say }] = group as [Note]
      const states = [...new Set([...group].sort((x, y) => x.place - y.place).flatMap(note => note.state ?? []))]
      return { kind, states, names, ...(before === undefined ? {} : { before }), ...(after === undefined ? {} : { after }), text: say(states) }
    })
}

function targetName(flow: Flow, index: number): string {
  const state = flow.states[index]
  return index === END || state === undefined ? 'end' : state.verb === 'handover' ? shownAddress(state.address) : state.name
}

function targetWords(flow: Flow, index: number): string {
  const name = targetName(flow, index)
  return index === END ? 'the end' : isOwn(flow, index) ? `\`${name}\`` : name
}

/** What stands at the top of the file. */
function headChanges(before: Flow, after: Flow, pairs: Pairs): Note[] {
  const notes: Note[] = []
  for (const number of after.numbers) if (!before.numbers.includes(number)) notes.push({ kind: 'line', place: 0, after: number, say: () => `answers the line ${number}`, together: `+${number}` })
  for (const number of before.numbers) if (!after.numbers.includes(number)) notes.push({ kind: 'line', place: 1, before: number, say: () => `no longer answers the line ${number}`, together: `-${number}` })
  if (!pairs.same(before.start, after.start)) {
    notes.push({ kind: 'start', place: 0, before: targetName(before, before.start), after: targetName(after, after.start), say: () => `calls now begin in ${targetWords(after, after.start)}, before: ${targetWords(before, before.start)}`, together: '' })
  }
  if (!pairs.same(before.onError, after.onError)) {
    notes.push({ kind: 'on-error', place: 0, before: targetName(before, before.onError), after: targetName(after, after.onError), say: () => `after a fault of ours, calls now go to ${targetWords(after, after.onError)}, before: ${targetWords(before, before.onError)}`, together: '' })
  }
  if (JSON.stringify(longestWords(before)) !== JSON.stringify(longestWords(after)) || !pairs.same(before.longest?.to ?? END, after.longest?.to ?? END)) {
    const [was, is] = [longestWords(before), longestWords(after)]
    notes.push({ kind: 'setting', place: -1, names: ['longest'], before: was, after: is, say: () => `\`longest\` is now ${is}, before: ${was}`, together: 'longest' })
  }
  for (const { name, text } of declaredChanges(before, after)) notes.push({ kind: 'setting', place: -1, names: [name], say: () => text, together: text })
  const languages = [before, after].map(flow => (flow.sections[0].languages.length === 1 ? 'none' : flow.sections[0].languages.join(', '))) as [string, string]
  if (languages[0] !== languages[1]) notes.push({ kind: 'setting', place: -1, names: ['languages'], before: languages[0], after: languages[1], say: () => `\`languages\` is now ${languages[1]}, before: ${languages[0]}`, together: 'languages' })
  for (const key of ['language', 'timezone', 'country'] as const) {
    const [was, is] = [before[key] || 'none', after[key] || 'none']
    if (was !== is) notes.push({ kind: 'setting', place: -1, names: [key], before: was, after: is, say: () => `\`${key}\` is now ${is}, before: ${was}`, together: key })
  }
  return notes
}

function longestWords(flow: Flow): string {
  return flow.longest === undefined ? 'none' : `${flow.longest.seconds} s, then ${targetWords(flow, flow.longest.to)}`
}

/** States that are new, gone, or called otherwise. */
function stateChanges(before: Flow, after: Flow, pairs: Pairs): Note[] {
  const notes: Note[] = []
  after.states.forEach((state, a) => {
    if (!isOwn(after, a)) return
    const b = pairs.before.get(a)
    if (b === undefined) notes.push({ kind: 'state-new', state: state.name, place: a, after: state.name, say: names => `${ticked(names)} ${names.length === 1 ? 'is' : 'are'} new`, together: '' })
    else {
      const was = (before.states[b] as State).name
      // one written in place is called by where it stands
      if (was !== state.name && !(isInPlace(before.states[b]) && isInPlace(state))) notes.push({ kind: 'state-renamed', state: state.name, place: a, before: was, after: state.name, say: () => `\`${was}\` is now called \`${state.name}\``, together: String(a) })
    }
  })
  before.states.forEach((state, b) => {
    if (isOwn(before, b) && !pairs.after.has(b)) notes.push({ kind: 'state-gone', state: state.name, place: b, before: state.name, say: names => `${ticked(names)} ${names.length === 1 ? 'is' : 'are'} gone`, together: '' })
  })
  return notes
}

function verbChange(before: Flow, after: Flow, b: number, a: number): Note[] {
  const [was, state] = [(before.states[b] as State).verb, after.states[a] as State]
  return was === state.verb ? [] : [{ kind: 'verb', state: state.name, place: a, before: was, after: state.verb, say: names => `${ticked(names)} ${names.length === 1 ? 'is' : 'are'} now \`${state.verb}\`, before: \`${was}\``, together: `${was} ${state.verb}` }]
}

function edgeChanges(before: Flow, after: Flow, pairs: Pairs, b: number, a: number): Note[] {
  const state = after.states[a] as State
  const sameVerb = (before.states[b] as State).verb === state.verb
  const groups = new Map<string, ExitPair[]>()
  for (const pair of pairs.exits(b, a)) {
    const { before: old, after: now } = pair
    if (old !== undefined && now !== undefined ? pairs.same(old.to, now.to) && old.untested === now.untested && pair.otherTest !== true : !sameVerb) continue
    const key = JSON.stringify([old?.to, now?.to, old !== undefined && now !== undefined && pairs.same(old.to, now.to), pair.otherTest, old?.untested, now?.untested])
    groups.set(key, [...(groups.get(key) ?? []), pair])
  }
  return [...groups.values()].map(group => {
    const [{ before: old, after: now, otherTest }] = group as [ExitPair]
    const names = group.map(pair => ((pair.after ?? pair.before) as Exit).name)
    const words = listed(group.map(pair => exitWords((pair.after ?? pair.before) as Exit)))
    const led = old === undefined ? undefined : targetWords(before, old.to)
    const leads = now === undefined ? undefined : targetWords(after, now.to)
    const many = group.length > 1
    const what = led === undefined ? `${words} ${many ? 'are' : 'is'} new and ${many ? 'go' : 'goes'} to ${leads as string}`
      : leads === undefined ? `${words} ${many ? 'are' : 'is'} gone, before: ${led}`
        : old !== undefined && now !== undefined && pairs.same(old.to, now.to)
          ? (otherTest === true ? `${words} ${many ? 'ask' : 'asks'} something else before going to ${leads}` : `${words} ${many ? 'are' : 'is'} now taken ${now.untested === true ? 'without being tested or kept' : 'only where the entry fits, and kept'}`)
          : `${words} ${otherTest === true ? `${many ? 'ask' : 'asks'} something else and ` : ''}now ${many ? 'go' : 'goes'} to ${leads}, before: ${led}`
    return {
      kind: 'edge', state: state.name, place: a, names,
      before: old === undefined ? undefined : targetName(before, old.to), after: now === undefined ? undefined : targetName(after, now.to),
      say: states => `in ${ticked(states)}, ${what}`, together: what,
    }
  })
}

/** `key 3`, `line 2`, or the outcome in ticks. */
function exitWords(exit: Exit): string {
  return exit.kind === 'key' ? `key ${exit.name}` : exit.kind === 'line' ? exit.name : `\`${exit.name}\``
}

/** What is sent, and does not stand in a state. */
function sendingChanges(before: Flow, after: Flow, pairs: Pairs): Note[] {
  const places: readonly (readonly [name: string, when: string, was: readonly Outgoing[], is: readonly Outgoing[]])[] = [
    ['on_hangup', 'at the end of a call', before.onHangup, after.onHangup], ['recordcall', 'with the recording of a call', before.recordcall ?? [], after.recordcall ?? []],
  ]
  const recorded = [before, after].map(flow => flow.recordcall !== undefined) as [boolean, boolean]
  return [
    ...(recorded[0] === recorded[1] ? [] : [{ kind: 'setting' as const, place: -1, names: ['recordcall'], before: String(recorded[0]), after: String(recorded[1]), say: () => (recorded[1] ? 'whole calls are now recorded' : 'whole calls are no longer recorded'), together: 'recordcall' }]),
    ...places.flatMap(([name, when, was, is]) => itemNotes(pairs, was, is).map(note => ({ kind: 'setting' as const, place: -1, names: [name], ...note, say: () => `${when}, ${note.text}`, together: `${name} ${note.text}` }))),
  ]
}

function itemNotes(pairs: Pairs, was: readonly Outgoing[], is: readonly Outgoing[]): ItemChange[] {
  return itemChanges(was, is, index => `#${index}`, index => `#${pairs.before.get(index) ?? `new ${index}`}`)
}

function settingChanges(before: Flow, after: Flow, pairs: Pairs, b: number, a: number): Note[] {
  const state = after.states[a] as State
  if ((before.states[b] as State).verb !== state.verb) return []
  const old = new Map(settingsOf(before, before.states[b] as State).map(setting => [setting.name, setting]))
  const now = new Map(settingsOf(after, state).map(setting => [setting.name, setting]))
  const notes: Note[] = []
  for (const name of new Set([...now.keys(), ...old.keys()])) {
    const [was, is] = [old.get(name), now.get(name)]
    if (was?.key === is?.key || (was?.follows === true && is?.follows === true)) continue
    if (was?.items !== undefined || is?.items !== undefined) {
      for (const note of itemNotes(pairs, was?.items ?? [], is?.items ?? [])) notes.push({ kind: 'setting', state: state.name, place: a, names: [name], before: note.before, after: note.after, say: states => `in ${ticked(states)}, ${name === 'deliver' ? 'with the recording, ' : ''}${note.text}`, together: `${name} ${note.text}` })
      continue
    }
    for (const { say, together } of settingWords(after, name, was, is)) {
      notes.push({ kind: isPrompt(was) || isPrompt(is) ? 'prompt' : 'setting', state: state.name, place: a, names: [name], before: was?.words, after: is?.words, say, together })
    }
  }
  return notes
}

function isPrompt(setting: Setting | undefined): boolean {
  return setting?.heard !== undefined
}

function settingWords(flow: Flow, name: string, was: Setting | undefined, is: Setting | undefined): HeardChange[] {
  // the same name and other bytes
  if (was?.heard !== undefined && was.heard.name === is?.heard?.name) return heardChanges(flow, name, is.heard, was.heard)
  if (name === 'fetch' && was !== undefined && is !== undefined) return [{ together: JSON.stringify([name, was.key, is.key]), say: states => `${ticked(states)} now ${states.length === 1 ? 'asks' : 'ask'} ${is.words as string}, before: ${was.words as string}` }]
  const value = (setting: Setting | undefined): string => (setting === undefined ? 'none' : setting.words ?? 'something else')
  const what = was !== undefined && is !== undefined && (was.words === undefined || is.words === undefined) ? `\`${name}\` is another` : `\`${name}\` is now ${value(is)}, before: ${value(was)}`
  return [{ together: JSON.stringify([name, was?.key, is?.key]), say: states => `in ${ticked(states)}, ${what}` }]
}
