/** `switches:` → how each can stand. */
import type { Path } from '../parse/tree.ts'
import type { Span } from '../problem/problem.ts'
import { quoted } from '../validate/words.ts'
import { namesUnder, tellUnknown } from './beside.ts'
import { guess, placeIn, tell } from './context.ts'
import type { Context } from './context.ts'
import type { Switch } from './switch.ts'

/** The switches that the file writes. */
export function readSwitches(context: Context): ReadonlyMap<string, Switch> {
  const switches = new Map<string, Switch>()
  for (const [name, written] of Object.entries(context.document.data.switches ?? {})) {
    const choices = written.choices ?? ['on', 'off']
    switches.set(name, {
      label: written.label ?? name, choices, default: written.default,
      ...(written.turns_off_after === undefined ? {} : { turnsOffAfter: written.turns_off_after }),
    })
    written.choices?.forEach((choice, index) => {
      if (choice === '') tell(context, ['switches', name, 'choices', index], { code: 'bad-value', message: `a choice of \`${name}\` is an empty text`, help: 'write a word, or delete it' })
      else if (choices.indexOf(choice) < index) tell(context, ['switches', name, 'choices', index], { code: 'bad-value', message: `the choice \`${choice}\` of \`${name}\` stands here twice`, help: 'delete one of them' })
    })
    if (!choices.includes(written.default)) tellChoice(context, ['switches', name, 'default'], name, written.default, choices)
  }
  return switches
}

/** The switch of a name; undefined, with a problem told, where there is none. */
export function switchOf(context: Context, path: Path, name: string, span?: Span): Switch | undefined {
  const one = context.declared.switches.get(name)
  if (one === undefined && !namesUnder(context, 'switches').includes(name)) {
    tellUnknown(context, path, name, { code: 'unknown-switch', key: 'switches', effect: 'nobody could ever flip it', ...(span === undefined ? {} : { span }) })
  }
  return one
}

/** Tells that a switch can never stand so. */
export function tellChoice(context: Context, path: Path, name: string, value: string, choices: readonly string[]): void {
  const word = guess(context, value, choices)
  const { node, value: span } = placeIn(context, path)
  tell(context, path, {
    code: 'bad-value', message: `the switch \`${name}\` never stands at \`${value}\``,
    help: word === undefined ? `it stands at ${quoted([...new Set(choices)], 'or')}` : `did you mean \`${word}\`? It stands at ${quoted([...new Set(choices)], 'or')}`,
    ...(word === undefined || node.kind !== 'scalar' || node.text !== value ? {} : { fix: { safe: false, edits: [{ span, text: word }] } }),
  })
}
