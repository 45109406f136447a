/** What a flow that is run is given: each input by its type. */
import type { Path } from '../../parse/tree.ts'
import type { InputType, StateData } from '../../validate/document.ts'
import { quoted } from '../../validate/words.ts'
import { guess, isPartly, placeIn, tell } from '../context.ts'
import type { Context, Plan } from '../context.ts'
import type { FlowState, Given } from '../flow.ts'
import { compilePrompt } from '../prompt.ts'
import { inOther } from '../sections.ts'
import { compileTemplate, fixedText } from '../template.ts'
import { checkNumber } from '../check-number.ts'

/** What the inputs of the other flow are given, by `with`. */
export function compileInputs(context: Context, path: Path, plan: Plan, data: StateData): FlowState['inputs'] {
  const given = (data['with'] ?? {}) as Readonly<Record<string, string>>
  const inputs = plan.document.data.inputs ?? {}
  if (plan.document.whole) {
    for (const name of Object.keys(given)) if (!Object.hasOwn(inputs, name)) tellUnknownInput(context, [...path, 'with', name], plan, name, Object.keys(inputs).filter(one => !Object.hasOwn(given, one)))
    if (!isPartly(context, path)) tellLeftOut(context, [...path, 'flow'], plan, Object.keys(inputs).filter(name => inputs[name] !== 'text' && !Object.hasOwn(given, name) && !isMeant(context, name, given, inputs)))
  }
  return Object.entries(given).flatMap(([name, text]): Given[] => {
    const type = Object.hasOwn(inputs, name) ? inputs[name] : undefined
    const at = [...path, 'with', name]
    return type === undefined ? [] : [{ index: plan.values.get(name) ?? 0, name, type, ...compileInput(context, at, plan, name, type, text) }]
  })
}

function compileInput(context: Context, at: Path, plan: Plan, name: string, type: InputType, text: string) {
  if (type === 'prompt') {
    const sound = compilePrompt(context, at, text)
    if (sound.kind === 'filled') return { address: sound.template }
    context.given.push(sound)
    return { sound: context.given.length - 1 }
  }
  const template = compileTemplate(context, at, text)
  const fixed = fixedText(template)
  if (fixed !== undefined && template.length > 0) checkFixed(context, at, plan, name, type, fixed)
  return { text: template }
}

function checkFixed(context: Context, at: Path, plan: Plan, name: string, type: InputType, text: string): void {
  const there = inOther(plan, ['inputs', name], 'it is declared here')
  if (type === 'seconds' && !/^[1-9][0-9]{0,3}$/.test(text)) tell(context, at, { code: 'wrong-type', message: `\`${name}\` is a whole number of seconds, and \`${text}\` is none`, help: 'write it as in `20`', ...there })
  if (type === 'number') for (const number of text.split(',')) checkNumber(context, at, number.trim(), { effect: 'the call would fail there', ...there })
}

/** Whether an input that is left out is written under a name that is none. */
function isMeant(context: Context, name: string, given: Readonly<Record<string, string>>, inputs: Readonly<Record<string, InputType>>): boolean {
  return Object.keys(given).some(one => !Object.hasOwn(inputs, one) && guess(context, one, [name]) !== undefined)
}

function tellUnknownInput(context: Context, at: Path, plan: Plan, name: string, left: readonly string[]): void {
  const word = guess(context, name, left)
  const key = placeIn(context, at).key
  const all = Object.keys(plan.document.data.inputs ?? {})
  tell(context, at, {
    code: 'unknown-field', message: `\`${plan.document.name}\` has no input \`${name}\``,
    help: word !== undefined ? `did you mean \`${word}\`?` : all.length === 0 ? 'it has no `inputs:`' : `its inputs are ${quoted(all)}`,
    ...(all.length === 0 ? {} : inOther(plan, ['inputs'], 'its inputs are here')),
    ...(word === undefined || key === undefined ? {} : { fix: { safe: false, edits: [{ span: key, text: word }] } }),
  }, 'key')
}

function tellLeftOut(context: Context, at: Path, plan: Plan, names: readonly string[]): void {
  const [first] = names
  if (first === undefined) return
  tell(context, at, {
    code: 'missing-field', message: `\`${plan.document.name}\` is not given ${quoted(names)}`, effect: 'nothing would be rung or played there',
    help: `add \`with: { ${names.map(name => `${name}: …`).join(', ')} }\`; only an input of type \`text\` may be left out`, ...inOther(plan, ['inputs', first], 'it is declared here'),
  })
}
