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
  // a flow whose inputs must be given answers no line, but calls that are placed may begin in it
  if (!answersCalls(data)) for (const { key, what, help } of OF_THE_FIRST) if (data[key] !== undefined && (data.exits !== undefined || key === 'numbers')) tellNeverFirst(context, key, what, help)
}

/** What counts only of the flow in which a call begins. */
const OF_THE_FIRST = [
  { key: 'numbers', what: 'answers no line', help: 'list the line in a flow that runs this one' },
  { key: 'longest', what: 'does not say how long a call may last', help: 'write it in a flow that runs this one' },
  { key: 'on_hangup', what: 'sends nothing when a call is over', help: 'write it in a flow that runs this one' },
  { key: 'recordcall', what: 'does not record whole calls', help: 'write it in a flow that runs this one, or record the talk of a `connect`' },
] as const

function tellNeverFirst(context: Context, key: string, what: string, help: string): void {
  const [which, why] = context.document.data.exits === undefined ? ['inputs', `a flow whose inputs must be given ${what}: nobody gives them to one in which a call begins`] : ['exits', `a flow with \`exits\` ${what}: no call begins in it, for it would have nowhere to come back to`]
  tell(context, [key], { code: 'field-not-here', message: why, label: 'this would never take effect', help, related: [alsoAt(context, [which], `its ${which} are here`)] }, 'key')
}
