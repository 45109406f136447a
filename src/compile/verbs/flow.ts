/** `flow`: runs another flow and comes back by one of its exits; without `on` and `next` it is a jump for good. */
import type { Path } from '../../parse/tree.ts'
import type { StateData } from '../../validate/document.ts'
import { quoted } from '../../validate/words.ts'
import { guess, isPartly, placeIn, tell } from '../context.ts'
import type { Context, Plan } from '../context.ts'
import { compileWritten, edge } from '../edges.ts'
import type { Written } from '../edges.ts'
import type { Edge, FlowState } from '../flow.ts'
import { NO_EXITS } from '../interface.ts'
import { inOther, isJump } from '../sections.ts'
import type { Verb } from '../verb.ts'
import { compileInputs } from './flow-inputs.ts'

export const flow: Verb<FlowState> = {
  name: 'flow',
  keys: ['with', 'save', 'on', 'next', 'note'],
  outcomes: ['failed'],
  example: `
start: pin
states:
  pin: { flow: another, with: { tries: "{{called}}" }, save: { card: entered }, on: { ok: desk, wrong: bye } }
  desk: { connect: "sip:{{card}}@pbx.example.com", on: { failed: bye } }
  bye: { play: bye.mp3, next: end }
`,
  beside: `
start: ask
inputs: { tries: text }
exits: [ok, wrong]
states:
  ask: { ivr: ask.mp3, digits: 4, save: entered, sensitive: true, next: right, on: { noinput: no, nomatch: no, failed: no } }
  right: { exit: ok }
  no: { exit: wrong }
`,

  compile(context, name, path, data) {
    const runs = data['flow'] as string
    const written = compileWritten(context, path, 'flow', data)
    const plan = context.plans.get(runs)
    const fixed = { name, path, verb: 'flow' as const, runs, jump: isJump(data) }
    if (plan === undefined) {
      tellUnknownFlow(context, [...path, 'flow'], runs)
      return { ...fixed, section: 0, inputs: [], saves: [], keeps: [], edges: {} }
    }
    checkExits(context, path, plan, data)
    if (fixed.jump && data['save'] !== undefined) {
      tell(context, [...path, 'save'], {
        code: 'field-not-here', message: `\`${name}\` goes on in \`${runs}\` for good, and keeps nothing of it`, label: 'this would never take effect',
        help: 'add `on:` to come back, or leave out `save`',
      }, 'key')
    }
    return { ...fixed, section: plan.section, inputs: compileInputs(context, path, plan, data), saves: compileSaves(context, path, plan, data), keeps: Object.values((data['save'] ?? {}) as Record<string, string>), edges: exitEdges(plan, written) }
  },

  arrive(turn, state) {
    return { to: turn.enter(state), why: `${state.jump ? 'goes on in' : 'runs'} ${state.runs}` }
  },
}

function exitEdges({ document: { data } }: Plan, written: Written): Record<string, Edge> {
  return Object.fromEntries([...(data.exits ?? []), 'failed'].map(word => [word, edge(written, [word], true)]))
}

/** Tells of a name that no flow has. */
export function tellUnknownFlow(context: Context, path: Path, runs: string, effect = 'the call would end here'): void {
  const known = [...(context.surroundings.flows?.keys() ?? [])].filter(name => name !== context.document.name)
  const word = guess(context, runs, known)
  tell(context, path, {
    code: 'unknown-flow', message: `there is no flow \`${runs}\``, effect,
    help: word !== undefined ? `did you mean \`${word}\`?` : known.length === 0 ? `a flow is a file beside this one: ${runs}.yaml` : `the others are ${quoted(known)}`,
    ...(word === undefined ? {} : { fix: { safe: false, edits: [{ span: placeIn(context, path).value, text: word }] } }),
  })
}

/** Every exit leads somewhere, and nothing leads on from an exit that is none. */
function checkExits(context: Context, path: Path, plan: Plan, data: StateData): void {
  const { data: { exits = [] }, whole } = plan.document
  if (!whole) return
  const runs = String(data['flow'])
  const on = Object.keys((data['on'] ?? {}) as Record<string, unknown>).filter(word => !NO_EXITS.includes(word))
  const unknown = on.filter(one => !exits.includes(one))
  for (const word of unknown) {
    const free = exits.filter(one => !on.includes(one))
    // of one that is too many and one that is missing, the one has another name now
    const near = guess(context, word, free) ?? (unknown.length === 1 && free.length === 1 ? free[0] : undefined)
    tell(context, [...path, 'on', word], {
      code: 'exit-missing', message: `\`${runs}\` has no exit \`${word}\``, label: 'nobody would ever come this way',
      help: near !== undefined ? `did you mean \`${near}\`?` : exits.length === 0 ? `it never comes back: leave out \`on\` and \`next\` to go on in it for good` : `its exits are ${quoted(exits)}`,
      ...(exits.length === 0 ? {} : inOther(plan, ['exits'], 'its exits are here')),
      ...(near === undefined ? {} : { fix: { safe: false, edits: [{ span: placeIn(context, [...path, 'on', word]).key ?? placeIn(context, [...path, 'on', word]).value, text: near }] } }),
    }, 'key')
    // a misspelt exit is not missing as well
    if (near !== undefined) on.push(near)
  }
  const left = data['next'] === undefined ? exits.filter(one => !on.includes(one)) : []
  // what could not be read of a state may have said it
  if (left.length === 0 || isPartly(context, path)) return
  tell(context, [...path, 'flow'], {
    code: 'exit-unhandled', message: `\`${runs}\` comes back by ${quoted(left)}, and nothing here says where that leads`, effect: 'the call would be cut off there',
    help: `add ${isJump(data) ? `\`on: { ${left.map(one => `${one}: …`).join(', ')} }\`` : left.length === 1 ? `\`${left[0]}: …\` under \`on:\`` : 'them under `on:`'}, or \`next:\``,
    ...inOther(plan, ['exits'], 'its exits are here'),
  })
}

function compileSaves(context: Context, path: Path, plan: Plan, data: StateData): FlowState['saves'] {
  return Object.entries((data['save'] ?? {}) as Record<string, string>).flatMap(([mine, theirs]) => {
    const from = plan.values.get(theirs)
    const index = context.values.get(mine)
    if (from === undefined && plan.document.whole && !plan.unsure.has(theirs)) {
      const names = [...plan.values.keys()]
      const word = guess(context, theirs, names)
      tell(context, [...path, 'save', mine], {
        code: 'undefined-value', message: `nothing in \`${plan.document.name}\` sets \`${theirs}\``, label: 'this would always be empty',
        help: word !== undefined ? `did you mean \`${word}\`?` : names.length === 0 ? 'that flow has no values' : `its values are ${quoted(names)}`,
        ...inOther(plan, ['states'], 'nothing here sets it'),
        ...(word === undefined ? {} : { fix: { safe: false, edits: [{ span: placeIn(context, [...path, 'save', mine]).value, text: word }] } }),
      })
    }
    return from === undefined || index === undefined ? [] : [{ index, from }]
  })
}
