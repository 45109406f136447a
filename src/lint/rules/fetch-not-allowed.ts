import { allowedAs } from '../../compile/allowed-hosts.ts'
import { placeOf } from '../../parse/tree.ts'
import type { Path } from '../../parse/tree.ts'
import type { Template } from '../../compile/flow.ts'
import type { Rule } from '../rule.ts'
import { postedTo } from '../sent-to.ts'

/** Other places that are listed with a problem. */
const MOST_RELATED = 5

export const fetchNotAllowed: Rule = {
  name: 'fetch-not-allowed',
  severity: 'warning',
  why: 'A server asks only the hosts that its operator has listed: every call would take `failed`.',
  valid: `
start: who
states:
  who: { fetch: "https://crm.example.com/customers?phone={{caller}}", on: { "404": bye, failed: bye }, next: bye }
  bye: { play: bye.mp3, next: end }
`,
  invalid: `
start: who
states:
  who: { fetch: "https://crm.example.org/customers?phone={{caller}}", on: { "404": bye, failed: bye }, next: bye }
  bye: { play: bye.mp3, next: end }
`,
  check({ flow, data, tree, tell }) {
    for (const { text, path } of postedTo(data)) {
      const url = fixedHost([/^[^{]*/.exec(text)?.[0] ?? '', ...(text.includes('{{') ? [''] : [])])
      if (url === undefined || allowedAs(flow.hosts, url) !== undefined) continue
      tell(path, {
        message: `${url.host} is not among the hosts that this server may post to`, effect: 'nothing would be sent',
        help: `list it: TONVAL_FETCH_HOSTS=${[...flow.hosts, url.host].join(',')}`,
      })
    }
    const asks = new Map<string, Path[]>()
    for (const state of flow.states) {
      const url = state.verb === 'fetch' ? fixedHost(state.address) : undefined
      if (url === undefined || allowedAs(flow.hosts, url) !== undefined) continue
      asks.set(url.host, [...(asks.get(url.host) ?? []), [...state.path, 'fetch']])
    }
    for (const [host, [first, ...more]] of asks) {
      tell(first as Path, {
        message: `${host} is not among the hosts that this server may ask`, effect: 'every call would take `failed`',
        help: `list it: TONVAL_FETCH_HOSTS=${[...flow.hosts, host].join(',')}`,
        ...(more.length === 0 ? {} : { related: more.slice(0, MOST_RELATED).map(path => ({ file: tree.file, span: placeOf(tree, path).value, message: 'it is asked here, too' })) }),
      })
    }
  },
}

/** The host of an address; undefined where a value decides about it. */
function fixedHost([first = '', ...more]: Template): URL | undefined {
  const begins = typeof first !== 'string' ? undefined : more.length === 0 ? first : /^https?:\/\/[^/?#]+(?=[/?#])/i.exec(first)?.[0]
  return begins !== undefined && URL.canParse(begins) ? new URL(begins) : undefined
}
