/** What a state does beside leading somewhere: its prompts and options, as a caller would notice them. */
import { fixedText } from '../compile/template.ts'
import type { Action } from '../compile/action.ts'
import type { FetchState, Flow, Sound, State, Template } from '../compile/flow.ts'
import type { Outgoing } from '../compile/outgoing.ts'
import { templateKey } from './exits.ts'
import { heardOf, inWords } from './heard.ts'
import type { Heard } from './heard.ts'
import { itemsKey } from './items.ts'

export interface Setting {
  readonly name: string
  /** What distinguishes the verb's states from each other: what is heard, whom it rings. */
  readonly essential: boolean
  /** Equal where callers notice no difference. */
  readonly key: string
  /** In words; undefined where it is not told, because it may be a secret. */
  readonly words: string | undefined
  /** Of a prompt. */
  readonly heard?: Heard
  /** Of what is sent. */
  readonly items?: readonly Outgoing[]
  /** Whether it only goes with another one, as `min` does with `digits`. */
  readonly follows?: boolean
}

/** facts: what the carrier does where an option is left out. */
const RECORD_SECONDS = 120

/** The settings of a state, in the order in which they are told. An option that is written as it is by default is not different from one left out. */
export function settingsOf(flow: Flow, state: State): Setting[] {
  const played = (name: string, sound: Sound, essential = false): Setting => {
    const heard = heardOf(flow, sound)
    return { name, essential, key: JSON.stringify([...heard.wordings]), words: heard.words, heard }
  }
  const prompt = (name: string, action: Action, essential = false): Setting => played(name, soundOf(action), essential)
  const sent = (name: string, items: readonly Outgoing[], essential = false): Setting => ({ name, essential, key: itemsKey(items, index => flow.states[index]?.name ?? ''), words: undefined, items })
  const optional = (action: Action | undefined, name: string): Setting[] => (action === undefined ? [] : [prompt(name, action)])
  switch (state.verb) {
    case 'ivr': return [
      prompt('ivr', state.action, true), ...optional(state.again?.action, 'again'), ...optional(state.sorry, 'sorry'),
      ...(state.silent === undefined ? [] : [state.silent.words === undefined ? plain('silent', 'no words') : prompt('silent', state.silent.words)]),
      plain('digits', state.digits), plain('timeout', of(state.action, 'timeout'), ' s'), plain('repeat', of(state.action, 'repeat')), plain('attempts', state.attempts),
      { ...plain('min', state.min), ...(state.min === state.digits ? { follows: true } : {}) },
      ...(state.valid === undefined ? [] : [plain('valid', state.valid)]),
      ...(state.equals === undefined ? [] : [{ name: 'equals', essential: false, key: templateKey(state.equals), words: undefined }]),
      ...(state.save === undefined ? [] : [plain('save', flow.values[state.save] ?? '')]),
      plain('sensitive', state.sensitive),
      ...patternOrder(state.patterns),
    ]
    case 'play': return [prompt('play', state.action, true), plain('skippable', of(state.action, 'skippable') ?? true)]
    case 'connect': return [
      { name: 'connect', essential: true, key: JSON.stringify(state.numbers.map(templateKey)), words: state.numbers.map(inWords).join(', ') },
      // of one number there is no order
      ...(state.numbers.length === 1 && fixedText(state.numbers[0] as Template)?.includes(',') === false ? [] : [plain('order', state.order)]),
      ...optional(state.between, 'between'),
      typeof state.timeout === 'number' ? plain('timeout', state.timeout, ' s') : filled('timeout', state.timeout),
      ...(state.callerid === undefined ? [] : [filled('callerid', state.callerid)]),
      ...(state.timelimit === undefined ? [] : [plain('timelimit', state.timelimit, ' s')]),
      plain('recordcall', state.deliver !== undefined), sent('deliver', state.deliver ?? []),
    ]
    case 'record': {
      const plays = state.actions.filter(action => action.do === 'play')
      const beep = plays.some(isBeep)
      const words = plays.find(action => !isBeep(action))
      const last = state.actions.at(-1) as Action
      return [...(words === undefined ? [] : [prompt('record', words, true)]), plain('beep', beep), plain('timelimit', of(last, 'timelimit') ?? RECORD_SECONDS, ' s'), plain('silence', of(last, 'silence') ?? true), sent('deliver', state.deliver)]
    }
    case 'hangup': return [plain('hangup', state.action.cause)]
    case 'set': return [
      ...(state.language === undefined ? [] : [{ ...filled('language', state.language), essential: true }]),
      ...state.values.map(value => ({ name: flow.values[value.index] ?? '', essential: true, key: 'text' in value ? templateKey(value.text) : `${value.random} digits`, words: undefined })),
    ]
    case 'lookup': return [{ ...plain('lookup', state.table), essential: true }, filled('key', state.key)]
    case 'fetch': return settingsOfFetch(flow, state)
    case 'send': return [sent('send', state.items, true)]
    case 'flow': return [
      { ...plain('flow', state.runs), essential: true }, ...(state.jump ? [plain('for good', true)] : []),
      ...state.inputs.map(input => ('text' in input ? filled(input.name, input.text) : played(input.name, 'sound' in input ? flow.given[input.sound] as Sound : { kind: 'filled', template: input.address }))),
      ...state.saves.map(({ index }, place) => plain(flow.values[index] ?? '', state.keeps[place])),
    ]
    case 'exit': return [{ ...plain('exit', state.exit), essential: true }]
    default: return []
  }
}

