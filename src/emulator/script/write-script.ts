/** Scripted calls as YAML text, added to a file without touching what stands there. */
import { inline, RESERVED } from '../../parse/inline.ts'
import { parse } from '../../parse/parse.ts'
import { entryOf } from '../../parse/tree.ts'
import type { List, Mapping } from '../../parse/tree.ts'
import type { ScriptedCall, ScriptedStep, Value } from './scripted-call.ts'

/** One call as an item of `calls`, indented by so many spaces. */
export function writeCall({ name, at, from, to, given, steps }: ScriptedCall, indent = 2): string {
  const head = Object.entries({ name: sentence(name), at, from: from && quoted(from), to: to && quoted(to), given: given && inline(given) }).filter(([, value]) => value !== undefined)
  const pad = ' '.repeat(indent)
  const lines = [...head.map(([key, value]) => `${key}: ${value}`), 'steps:', ...steps.map(step => `  - ${writeStep(step)}`)]
  return lines.map((line, i) => `${pad}${i === 0 ? '- ' : '  '}${line}\n`).join('')
}

/** The file with one more call, or undefined where it is not written in a form that can be added to. */
export function addCall(text: string | undefined, call: ScriptedCall, file: string): string | undefined {
  if (text === undefined || text.trim() === '') return `calls:\n${writeCall(call)}`
  const before = callsOf(file, text)
  if (before === undefined || before.items.length === 0 || text[before.span.start] === '[') return undefined
  const lines = text.split('\n')
  const last = text.slice(0, endOf(text, before)).split('\n').length
  const indent = /^ *(?=- )/m.exec(text.slice(text.lastIndexOf('\n', before.span.start) + 1))?.[0].length ?? 2
  const kept = lines.slice(0, last)
  const rest = lines.slice(last)
  const added = `${kept.join('\n').replace(/\s+$/, '')}\n\n${writeCall(call, indent)}${rest.join('\n').trim() === '' ? '' : `\n${rest.join('\n').replace(/^\n+/, '')}`}`
  const after = callsOf(file, added)
  return after?.items.length === before.items.length + 1 && nameOf(after.items.at(-1)) === call.name ? added : undefined
}

/** The names of a file's calls. */
export function namesIn(text: string, file: string): readonly string[] {
  return callsOf(file, text)?.items.map(nameOf).filter(name => name !== undefined) ?? []
}

function nameOf(item: List['items'][number] | undefined): string | undefined {
  const name = item?.kind === 'map' ? entryOf(item, 'name')?.value : undefined
  return name?.kind === 'scalar' ? name.text : undefined
}

function callsOf(file: string, text: string): List | undefined {
  const { tree, problems } = parse(file, text)
  const root: Mapping | undefined = problems.some(({ severity }) => severity === 'error') ? undefined : tree?.root
  const calls = root === undefined ? undefined : entryOf(root, 'calls')?.value
  return calls?.kind === 'list' ? calls : undefined
}

/** Where the last call ends, a comment at the end of its line included; comments below it stay below. */
function endOf(text: string, calls: List): number {
  const end = deepestEnd(calls)
  const line = text.indexOf('\n', end)
  return line < 0 ? text.length : line
}

function deepestEnd(node: List['items'][number]): number {
  if (node.kind === 'scalar') return node.span.end
  const parts = node.kind === 'list' ? node.items : node.entries.map(entry => entry.value)
  const last = parts.at(-1)
  return last === undefined ? node.span.end : deepestEnd(last)
}

function writeStep(step: ScriptedStep): string {
  if (typeof step === 'string') return step
  if ('sends' in step) return `sends: ${inline(step.sends)}`
  const [word, value] = Object.entries(step)[0] as [string, Value]
  return `${word}: ${writeValue(value)}`
}

function writeValue(value: Value): string {
  if (typeof value === 'number') return String(value)
  if (typeof value === 'string') return /^[A-Za-z][\w./-]*$/.test(value) && !RESERVED.test(value) ? value : quoted(value)
  if (Array.isArray(value)) return `[${value.map(quoted).join(', ')}]`
  return `{ ${Object.entries(value).map(([key, one]) => `${key}: ${one}`).join(', ')} }`
}

/** JSON's quotes are YAML's double quotes. */
function quoted(text: string): string {
  return JSON.stringify(text)
}

function sentence(text: string): string {
  return /^[A-Za-z][\w ,.'-]*$/.test(text) && !RESERVED.test(text) && !text.endsWith(' ') ? text : quoted(text)
}
