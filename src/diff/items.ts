/** What is sent, before and after: items that come and go, and what of the others is another, in words. */
import type { Outgoing, OutgoingInput, Pairs } from '../compile/outgoing.ts'
import type { Template, Test } from '../compile/flow.ts'
import { templateKey, testKey } from './exits.ts'
import { inWords } from './heard.ts'

/** One thing that differs. */
export interface ItemChange {
  readonly text: string
  readonly before?: string
  readonly after?: string
}

interface Part {
  readonly name: string
  /** Equal where nobody notices a difference. */
  readonly key: string
  /** Undefined where it is not told, because it may be a secret, or is long. */
  readonly words: string | undefined
}

/** Says which state an index stands for. */
type NameOf = (index: number) => string

const KINDS: Readonly<Record<Outgoing['kind'], readonly [one: string, name: string]>> = { sms: ['an', 'SMS'], email: ['an', 'e-mail'], post: ['a', 'POST'], call: ['a', 'call'] }
/** Characters of a text that are told. */
const MOST_TOLD = 80

/** A text that is equal for items that send the same, wherever they are written. */
export function itemsKey(items: readonly Outgoing[], nameOf: NameOf): string {
  return JSON.stringify(items.map(item => keyOf(item, nameOf)))
}

/** What differs between the items of one place, whatever their order. */
export function itemChanges(before: readonly Outgoing[], after: readonly Outgoing[], old: NameOf, now: NameOf): ItemChange[] {
  const left = [...before]
  const take = (isOne: (was: Outgoing) => boolean): Outgoing | undefined => {
    const at = left.findIndex(isOne)
    return at < 0 ? undefined : left.splice(at, 1)[0]
  }
  let rest: readonly Outgoing[] = after
  const pairs: (readonly [was: Outgoing, is: Outgoing])[] = []
  const pair = (alike: (was: Outgoing, is: Outgoing) => boolean): void => {
    rest = rest.filter(is => {
      const was = take(one => one.kind === is.kind && alike(one, is))
      if (was !== undefined) pairs.push([was, is])
      return was === undefined
    })
  }
  pair((was, is) => keyOf(was, old) === keyOf(is, now))
  pair((was, is) => toKey(was) === toKey(is))
  pair(() => true)
  return [
    ...rest.map(item => ({ text: `${oneOf(item)} is now sent`, after: oneOf(item) })),
    ...left.map(item => ({ text: `${theOne(item)} is no longer sent`, before: oneOf(item) })),
    ...pairs.flatMap(([was, is]) => partChanges(was, is, old, now)),
  ]
}

function partChanges(was: Outgoing, is: Outgoing, old: NameOf, now: NameOf): ItemChange[] {
  const [before, after] = [new Map(partsOf(was, old).map(part => [part.name, part])), new Map(partsOf(is, now).map(part => [part.name, part]))]
  const [, kind] = KINDS[is.kind]
  return [...new Set([...after.keys(), ...before.keys()])].flatMap((name): ItemChange[] => {
    const [x, y] = [before.get(name), after.get(name)]
    if (x?.key === y?.key) return []
    const told = { ...(x?.words === undefined ? {} : { before: x.words }), ...(y?.words === undefined ? {} : { after: y.words }) }
    return [{ text: `${name === 'to' || name === 'url' ? `the ${kind}` : theOne(is)} ${differs(name, x, y)}`, ...told }]
  })
}

function differs(name: string, was: Part | undefined, is: Part | undefined): string {
  const isTold = (was === undefined || was.words !== undefined) && (is === undefined || is.words !== undefined)
  switch (name) {
    case 'to': case 'url': return `now goes to ${is?.words ?? 'nobody'}, before: ${was?.words ?? 'nobody'}`
    case 'when': return is === undefined ? 'is now sent without a condition' : was === undefined ? 'is now sent only under a condition' : 'is now sent under another condition'
    case 'once_per': return `is now sent to the same recipient ${is?.words ?? 'each time'}, before: ${was?.words ?? 'each time'}`
    case 'attach': return is === undefined ? 'now comes without the recording' : 'now comes with the recording'
    case 'text': return isTold ? `now says ${is?.words ?? 'nothing'}, before: ${was?.words ?? 'nothing'}` : 'now says something else'
    default: return isTold ? `has \`${name}\` ${is?.words ?? 'none'} now, before: ${was?.words ?? 'none'}` : `has another \`${name}\``
  }
}

