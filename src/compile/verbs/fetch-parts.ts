/** The parts of a `fetch` as a file writes them, compiled; what is wrong in them is told. */
import type { StateData } from '../../validate/document.ts'
import { editDistance, nearest } from '../../validate/nearest.ts'
import { quoted } from '../../validate/words.ts'
import type { Path } from '../../parse/tree.ts'
import { addressProblem } from '../address.ts'
import { readReplyPath } from '../asking.ts'
import type { ReplyPath } from '../asking.ts'
import { alsoAt, placeIn, tell } from '../context.ts'
import type { Context } from '../context.ts'
import { edge } from '../edges.ts'
import type { Written } from '../edges.ts'
import type { FetchState, Template } from '../flow.ts'
import { checkKey, compileJson } from '../json-template.ts'
import { isAddress } from '../target.ts'
import { compileTemplate, fixedText } from '../template.ts'

export const WORDS = ['success', 'failed'] as const
/** Headers that belong to the connection, or say who is asked: a flow writes none of them. */
const NOT_OURS = /^(host|connection|content-length|transfer-encoding|te|trailer|upgrade|expect|keep-alive|proxy-.*)$/i

type Texts = Readonly<Record<string, string>>

export function compileAddress(context: Context, path: Path, text: string): Template {
  const template = compileTemplate(context, path, text)
  const fixed = fixedText(template)
  const begins = template[0]
  if (template.length === 0 || (typeof begins !== 'string')) return template
  const wrong = !isAddress(begins) ? 'it must begin with https://' : fixed === undefined ? undefined : addressProblem(fixed)
  if (wrong !== undefined) tell(context, path, { code: 'bad-value', message: `this address cannot be asked: ${wrong}`, effect: 'every call would take `failed`' })
  return template
}

export function compileHeaders(context: Context, path: Path, data: unknown): FetchState['headers'] {
  return Object.entries((data ?? {}) as Texts).map(([name, text]) => {
    const wrong = !/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(name) ? 'is no name of a header' : NOT_OURS.test(name) ? 'is a header that belongs to the connection' : undefined
    if (wrong !== undefined) tell(context, [...path, name], { code: 'bad-value', message: `\`${name}\` ${wrong}`, help: 'write headers such as Authorization or X-Api-Key' }, 'key')
    return [name.toLowerCase(), compileTemplate(context, [...path, name], text)]
  })
}

export function compilePairs(context: Context, path: Path, data: unknown): FetchState['query'] {
  return Object.entries((data ?? {}) as Texts).map(([name, text]) => {
    checkKey(context, [...path, name], name)
    return [name, compileTemplate(context, [...path, name], text)]
  })
}

export function compileBody(context: Context, path: Path, data: StateData): FetchState['body'] {
  const [kind, other] = (['json', 'form'] as const).filter(key => data[key] !== undefined)
  if (kind === undefined) return undefined
  if (other !== undefined) {
    tell(context, [...path, other], { code: 'field-not-here', message: '`json` and `form` are both the body of the question, and it has one', label: 'this would never be sent', help: 'keep one of them', related: [alsoAt(context, [...path, kind], 'the other one is here')] }, 'key')
  } else if (data['method'] === 'GET') {
    tell(context, [...path, kind], { code: 'field-not-here', message: `a GET has no body, so \`${kind}\` cannot be sent`, label: 'this would never be read', help: 'write it under `query`, or choose another `method`' }, 'key')
  }
  return kind === 'json' ? { kind, parts: compileJson(context, [...path, kind], data[kind]) } : { kind, pairs: compilePairs(context, [...path, kind], data[kind]) }
}

export function compilePath(context: Context, path: Path, text: string): ReplyPath {
  const steps = readReplyPath(text)
  if (steps !== undefined) return steps
  tell(context, path, { code: 'bad-value', message: `\`${text}\` is no place in a reply`, help: 'write names and positions in lists with dots between, as in customer.phones.0' })
  return []
}

/** Where a `fetch` leads: its keys, which are status codes and texts of the reply, and the words of the language. */
export function compileEdges(context: Context, path: Path, written: Written, hasAnswer: boolean): Pick<FetchState, 'keys' | 'edges'> {
  const edges = { success: edge(written, ['success'], true), failed: edge(written, ['failed'], false) }
  const keys = Object.fromEntries(Object.entries(written.on).filter(([key]) => !(WORDS as readonly string[]).includes(key)))
  const texts = Object.keys(keys).filter(key => !/^[1-5][0-9]{2}$/.test(key))
  if (hasAnswer) tellMisspelt(context, path, texts, WORDS.filter(word => edges[word].word === undefined))
  else tellTexts(context, path, texts, WORDS.filter(word => written.on[word] === undefined))
  return { keys, edges }
}

/** Any text may be one of the reply: only where a word of the language is missing, one that is nearly that was meant as it. */
function tellMisspelt(context: Context, path: Path, texts: readonly string[], missing: readonly string[]): void {
  for (const word of missing) {
    const key = texts.find(text => (word === 'failed' ? nearest(text, [word]) !== undefined : editDistance(text.toLowerCase(), word) <= 2))
    if (key !== undefined) tellKey(context, path, key, `\`${key}\` stands where \`${word}\` is missing`, word)
  }
}

/** Without `answer` no text of the reply is looked at. */
function tellTexts(context: Context, path: Path, texts: readonly string[], unused: readonly string[]): void {
  const others = texts.filter(key => {
    const word = nearest(key, unused)
    if (word !== undefined) tellKey(context, path, key, `\`${key}\` is no outcome of this \`fetch\``, word)
    return word === undefined
  })
  const [first, ...more] = others
  if (first === undefined) return
  tell(context, [...path, 'on', first], {
    code: 'impossible-outcome', message: `${quoted(others)} ${more.length === 0 ? 'is no outcome' : 'are no outcomes'} of this \`fetch\``, label: 'nobody would ever come this way',
    help: 'the outcomes are status codes such as 404, `success` and `failed`; a text of the reply is one where `answer` says where in the reply it stands',
    ...(more.length === 0 ? {} : { related: more.map(key => alsoAt(context, [...path, 'on', key], 'nor this way')) }),
  }, 'key')
}

function tellKey(context: Context, path: Path, key: string, message: string, word: string): void {
  const span = placeIn(context, [...path, 'on', key]).key
  tell(context, [...path, 'on', key], {
    code: 'impossible-outcome', message, label: 'nobody would ever come this way', help: `did you mean \`${word}\`?`,
    ...(span === undefined ? {} : { fix: { safe: false, edits: [{ span, text: word }] } }),
  }, 'key')
}
