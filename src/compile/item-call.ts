/** The item `call`: a call that we place, the flow that it meets, and the one that runs when nobody answers. */
import type { Path } from '../parse/tree.ts'
import type { FlowDocument } from '../validate/document.ts'
import { quoted } from '../validate/words.ts'
import { collect } from './collect.ts'
import { tell } from './context.ts'
import type { Context, Plan } from './context.ts'
import { checkReached, compileNumbers } from './item-parts.ts'
import type { OutgoingCall, OutgoingInput } from './outgoing.ts'
import { inOther } from './sections.ts'
import { compileTemplate, fixedText } from './template.ts'
import { compileInputs } from './verbs/flow-inputs.ts'
import { tellUnknownFlow } from './verbs/flow.ts'

type Data = Readonly<Record<string, unknown>>

/** Verbs that need nobody on the line. */
const WITHOUT_CALL = ['route', 'set', 'lookup', 'fetch', 'send', 'flow', 'exit']

export function compileCallItem(context: Context, path: Path, data: Data): Omit<OutgoingCall, 'item'> {
  const from = data['from'] === undefined ? undefined : compileTemplate(context, [...path, 'from'], data['from'] as string)
  const fixed = from === undefined ? undefined : fixedText(from)
  if (fixed !== undefined && fixed !== '') checkReached(context, [...path, 'from'], fixed)
  // the line of the present call: which of its two numbers that is depends on who called
  if (from === undefined) for (const name of ['caller', 'called', 'direction']) context.reads.add(name)
  const runs = data['flow'] as string
  const document = documentOf(context, [...path, 'flow'], runs)
  if (document?.data.exits !== undefined) {
    tell(context, [...path, 'flow'], {
      code: 'exit-unhandled', message: `\`${runs}\` has \`exits\`, and a call that begins in it has nowhere to come back to`, effect: 'the call would end at its first `exit`',
      help: 'name a flow that runs this one', ...inOther(planOf(document), ['exits'], 'its exits are here'),
    })
  }
  const unanswered = data['unanswered'] as Data | undefined
  return {
    kind: 'call', to: compileNumbers(context, [...path, 'to'], data['to']), ...(from === undefined ? {} : { from }), runs, with: given(context, path, document, data),
    ...(data['after'] === undefined ? {} : { after: data['after'] as number }), ...(data['timeout'] === undefined ? {} : { timeout: data['timeout'] as number }),
    ...(unanswered === undefined ? {} : { unanswered: compileUnanswered(context, [...path, 'unanswered'], unanswered) }),
  }
}

function compileUnanswered(context: Context, path: Path, data: Data): NonNullable<OutgoingCall['unanswered']> {
  const flow = data['flow'] as string
  const document = documentOf(context, [...path, 'flow'], flow)
  if (document !== undefined) checkNobodyThere(context, [...path, 'flow'], document)
  return { flow, with: given(context, path, document, data) }
}

function documentOf(context: Context, path: Path, name: string): FlowDocument | undefined {
  const found = name === context.document.name ? context.document : context.surroundings.flows?.get(name)
  if (found === undefined) tellUnknownFlow(context, path, name, 'no such call could be placed')
  return found
}

/** Nobody is on the line: whatever the carrier would have to do, no state may ask for. */
function checkNobodyThere(context: Context, path: Path, first: FlowDocument): void {
  const known = new Set([first])
  for (const document of known) {
    for (const { data, name, path: at } of collect(document.data, document.stateNames)) {
      const runs = data?.['flow']
      const next = typeof runs === 'string' ? context.surroundings.flows?.get(runs) : undefined
      if (next !== undefined) known.add(next)
      if (data === undefined || WITHOUT_CALL.some(verb => data[verb] !== undefined)) continue
      tell(context, path, {
        code: 'field-not-here', message: `\`${first.name}\` runs without a call, and \`${name}\`${document === first ? '' : ` of \`${document.name}\``} needs somebody on the line`,
        effect: 'what it asks for could never happen', help: `a flow for nobody may hold only ${quoted(WITHOUT_CALL)}`, ...inOther(planOf(document), at, 'this state is here'),
      })
      return
    }
  }
}

/** The inputs: those of another call, which this one shares nothing with but text. */
function given(context: Context, path: Path, document: FlowDocument | undefined, data: Data): OutgoingInput[] {
  if (document === undefined) return []
  const before = context.given.length
  const inputs = compileInputs(context, path, planOf(document), data)
  const sounds = context.given.splice(before)
  return inputs.flatMap((input): OutgoingInput[] => {
    if (!('sound' in input)) return ['text' in input ? { name: input.name, text: input.text } : { name: input.name, address: input.address }]
    const sound = sounds[input.sound - before]
    if (sound?.kind === 'given') return [{ name: input.name, text: [sound.address] }]
    tell(context, [...path, 'with', input.name], {
      code: 'wrong-type', message: `\`${input.name}\` is played in another call, which cannot be given a sound of this flow`,
      help: 'give it an address, or play the sound in the other flow', ...inOther(planOf(document), ['inputs', input.name], 'it is declared here'),
    })
    return []
  })
}

/** The other flow as those see it who only look at what it says of itself. */
function planOf(document: FlowDocument): Plan {
  return { section: 0, document, found: [], values: new Map(), taken: new Set(), unsure: new Set() }
}