/** What stands in headers, behind a question mark and in a body may be a secret: it is not told. */
function settingsOfFetch(flow: Flow, { address, method, headers, query, body, timeout, save, answer }: FetchState): Setting[] {
  const words = inWords(address)
  const [asked = ''] = words.split('?')
  const hidden = (name: string, what: unknown): Setting => ({ name, essential: false, key: JSON.stringify(what), words: undefined })
  const pairs = (list: FetchState['query']): unknown => list.map(([name, text]) => [name, templateKey(text)])
  return [
    { name: 'fetch', essential: true, key: asked, words: asked }, plain('method', method),
    hidden('query', [words.slice(asked.length), pairs(query)]), hidden('headers', pairs(headers)),
    ...(body === undefined ? [] : [hidden(body.kind, body.kind === 'form' ? pairs(body.pairs) : body.parts.map(part => (typeof part === 'string' ? part : templateKey(part.text))))]),
    plain('timeout', timeout, ' s'), ...save.map(({ index, path }) => plain(`save.${flow.values[index] ?? ''}`, path.join('.'))),
    ...(answer === undefined ? [] : [plain('answer', answer.join('.'))]),
  ]
}

function plain(name: string, value: unknown, unit = ''): Setting {
  return { name, essential: false, key: JSON.stringify(value) ?? '', words: `${String(value)}${unit}` }
}

function filled(name: string, template: Template): Setting {
  return { name, essential: false, key: templateKey(template), words: inWords(template) }
}

function of(action: Action, key: string): unknown {
  return (action as unknown as Readonly<Record<string, unknown>>)[key]
}

function soundOf(action: Action): Sound {
  return (action as Action & { readonly do: 'play' }).sound
}

function isBeep(action: Action): boolean {
  return action.do === 'play' && action.sound.kind === 'given' && action.sound.address === 'sound/beep'
}

/** Two patterns that take the same entry, with equally many `x`: the first in the file wins, so their order is a setting. */
function patternOrder(patterns: readonly { readonly pattern: string; readonly to: number }[]): Setting[] {
  const order: string[] = []
  for (const [i, a] of patterns.entries()) {
    for (const b of patterns.slice(i + 1, i + 1 + MOST_COMPARED)) if (a.to !== b.to && overlap(a.pattern, b.pattern)) order.push(`${a.pattern} before ${b.pattern}`)
  }
  return order.length === 0 ? [] : [{ name: 'on', essential: false, key: JSON.stringify(order.sort()), words: order.join(', ') }]
}

/** Patterns that one pattern is held against. */
const MOST_COMPARED = 200

function overlap(a: string, b: string): boolean {
  if (a.length !== b.length || a.split('x').length !== b.split('x').length) return false
  return [...a].every((sign, at) => sign === 'x' || b[at] === 'x' || sign === b[at])
}
