/** `ivr`: plays a prompt and collects digits. The carrier's own action, with wrong entries and silence made ours where the flow says so. */
import type { PromptData } from '../../validate/document.ts'
import type { Path } from '../../parse/tree.ts'
import { prepared } from '../action.ts'
import type { Action } from '../action.ts'
import { tell } from '../context.ts'
import type { Context } from '../context.ts'
import { compileWritten, edge, option, optionPath } from '../edges.ts'
import type { Written } from '../edges.ts'
import type { IvrState, Sound } from '../flow.ts'
import { compilePrompt } from '../prompt.ts'
import { regexProblem } from '../regex.ts'
import { compileTemplate } from '../template.ts'
import type { Verb } from '../verb.ts'
import { arriveIvr, reportIvr } from './ivr-input.ts'
import { compileTarget, isAddress } from '../target.ts'
import type { TargetData } from '../../validate/document.ts'

/** The carrier's own defaults (facts: ivr). */
const TIMEOUT = 10
const REPEAT = 3
/** How often a state asks that says what to play after a mistake. */
const ATTEMPTS = 3

export const ivr: Verb<IvrState> = {
  name: 'ivr',
  keys: ['digits', 'timeout', 'repeat', 'attempts', 'sorry', 'silent', 'again', 'min', 'valid', 'equals', 'save', 'sensitive', 'on', 'next', 'note'],
  outcomes: ['any', 'noinput', 'nomatch', 'failed'],
  example: `
start: menu
states:
  menu:
    ivr: menu.mp3
    sorry: sorry.mp3
    on: { 1: sales, noinput: sales, nomatch: bye }
  sales: { connect: "+46701740605", next: bye }
  bye: { play: bye.mp3, next: end }
`,

  compile(context, name, path, data) {
    const written = compileWritten(context, path, 'ivr', data)
    const { keys, patterns, longest } = digitKeys(written)
    const digits = option<number>(context, 'ivr', data, 'digits') ?? Math.max(1, longest)
    const hasKeys = longest > 0
    const restricted = ['min', 'valid', 'equals', 'save'].some(key => data[key] !== undefined)
    const prompt = (key: string): Sound | undefined => {
      const value = option<PromptData | true>(context, 'ivr', data, key)
      return value === undefined || value === true ? undefined : compilePrompt(context, optionPath(path, 'ivr', data, key), value)
    }
    const silentWritten = option<PromptData | true>(context, 'ivr', data, 'silent')
    const silent = prompt('silent')
    const sorry = prompt('sorry')
    const again = prompt('again')
    const mistakes = sorry !== undefined || silentWritten !== undefined
    const addresses = digits === 1 && !restricted && data['sensitive'] !== true ? handovers(context, data) : []
    const ask = (sound: Sound): Action => prepared({
      do: 'ivr', sound, digits,
      timeout: option<number>(context, 'ivr', data, 'timeout') ?? TIMEOUT,
      repeat: silentWritten !== undefined ? 1 : (option<number>(context, 'ivr', data, 'repeat') ?? REPEAT),
      ...(addresses.length === 0 ? {} : { keys: addresses }),
    })
    const heardBit = again === undefined ? undefined : context.from.heard + context.heard.size
    if (heardBit !== undefined) context.heard.set(name, heardBit)
    return {
      name, path, verb: 'ivr', digits, keys, patterns,
      action: ask(compilePrompt(context, [...path, 'ivr'], data['ivr'] as PromptData | true)),
      ...(again === undefined || heardBit === undefined ? {} : { again: { bit: heardBit, action: ask(again) } }),
      ...(sorry === undefined ? {} : { sorry: prepared({ do: 'play', sound: sorry }) }),
      ...(silentWritten === undefined ? {} : { silent: silent === undefined ? {} : { words: prepared({ do: 'play', sound: silent }) } }),
      attempts: option<number>(context, 'ivr', data, 'attempts') ?? (mistakes ? ATTEMPTS : 1),
      min: (data['min'] as number | undefined) ?? (hasKeys || data['equals'] !== undefined ? 1 : digits),
      ...valid(context, path, data['valid'] as string | undefined),
      ...(data['equals'] === undefined ? {} : { equals: compileTemplate(context, [...path, 'equals'], data['equals'] as string) }),
      ...(data['save'] === undefined ? {} : { save: context.values.get(data['save'] as string) }),
      sensitive: data['sensitive'] === true,
      fileKeys: digits === 1 ? fileKeys(context, keys) : {},
      ...(written.on['any'] === undefined ? {} : { any: written.on['any'] }),
      ...(written.next === undefined ? {} : { next: written.next }),
      edges: {
        noinput: edge(written, ['noinput', 'failed'], !restricted),
        failed: edge(written, ['failed', 'noinput'], !restricted),
        nomatch: edge(written, ['nomatch', 'failed'], !restricted),
      },
    }
  },

  arrive: arriveIvr,
  report: reportIvr,
}

/** Whether a key of `on` is pressed, not a word. */
export function isDigitKey(key: string): boolean {
  return /^([0-9x]+|\*|#)$/.test(key)
}

function digitKeys(written: Written): { keys: Record<string, number>; patterns: { pattern: string; to: number }[]; longest: number } {
  const keys: Record<string, number> = {}
  const patterns: { pattern: string; to: number }[] = []
  let longest = 0
  for (const [key, to] of Object.entries(written.on)) {
    if (!isDigitKey(key)) continue
    longest = Math.max(longest, key.length)
    if (key.includes('x')) patterns.push({ pattern: key, to })
    else keys[key] = to
  }
  const wild = (pattern: string): number => pattern.split('x').length - 1
  patterns.sort((a, b) => wild(a.pattern) - wild(b.pattern))
  return { keys, patterns, longest }
}

/** The file's `keys`, but those that the state lists itself. */
function fileKeys(context: Context, own: Readonly<Record<string, number>>): Record<string, number> {
  const result: Record<string, number> = {}
  for (const [key, target] of Object.entries(context.document.data.keys ?? {})) {
    if (key !== 'note' && own[key] === undefined) result[key] = compileTarget(context, ['keys', key], target)
  }
  return result
}

/** One-digit keys that lead to another application: they go out as the carrier's own keys, so that it gets the digit. */
function handovers(context: Context, data: Readonly<Record<string, unknown>>): (readonly [string, string])[] {
  const on = data['on'] as Record<string, TargetData> | undefined
  const all = { ...context.document.data.keys, ...on }
  return Object.entries(all)
    .filter((entry): entry is [string, string] => /^[0-9]$/.test(entry[0]) && typeof entry[1] === 'string' && isAddress(entry[1]))
}

function valid(context: Context, path: Path, pattern: string | undefined): { valid?: string } {
  if (pattern === undefined) return {}
  const bad = regexProblem(pattern)
  if (bad === undefined) return { valid: pattern }
  tell(context, [...path, 'valid'], {
    code: 'bad-regex', message: `this regular expression is not understood: ${bad}`,
    effect: 'no caller would ever get past it', help: 'it is an RE2 expression over the whole input: no look-around, no back-references',
  })
  return {}
}
