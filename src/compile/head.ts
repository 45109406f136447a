/** What a flow says of itself beside its states: fixed values, the names of others, the lines that it answers, its time zone. */
import type { Path } from '../parse/tree.ts'
import type { FlowData, StateData } from '../validate/document.ts'
import { alsoAt, tell } from './context.ts'
import type { Context } from './context.ts'
import { isE164 } from './e164.ts'
import { isInput } from './interface.ts'
import { checkTimezone } from './schedule/compile-schedules.ts'
import { BUILT_IN } from './template.ts'

/** The texts of `vars`. */
export function readVars(context: Context, data: FlowData, vars: Map<string, string>): void {
  for (const [name, value] of Object.entries(data.vars ?? {})) {
    if (typeof value === 'string') {
      vars.set(name, value)
      continue
    }
    const set = Object.hasOwn(context.surroundings.env, value.env) ? context.surroundings.env[value.env] : undefined
    const text = set ?? value.default
    vars.set(name, text ?? '')
    if (text === undefined) {
      tell(context, ['vars', name, 'env'], {
        code: 'unset-variable', message: `the environment variable ${value.env} is not set`, help: `start the server with ${value.env}=…, or give \`${name}\` a \`default\``,
      })
    }
  }
}

/** `vars` and `inputs` are fixed, and built-in values are tonval's: nothing may be kept under their names. */
export function checkNames(context: Context): void {
  for (const { data, path } of context.found) {
    if (data === undefined) continue
    for (const { name, at, side } of written(data, path)) {
      // the language of the call is set as values are
      if (name === 'language' && at.at(-2) === 'set') continue
      if (context.vars.has(name)) tell(context, at, { code: 'bad-name', message: `\`${name}\` is fixed under \`vars:\` and cannot be set`, help: 'choose another name', related: [alsoAt(context, ['vars', name], 'it is fixed here')] }, side)
      else if (isInput(context, name)) tell(context, at, { code: 'bad-name', message: `\`${name}\` is given to this flow under \`inputs:\` and cannot be set`, help: 'choose another name', related: [alsoAt(context, ['inputs', name], 'it is an input here')] }, side)
      else if (Object.hasOwn(BUILT_IN, name)) tell(context, at, { code: 'reserved-name', message: `\`${name}\` is a value of tonval's own and cannot be set`, help: 'choose another name' }, side)
    }
  }
}

/** The names under which a state keeps values, each with its place. */
function written({ set, save }: StateData, path: Path): { readonly name: string; readonly at: Path; readonly side: 'key' | 'value' }[] {
  if (typeof save === 'string') return [{ name: save, at: [...path, 'save'], side: 'value' }]
  return Object.entries({ set, save }).flatMap(([key, names]) => Object.keys(names ?? {}).map(name => ({ name, at: [...path, key, name], side: 'key' as const })))
}

/** The lines that the flow answers, and its time zone. */
export function checkHead(context: Context, data: FlowData): void {
  data.numbers?.forEach((number, index) => {
    if (isE164(number)) return
    tell(context, ['numbers', index], { code: 'bad-number', message: `\`${number}\` is no telephone number`, effect: 'no call would ever come to this flow by it', help: 'write the line with a plus sign and the country, as in "+46766861004"' })
  })
  checkTimezone(context, ['timezone'], data.timezone)
}