function partsOf(item: Outgoing, nameOf: NameOf): Part[] {
  const shared = [...whenPart(item.when, nameOf), ...(item.oncePer === undefined ? [] : [plain('once_per', item.oncePer.hours === 1 ? 'once in an hour' : `once in ${item.oncePer.hours} hours`)])]
  const attach = 'attach' in item && item.attach !== undefined ? [plain('attach', item.attach)] : []
  switch (item.kind) {
    case 'sms': return [...toParts(item), filled('from', item.from), text('text', item.text), ...shared]
    case 'email': return [...toParts(item), text('subject', item.subject), text('text', item.text), ...attach, ...shared]
    case 'post': {
      const { body } = item
      const [asked = '', ...query] = inWords(item.url).split('?')
      return [
        { name: 'url', key: asked, words: asked }, ...(query.length === 0 ? [] : [hidden('query', query)]), ...(item.headers.length === 0 ? [] : [hidden('headers', pairsKey(item.headers))]),
        hidden(body.kind, body.kind === 'form' ? pairsKey(body.pairs) : body.parts.map(part => (typeof part === 'string' ? part : templateKey(part.text)))), ...attach, ...shared,
      ]
    }
    case 'call': {
      const { unanswered } = item
      return [
        ...toParts(item), ...(item.from === undefined ? [] : [filled('from', item.from)]), plain('flow', item.runs), ...inputs('with', item.with),
        ...(item.after === undefined ? [] : [plain('after', `${item.after} s`)]), ...(item.timeout === undefined ? [] : [plain('timeout', `${item.timeout} s`)]),
        ...(unanswered === undefined ? [] : [plain('unanswered', unanswered.flow), ...inputs('unanswered.with', unanswered.with)]), ...shared,
      ]
    }
  }
}

function whenPart(when: Test | undefined, nameOf: NameOf): Part[] {
  return when === undefined ? [] : [{ name: 'when', key: testKey(when, nameOf), words: undefined }]
}

function toParts({ to }: { readonly to: readonly Template[] }): Part[] {
  return [{ name: 'to', key: JSON.stringify(to.map(templateKey).sort()), words: to.map(inWords).join(', ') }]
}

function inputs(name: string, given: readonly OutgoingInput[]): Part[] {
  return given.map(one => filled(`${name}.${one.name}`, 'text' in one ? one.text : one.address))
}

function plain(name: string, words: string): Part {
  return { name, key: words, words }
}

function filled(name: string, template: Template): Part {
  return { name, key: templateKey(template), words: inWords(template) }
}

function text(name: string, template: Template): Part {
  const words = inWords(template)
  return { name, key: templateKey(template), words: words.length > MOST_TOLD ? undefined : JSON.stringify(words) }
}

function hidden(name: string, what: unknown): Part {
  return { name, key: JSON.stringify(what), words: undefined }
}

function pairsKey(pairs: Pairs): unknown {
  return pairs.map(([name, one]) => [name, templateKey(one)])
}

function keyOf(item: Outgoing, nameOf: NameOf): string {
  return JSON.stringify([item.kind, partsOf(item, nameOf).map(({ name, key }) => [name, key])])
}

function toKey(item: Outgoing): string {
  return partsOf(item, String)[0]?.key ?? ''
}

function recipient(item: Outgoing): string {
  return partsOf(item, String)[0]?.words ?? ''
}

/** `an SMS to {{caller}}` */
function oneOf(item: Outgoing): string {
  return `${KINDS[item.kind].join(' ')} to ${recipient(item)}`
}

function theOne(item: Outgoing): string {
  return `the ${KINDS[item.kind][1]} to ${recipient(item)}`
}
