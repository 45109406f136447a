/** One step of a script, its words looked up in the flow. */
import type { Problem } from '../problem/problem.ts'
import { placeOf } from '../parse/tree.ts'
import type { Path, Tree } from '../parse/tree.ts'
import { nearest } from '../validate/nearest.ts'
import type { StepData } from '../validate/validate-calls.ts'
import type { Around } from './around.ts'
import { heardIn } from './heard.ts'
import type { Heard } from './heard.ts'
import type { Act, Meet, Options, ScriptStep } from './script.ts'
import { readSent } from './sends.ts'

type Tell = (at: Path, problem: Omit<Problem, 'file' | 'severity' | 'span'>) => void

/** The step at a path; what it names and the flow does not have is told. */
export function readStep(tree: Tree, data: StepData, path: Path, around: Around, tell: Tell): ScriptStep {
  const { start, end } = placeOf(tree, path).value
  const written = tree.text.slice(start, end)
  const newline = written.indexOf('\n')
  const text = written.replace(/\s+#.*$/gm, '').replace(/\s*\n\s*/g, ' ').trim()
  const span = { start, end: newline < 0 ? end : start + newline }
  return { ...read(data, path, around, tell), span, text: text.length > 100 ? `${text.slice(0, 99)}…` : text }
}

function read(data: StepData, path: Path, around: Around, tell: Tell): Act | Meet {
  if (typeof data === 'string') return data === 'end' ? { meet: 'end' } : { act: data as 'silence' | 'hang-up' | 'same-again' }
  const [key, value] = Object.entries(data).find(([name]) => name !== 'note') as [string, unknown]
  switch (key) {
    case 'press': return { act: 'press', keys: value as string }
    case 'speak': case 'wait': return { act: key, seconds: value as number }
    case 'line': return { act: 'line', result: value as 'success' | 'busy' | 'failed' }
    case 'sound': return { act: 'sound-failed' }
    case 'hangup': return { meet: 'hangup', cause: value === true ? 'reject' : String(value) }
    case 'handover': return { meet: 'handover', address: value as string }
    case 'state': return readState(value as string, [...path, key], around, tell)
    case 'sends': return { meet: 'sends', items: readSent(value) }
    case 'connect': return readConnect(value as ConnectData)
    default: return readSound(key as 'ivr' | 'play' | 'record', value as SoundData, [...path, key], around, tell)
  }
}

function readState(name: string, path: Path, { flow, document }: Around, tell: Tell): Meet {
  const names = flow.states.filter(state => state.verb !== 'handover').map(state => state.name)
  if (!names.includes(name) && name !== 'end') {
    const meant = nearest(name, [...document.stateNames, ...names])
    tell(path, { code: 'unknown-target', message: `\`${flow.name}\` has no state \`${name}\``, ...(meant === undefined ? {} : { help: `did you mean \`${meant}\`?` }) })
  }
  return { meet: 'state', name }
}

type ConnectData = string | readonly string[] | (Readonly<Record<string, unknown>> & { readonly connect?: string | readonly string[] })

function readConnect(value: ConnectData): Meet {
  const split = (numbers: string | readonly string[]): readonly string[] => (typeof numbers === 'string' ? numbers.split(',').map(one => one.trim()) : numbers)
  if (typeof value === 'string' || Array.isArray(value)) return { meet: 'connect', numbers: split(value as string | readonly string[]), options: {} }
  const { connect, ...options } = value as { readonly connect?: string | readonly string[] }
  return { meet: 'connect', ...(connect === undefined ? {} : { numbers: split(connect) }), options: withoutNote(options) }
}

type SoundData = string | readonly string[] | Readonly<Record<string, unknown>>

function readSound(verb: 'ivr' | 'play' | 'record', value: SoundData, path: Path, around: Around, tell: Tell): Meet {
  if (typeof value === 'string' || Array.isArray(value)) return { meet: verb, ...named(value as string | readonly string[], path, around, tell), options: {} }
  const { [verb]: heard, ...options } = value as Readonly<Record<string, unknown>>
  const at = [...path, verb]
  return { meet: verb, ...(heard === undefined ? {} : named(heard as string | readonly string[], at, around, tell)), options: withoutNote(options) }
}

function withoutNote({ note: _note, ...options }: Readonly<Record<string, unknown>>): Options {
  return options as Options
}

function named(word: string | readonly string[], path: Path, around: Around, tell: Tell): { heard?: Heard } {
  const { flow, document, surroundings: { sounds, flows } } = around
  if (typeof word !== 'string') {
    const of = word.map((one, index) => named(one, [...path, index], around, tell).heard)
    return of.includes(undefined) ? {} : { heard: { word: word.join(', '), places: [], of: of as Heard[] } }
  }
  // a name of the flow's own comes before one of the flows that it runs
  for (const { name } of flow.sections) {
    const one = name === document.name ? document : flows?.get(name)
    const heard = one === undefined ? undefined : heardIn(word, one, sounds)
    if (heard !== undefined) return { heard }
  }
  const meant = nearest(word, [...Object.keys(document.data.prompts ?? {}), ...sounds.keys()])
  tell(path, {
    code: 'unknown-prompt', message: `\`${document.name}\` has no prompt \`${word}\``,
    help: meant === undefined ? 'a sound is named by its name under `prompts:`, its file, its address, or its text' : `did you mean \`${meant}\`?`,
  })
  return {}
}
