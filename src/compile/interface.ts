/** What a flow that others run is given, by what it comes back, and whether it can answer a call by itself. */
import type { FlowData } from '../validate/document.ts'
import { alsoAt, tell } from './context.ts'
import type { Context } from './context.ts'
import { BUILT_IN } from './template.ts'

/** Words of `on` that are no exits. */
export const NO_EXITS: readonly string[] = ['failed', 'note', 'end']

/** Whether the carrier can begin a call in a flow: one with exits has nowhere to come back to, and an input that must be given is not. */
export function answersCalls({ inputs, exits }: FlowData): boolean {
  return exits === undefined && Object.values(inputs ?? {}).every(type => type === 'text')
}

/** Whether a name is one of the inputs, which are given and cannot be set. */
export function isInput({ document: { data } }: Context, name: string): boolean {
  return data.inputs !== undefined && Object.hasOwn(data.inputs, name)
}

/** What a flow that others run is given, and how it comes back. */
export function checkInterface(context: Context): void {
  const { data } = context.document
  for (const name of Object.keys(data.inputs ?? {})) {
    if (context.vars.has(name)) tell(context, ['inputs', name], { code: 'bad-name', message: `\`${name}\` is fixed under \`vars:\` and cannot be an input, too`, help: 'choose another name', related: [alsoAt(context, ['vars', name], 'it is fixed here')] }, 'key')
    else if (Object.hasOwn(BUILT_IN, name)) tell(context, ['inputs', name], { code: 'reserved-name', message: `\`${name}\` is a value of tonval's own and cannot be an input`, help: 'choose another name' }, 'key')
  }
  data.exits?.forEach((name, index) => {
    if (NO_EXITS.includes(name)) tell(context, ['exits', index], { code: 'reserved-name', message: `\`${name}\` cannot be the name of an exit: under \`on\` it means something else`, help: 'choose another name' })
  })
  if (data.numbers === undefined || answersCalls(data)) return
  const [which, why] = data.exits === undefined ? ['inputs', 'a flow whose inputs must be given answers no line: nobody gives them'] : ['exits', 'a flow with `exits` answers no line: it has nowhere to come back to']
  tell(context, ['numbers'], { code: 'field-not-here', message: why, label: 'this would never take effect', help: 'list the line in a flow that runs this one', related: [alsoAt(context, [which], `its ${which} are here`)] }, 'key')
}
