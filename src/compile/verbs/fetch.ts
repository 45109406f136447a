/** `fetch`: asks another program over HTTP while the caller waits. */
import type { StateData } from '../../validate/document.ts'
import type { Path } from '../../parse/tree.ts'
import { addressProblem } from '../address.ts'
import { textAt } from '../asking.ts'
import type { Answer, Ask } from '../asking.ts'
import { placeIn } from '../context.ts'
import type { Context } from '../context.ts'
import { compileWritten } from '../edges.ts'
import type { FetchState, Template } from '../flow.ts'
import { fillJson } from '../json-template.ts'
import type { Move, Turn, Verb } from '../verb.ts'
import { compileAddress, compileBody, compileEdges, compileHeaders, compilePairs, compilePath, WORDS } from './fetch-parts.ts'

/** Seconds that a caller waits for a reply where the state says nothing. */
const TIMEOUT = 2
const REDIRECTS = [301, 302, 303, 307, 308]

export const fetchVerb: Verb<FetchState> = {
  name: 'fetch',
  keys: ['method', 'headers', 'query', 'json', 'form', 'timeout', 'save', 'answer', 'on', 'next', 'note'],
  outcomes: WORDS,
  example: `
start: who
vars: { token: { env: CRM_TOKEN, default: "" } }
states:
  who:
    fetch: https://crm.example.com/customers
    headers: { Authorization: "Bearer {{token}}" }
    query: { phone: "{{caller}}" }
    save: { desk: customer.desk }
    answer: customer.tier
    on: { gold: ring, "404": sorry, failed: sorry }
    next: sorry
  ring: { connect: "{{desk}}", on: { failed: sorry } }
  sorry: { play: sorry.mp3, next: end }
`,

  compile(context, name, path, data) {
    const written = compileWritten(context, path, 'fetch', data)
    const answer = data['answer'] === undefined ? undefined : compilePath(context, [...path, 'answer'], data['answer'] as string)
    const body = compileBody(context, path, data)
    const save = Object.entries((data['save'] ?? {}) as Readonly<Record<string, string>>)
    return {
      name, path, verb: 'fetch', address: compileAddress(context, [...path, 'fetch'], data['fetch'] as string),
      method: (data['method'] as string | undefined) ?? (body === undefined ? 'GET' : 'POST'),
      headers: compileHeaders(context, [...path, 'headers'], data['headers']), query: compilePairs(context, [...path, 'query'], data['query']),
      ...(body === undefined ? {} : { body }), timeout: (data['timeout'] as number | undefined) ?? TIMEOUT,
      save: save.map(([key, text]) => ({ index: context.values.get(key) as number, path: compilePath(context, [...path, 'save', key], text) })),
      ...(answer === undefined ? {} : { answer }), ...compileEdges(context, path, written, answer !== undefined || isHalf(context, path, data)),
    }
  },

  arrive(turn, state) {
    const ask = askOf(turn, state)
    // what is no address for us is none in a scripted call either
    const answer = ask.address === '' ? { failed: 'bad-address' } : turn.ask(ask)
    return answer === undefined ? { ask } : follow(turn, state, answer)
  },
}

/** Whether something of the state could not be read: that may be its `answer`. */
function isHalf(context: Context, path: Path, data: StateData): boolean {
  const { node } = placeIn(context, path)
  return node.kind === 'map' && node.entries.some(({ key }) => data[key.text] === undefined)
}

/** Where an answer leads, once what the flow wants of it is kept. */
function follow(turn: Turn, state: FetchState, answer: Answer): Move {
  const { success, failed } = state.edges
  const fails = (reason: string): Move => ({ to: failed.to, why: 'failed', reason })
  if ('failed' in answer) return fails(answer.failed)
  const { status, body, json } = answer
  const isGood = status >= 200 && status <= 299
  if (isGood && reads(state) && body === 'other') return fails('no-json')
  if (isGood || body === 'json') {
    const texts = state.save.map(({ path }) => textAt(json, path))
    if (texts.includes(undefined)) return fails('object')
    state.save.forEach(({ index }, place) => turn.keep(index, texts[place] as string))
  }
  const exact = state.keys[String(status)]
  if (exact !== undefined) return { to: exact, why: String(status) }
  if (!isGood) return fails(`status-${status}`)
  const text = state.answer === undefined ? undefined : textAt(json, state.answer)
  const named = text !== undefined && Object.hasOwn(state.keys, text) ? state.keys[text] : undefined
  if (named !== undefined) return { to: named, why: text as string }
  return text === 'failed' ? fails('answer') : { to: success.to, why: 'success' }
}

function reads(state: FetchState): boolean {
  return state.save.length > 0 || state.answer !== undefined
}

function askOf(turn: Turn, state: FetchState): Ask {
  const fill = (template: Template): string => turn.fill(template)
  const { body } = state
  const headers: Record<string, string> = { accept: 'application/json' }
  if (body !== undefined) headers['content-type'] = body.kind === 'json' ? 'application/json' : 'application/x-www-form-urlencoded'
  for (const [name, text] of state.headers) headers[name] = asHeader(fill(text))
  return {
    state: state.name, method: state.method, address: filledAddress(state.address, state.query, fill), headers, timeout: state.timeout * 1000, key: turn.keyOf(`${state.name}.fetch`),
    ...(body === undefined ? {} : { body: body.kind === 'json' ? fillJson(body.parts, fill) : pairsOf(body.pairs, fill) }),
    takes: REDIRECTS.filter(status => state.keys[String(status)] !== undefined),
  }
}

/** The address with its values, or an empty text for what is none: a value that begins it is used as it is, one further on is encoded. */
export function filledAddress(template: Template, pairs: FetchState['query'], fill: (template: Template) => string): string {
  let text = ''
  for (const part of template) {
    const piece = typeof part === 'string' ? part : fill([part])
    text += typeof part === 'string' || text === '' ? piece : encodeURIComponent(piece.toWellFormed())
  }
  const [before = ''] = text.split('#')
  const query = pairsOf(pairs, fill)
  const address = query === '' ? before : `${before}${!before.includes('?') ? '?' : /[?&]$/.test(before) ? '' : '&'}${query}`
  // two dots would lead out of the path that the flow names, encoded or not
  const climbs = template.length > 1 && /\/(\.|%2e){1,2}(\/|$)/i.test(before.split('?')[0] ?? '')
  return climbs || addressProblem(address) !== undefined ? '' : address
}

function pairsOf(pairs: FetchState['query'], fill: (template: Template) => string): string {
  return pairs.map(([name, template]) => `${encodeURIComponent(name)}=${encodeURIComponent(fill(template).toWellFormed())}`).join('&')
}

/** What HTTP carries in a header: no line ends, and letters beyond ASCII as their bytes. */
export function asHeader(text: string): string {
  return Buffer.from(text.replace(/[\u0000-\u001f\u007f]/g, ' ').trim(), 'utf8').toString('latin1')
}
