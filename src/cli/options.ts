/** Reads a command's arguments, and says in words what is wrong with them. */
import { parseArgs } from 'node:util'
import { nearest } from '../validate/nearest.ts'
import { UsageError } from './io.ts'

/** What an option takes: nothing, any text, or one of some words. */
export type OptionKind = 'flag' | 'text' | readonly string[]

export interface Options<Name extends string> {
  readonly flag: (name: Name) => boolean
  /** What was written last, or undefined. */
  readonly text: (name: Name) => string | undefined
  readonly rest: readonly string[]
}

/** The arguments, read; `--help` (`-h`) is known to every command. Throws a UsageError that names what it found and what is allowed. */
export function readOptions<Name extends string>(args: readonly string[], kinds: Readonly<Record<Name, OptionKind>>): Options<Name | 'help'> {
  const known: Readonly<Record<string, OptionKind>> = { ...kinds, help: 'flag' }
  const spec = Object.fromEntries(Object.entries(known).map(([name, kind]) => [name, { type: kind === 'flag' ? 'boolean' as const : 'string' as const }]))
  const { tokens } = parseArgs({ args: [...args], options: { ...spec, help: { type: 'boolean', short: 'h' } }, strict: false, allowPositionals: true, tokens: true })
  const values = new Map<string, string>()
  const rest: string[] = []
  for (const token of tokens) {
    if (token.kind === 'positional') rest.push(token.value)
    else if (token.kind === 'option') values.set(token.name, checked(token, known))
  }
  return { flag: name => values.has(name), text: name => values.get(name), rest }
}

function checked(token: { readonly name: string; readonly rawName: string; readonly value?: string | undefined }, known: Readonly<Record<string, OptionKind>>): string {
  const kind = Object.hasOwn(known, token.name) ? known[token.name] : undefined
  if (kind === undefined) {
    const meant = nearest(token.name, Object.keys(known))
    throw new UsageError(`there is no option \`${token.rawName}\`${meant === undefined ? '' : `; did you mean \`--${meant}\`?`}`)
  }
  if (kind === 'flag') {
    if (token.value !== undefined) throw new UsageError(`\`${token.rawName}\` takes no value, and \`${token.value}\` was given`)
    return ''
  }
  const choice = kind === 'text' ? '' : `: ${kind.join(', ')}`
  if (token.value === undefined || token.value === '') throw new UsageError(`\`${token.rawName}\` needs a value${choice}`)
  if (kind !== 'text' && !kind.includes(token.value)) {
    const meant = nearest(token.value, kind)
    throw new UsageError(`\`${token.rawName}\` does not know \`${token.value}\`${meant === undefined ? `; it knows${choice}` : `; did you mean \`${meant}\`? It knows${choice}`}`)
  }
  return token.value
}
